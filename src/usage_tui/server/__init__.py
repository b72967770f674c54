"""The Usage API, served from one database.

A request goes through `api` to the `service`. `auth` says who sent it; `replies` answers reads, and
`ledger_writer` makes changes. `db` stores the data. `serving` runs the service.
"""
