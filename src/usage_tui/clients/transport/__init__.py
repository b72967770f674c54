"""HTTP for every client: connections, retries, limits, and errors in words for a person.

The only package that imports httpx; every failure leaves it as a `ClientError`.
"""
