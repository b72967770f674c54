"""Why no answer came, in words for a person, and whether to try again."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

import httpx

from usage_tui.clients.base import ClientError, InvalidReply, Unreachable
from usage_tui.clients.transport.address import Address, uses_proxy

_NOT_YET_VALID, _EXPIRED = 9, 10
_UNTRUSTED = frozenset({18, 19, 20, 21})
_OTHER_HOST = frozenset({62, 64})
"""OpenSSL's numbers for faults of a certificate; Python has no names for them."""


def no_answer(address: Address, error: Exception) -> ClientError:
    """The error that a request without an answer stands for.

    Args:
        address: Where the service is.
        error: What httpx, TLS or the system said.
    """
    origin = address.origin
    match error:
        case httpx.ProxyError():
            return Unreachable(
                f"The proxy refused the connection to {origin}.", advice="Check the proxy and its password."
            )
        case httpx.RemoteProtocolError():
            return Unreachable(f"The reply from {origin} broke off, or is not HTTP.")
        case httpx.DecodingError():
            return InvalidReply(f"The reply from {origin} cannot be decompressed.")
        case httpx.ConnectTimeout():
            return _proxy_away(address) or Unreachable(
                f"{origin} did not accept the connection in time.",
                advice="Check the address and the network.",
            )
        case httpx.TimeoutException() | TimeoutError():
            return Unreachable(f"{origin} took too long to answer.", advice="Try again later.")
    return _no_connection(address, error)


def is_retryable(error: Exception) -> bool:
    """Whether the same request may succeed a moment later."""
    if isinstance(error, (httpx.ProxyError, httpx.UnsupportedProtocol, httpx.DecodingError)):
        return False
    # TLS that was cut off is a broken line; any other complaint of TLS will be made again.
    return all(
        isinstance(cause, ssl.SSLEOFError) for cause in _causes(error) if isinstance(cause, ssl.SSLError)
    )


def _no_connection(address: Address, error: Exception) -> ClientError:
    """Why the connection broke, or could not be made."""
    origin = address.origin
    for cause in _causes(error):
        match cause:
            case ssl.SSLCertVerificationError():
                return _not_trusted(origin, cause)
            case ssl.SSLError():
                reason = (cause.reason or "TLS failed").replace("_", " ").lower()
                return Unreachable(
                    f"No secure connection to {origin}: {reason}.", advice="Check that it serves https."
                )
            case socket.gaierror():
                return _proxy_away(address) or Unreachable(
                    f"The name {address.host} was not found.", advice="Check its spelling and the network."
                )
            case ConnectionRefusedError():
                return _proxy_away(address) or Unreachable(
                    f"{origin} refused the connection.",
                    advice="Check the port and the service.",
                )
    return Unreachable(f"The connection to {origin} failed.", advice="Check the network.")


def _proxy_away(address: Address) -> ClientError | None:
    """The error of a connection to a proxy; None if there is none."""
    if not uses_proxy(address):
        return None
    return Unreachable(
        f"The proxy for {address.origin} cannot be reached.",
        advice="Check the proxy variables of the environment and the network.",
    )


def _not_trusted(origin: str, error: ssl.SSLCertVerificationError) -> ClientError:
    match error.verify_code:
        case code if code == _NOT_YET_VALID:
            message, advice = "is not valid yet.", "Check this machine's clock: it may be behind."
        case code if code == _EXPIRED:
            message, advice = "has expired.", "Check this machine's clock, or ask the operator to renew it."
        case code if code in _OTHER_HOST:
            message, advice = "is for another host.", "Check the address."
        case code if code in _UNTRUSTED:
            message = "is not signed by a trusted authority."
            advice = "If it is your organization's own, set ca_file to its certificates."
        case _:
            message, advice = f"is not trusted: {error.verify_message}.", ""
    return Unreachable(f"The certificate of {origin} {message}", advice=advice)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and all its causes, outermost first."""
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for part in error.exceptions:
                yield from _causes(part)
        error = error.__cause__ or error.__context__
