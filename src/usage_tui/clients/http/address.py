"""Where the service is, whom to trust there, and which way leads to it."""

from __future__ import annotations

import ssl
from ipaddress import ip_address
from pathlib import Path
from urllib.request import getproxies, proxy_bypass

import httpx

from usage_tui.clients.base import ClientError


def service_url(text: str, *, allow_plain_http: bool) -> httpx.URL:
    """The address of the service, checked. No message repeats it: it may hold a secret.

    Args:
        text: Such as ``https://usage.example.com``; a path is a prefix.
        allow_plain_http: Whether the token may go to other machines unencrypted.

    Raises:
        ClientError: It cannot be used.
    """
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL:
        url = httpx.URL()
    if url.scheme not in {"https", "http"} or not url.host:
        raise ClientError(
            "The address of the service is no https:// address.",
            advice="It looks like https://usage.example.com.",
        )
    if url.userinfo or url.query or url.fragment:
        raise ClientError(
            "The address of the service holds more than host, port and path.",
            advice="Leave out user, password, ? and #: they would be shown.",
        )
    if url.scheme == "http" and not allow_plain_http and not _is_loopback(url.host):
        raise ClientError(
            f"http:// would send the token to {url.host} unencrypted.", advice=f"Use https://{url.host}."
        )
    return url


def origin_of(url: httpx.URL) -> str:
    """The service as the screen names it: host, and port where it is not the usual one."""
    return url.netloc.decode("ascii")


def heeds_environment(url: httpx.URL) -> bool:
    """Whether the environment's proxy may be on the way; it would read what this machine keeps to itself."""
    return url.scheme == "https" or not _is_loopback(url.host)


def uses_proxy(url: httpx.URL) -> bool:
    """Whether the environment names a proxy for the way to the service."""
    named = getproxies()
    return heeds_environment(url) and (url.scheme in named or "all" in named) and not proxy_bypass(url.host)


def trusted(ca_file: Path | None) -> ssl.SSLContext | bool:
    """Whom to trust, as httpx takes it.

    Args:
        ca_file: The certificates, in PEM, of those whom to trust in place of the usual ones.

    Raises:
        ClientError: The file cannot be used.
    """
    if ca_file is None:
        return True
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        reason = "it holds no certificates in PEM" if isinstance(error, ssl.SSLError) else error.strerror
        raise ClientError(
            f"The certificates in {ca_file} cannot be used: {reason}.", advice="Correct ca_file."
        ) from None


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
