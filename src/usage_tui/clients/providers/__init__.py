"""Accounts of vendors: one module for each vendor, and what they share.

A vendor's module declares its `Provider` and answers two questions, who the account is and what each source
cost on each day. `client` makes every reply of a `UsageClient` of that. No vendor's module knows another.
"""
