"""The Usage API, served from one database.

A request goes through `api` to the `service`, which asks `access` who it is from, and `reading` or `booking`
for the answer. `storage` keeps the data. `admin` and `serving` are the commands.
"""
