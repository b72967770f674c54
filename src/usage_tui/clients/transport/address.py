"""The address of a service, the certificates to trust, and whether a proxy is on the way."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from usage_tui.clients.base import ClientError
from usage_tui.hosts import is_loopback

_PORTS = {"https": 443, "http": 80}


class Address(NamedTuple):
    """The address of a service, checked.

    Attributes:
        text: The whole of it, as it was given.
        scheme: ``https``, or ``http``.
        host: The name of the machine, or its number without brackets.
        port: The port; the default one of the scheme if none was given.
        origin: The service as the screen names it: host, and the port unless it is the default one.
    """

    text: str
    scheme: str
    host: str
    port: int
    origin: str


def service_address(text: str, *, allow_plain_http: bool) -> Address:
    """The address of the service. No message repeats it: it may contain a secret.

    Args:
        text: Such as ``https://usage.example.com``; a path is a prefix.
        allow_plain_http: Whether the token may be sent to other machines unencrypted.

    Raises:
        ClientError: It cannot be used.
    """
    try:
        url = urlsplit(text if text.isprintable() and " " not in text else "")
        host = (url.hostname or "").encode("idna").decode("ascii")
        given_port = url.port
    except ValueError:
        url, host, given_port = urlsplit(""), "", None
    if url.scheme not in _PORTS or not host:
        raise ClientError(
            "The address of the service is not an https:// address.",
            advice="Use one such as https://usage.example.com.",
        )
    if "@" in url.netloc or url.query or url.fragment:
        raise ClientError(
            "The address of the service has more than a host, port and path.",
            advice="Remove user, password, ? and #: they would be shown.",
        )
    if url.scheme == "http" and not allow_plain_http and not is_loopback(host):
        raise ClientError(
            f"http:// would send the token to {host} unencrypted.", advice=f"Use https://{host}."
        )
    name = f"[{host}]" if ":" in host else host
    usual_port = _PORTS[url.scheme]
    port = usual_port if given_port is None else given_port
    return Address(text, url.scheme, host, port, name if port == usual_port else f"{name}:{port}")


def uses_env_proxy(address: Address) -> bool:
    """Whether a proxy of the environment may be used; never for this computer, whose traffic stays local."""
    return address.scheme == "https" or not is_loopback(address.host)


def uses_proxy(address: Address) -> bool:
    """Whether the environment sets a proxy for the service."""
    from urllib.request import getproxies, proxy_bypass  # 7 ms, and only for the words of a failure

    named = getproxies()
    return (
        uses_env_proxy(address)
        and (address.scheme in named or "all" in named)
        and not proxy_bypass(address.host)
    )


def trusted(address: Address, ca_file: Path | None) -> ssl.SSLContext | bool:
    """The certificates to trust, as httpx takes them.

    Args:
        address: Where the service is.
        ca_file: The certificates, in PEM, to trust in place of the default ones.

    Raises:
        ClientError: The file cannot be used.
    """
    if ca_file is None:
        # Plain HTTP to this computer needs no certificates, and the default ones take long to read.
        return True if uses_env_proxy(address) else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        reason = "it has no certificates in PEM" if isinstance(error, ssl.SSLError) else error.strerror
        raise ClientError(
            f"The certificates in {ca_file} cannot be used: {reason}.", advice="Correct ca_file."
        ) from None
