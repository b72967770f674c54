"""What answers other than success mean at a Usage API, where they mean more there than anywhere."""

from __future__ import annotations

from usage_tui.clients.base import CursorExpired, NotFound, Unauthenticated, Withheld
from usage_tui.clients.transport.problems import Meaning, Problem, sentence


def usage_api_dialect(origin: str, status: int, problem: Problem) -> Meaning | None:
    """The meaning of an answer by the codes of the contract; None if its status says it all."""
    match status, problem.code:
        case 401, "token_expired":
            return Meaning(
                Unauthenticated, f"The token for {origin} has expired.", "Start again with a new one."
            )
        case 401, _:
            message = f"{origin} does not accept the token."
            return Meaning(Unauthenticated, message, "Check the token, or ask for a new one.")
        case 403, "scope_missing":
            return Meaning(
                Withheld, "This token may not read usage.", "Use a token that belongs to a person."
            )
        case 403, "billing_access_required":
            role = f"Your role, {problem.your_role}, has no billing access." if problem.your_role else ""
            return Meaning(Withheld, "An owner or a billing admin can see this.", role)
        case (410, _) | (400, "invalid_cursor"):
            return Meaning(CursorExpired, "That page has expired.", "Start over at the first page.")
        case 404, "not_found":
            message = sentence(f"{origin} has no such organization, or not for this token", problem)
            return Meaning(NotFound, message, "Check the organization's id and the token.")
        case 404, _:
            message = f"{origin} has no Usage API at this address."
            return Meaning(NotFound, message, "Check the address, its path too.")
    return None
