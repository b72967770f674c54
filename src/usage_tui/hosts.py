"""Names and numbers of computers."""

from __future__ import annotations

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Whether a host, by name or number, is this computer, where no other one can reach it."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
