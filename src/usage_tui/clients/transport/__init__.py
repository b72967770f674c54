"""HTTP for every client: connection, retries, limits, and failures in words for a person.

The only package that imports httpx; every failure leaves it as a `ClientError`.
"""
