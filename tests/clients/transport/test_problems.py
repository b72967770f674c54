"""What an answer other than success means, in words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from usage_tui.clients.base import (
    ClientError,
    CursorExpired,
    InvalidReply,
    NotFound,
    RateLimited,
    ServiceFailed,
    Unauthenticated,
    Withheld,
)
from usage_tui.clients.transport.problems import Problem, failure, retry_after
from usage_tui.clients.transport.token import BearerToken
from usage_tui.clients.usage_api_problems import usage_api_dialect

HOST = "usage.example"


def failed(status: int, headers: dict[str, str] | None = None, **members: object) -> ClientError:
    """As a Usage API says it."""
    return failure(HOST, status, headers or {}, json.dumps(members).encode(), dialect=usage_api_dialect)


@pytest.mark.parametrize(
    ("status", "members", "error", "message"),
    [
        (401, {"code": "unauthenticated"}, Unauthenticated, "usage.example does not accept the token."),
        (401, {"code": "token_expired"}, Unauthenticated, "The token for usage.example has expired."),
        (401, {}, Unauthenticated, "usage.example does not accept the token."),
        (
            403,
            {"code": "billing_access_required"},
            Withheld,
            "An owner or a billing admin can see this.",
        ),
        (403, {"code": "scope_missing"}, Withheld, "This token may not read usage."),
        (403, {}, ClientError, "usage.example refused the request (403 Forbidden)."),
        (
            404,
            {"code": "not_found"},
            NotFound,
            "usage.example has no such organization, or not for this token.",
        ),
        (404, {}, NotFound, "usage.example has no Usage API at this address."),
        (410, {"code": "cursor_expired"}, CursorExpired, "That page has expired."),
        (400, {"code": "invalid_cursor"}, CursorExpired, "That page has expired."),
        (
            400,
            {
                "code": "invalid_parameter",
                "detail": "One parameter is wrong.",
                "invalid_parameters": [{"name": "limit", "reason": "at least 1"}],
            },
            ClientError,
            "usage.example refused the request (400 invalid_parameter): "
            "One parameter is wrong; limit: at least 1.",
        ),
        (418, {}, ClientError, "usage.example refused the request (418 I'm a Teapot)."),
        (429, {"code": "quota_exceeded"}, RateLimited, "usage.example is limiting requests."),
        (
            500,
            {"title": "Internal Server Error"},
            ServiceFailed,
            "usage.example failed (500 Internal Server Error): Internal Server Error.",
        ),
        (503, {"code": "database_busy"}, ServiceFailed, "usage.example failed (503 database_busy)."),
        (599, {}, ServiceFailed, "usage.example failed (599)."),
        (
            204,
            {},
            InvalidReply,
            "usage.example sent an unexpected answer (204 No Content).",
        ),
        (
            304,
            {},
            InvalidReply,
            "usage.example sent an unexpected answer (304 Not Modified).",
        ),
    ],
)
def test_status_and_code_decide_class_and_words(
    status: int, members: dict[str, Any], error: type[ClientError], message: str
) -> None:
    problem = failed(status, **members)
    assert type(problem) is error
    assert problem.message == message


def test_lost_billing_access_names_the_role() -> None:
    problem = failed(403, code="billing_access_required", your_role="admin")
    assert problem.advice == "Your role, admin, has no billing access."


def test_the_request_id_is_kept() -> None:
    assert failed(500, request_id="req_7").request_id == "req_7"
    assert failed(500).request_id is None


@pytest.mark.parametrize(
    ("location", "named"),
    [
        ("https://login.example/sso?state=s3cret", "https://login.example"),
        ("http://user:s3cret@login.example:8080/", "http://login.example:8080"),
        ("//login.example/sso", "https://login.example"),
        ("/elsewhere?s3cret", "another path"),
    ],
)
def test_a_redirect_is_named_without_what_it_may_hide(location: str, named: str) -> None:
    problem = failed(307, {"Location": location})
    assert type(problem) is InvalidReply
    assert problem.message == f"{HOST} redirects to {named}; redirects are not followed."
    assert "s3cret" not in repr(problem.args) + problem.advice


@pytest.mark.parametrize("location", [None, "", "http://[half", "http://host:port/"])
def test_a_redirect_to_nowhere_is_an_unexpected_answer(location: str | None) -> None:
    problem = failed(302, {} if location is None else {"Location": location})
    assert problem.message == f"{HOST} sent an unexpected answer (302 Found)."


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Bad gateway</html>",
        b"\xff\xfe\x00",
        b'{"code": "data',
        b"[]",
        b"null",
        b"[" * 200_000,
        b"1" * 5000,
        b'{"code": 7, "detail": [], "request_id": {}, "your_role": null, "invalid_parameters": 1}',
        b'{"invalid_parameters": [7, {}, {"name": 1}]}',
    ],
    ids=lambda body: body[:12],
)
def test_a_body_that_is_no_problem_document_is_survived(body: bytes) -> None:
    problem = failure(HOST, 502, {}, body)
    assert type(problem) is ServiceFailed
    assert problem.message == "usage.example failed (502 Bad Gateway)."
    assert problem.request_id is None


def test_the_service_s_text_is_short_clean_and_one_line() -> None:
    problem = failed(
        500,
        code="x" * 9_999,
        detail="Line one\n\tline two \x1b]52;c;aGk=\x07" + "y" * 9_999,
        request_id="\x1b[2J" + "z" * 9_999,
        invalid_parameters=[{"name": "n" * 9_999, "reason": "r" * 9_999}] * 1_000,
    )
    shown = f"{problem.message}{problem.advice}{problem.request_id}"
    assert "Line one line two" in problem.message
    assert shown.isprintable()
    assert len(shown) < 1_600


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "30"}, 30.0),
        ({"Retry-After": " 0 "}, 0.0),
        ({"Retry-After": "-1"}, None),
        ({"Retry-After": "9" * 400}, None),
        ({"Retry-After": "²"}, None),
        ({"Retry-After": "soon"}, None),
        (
            {"Retry-After": "Sun, 22 Nov 2026 20:32:00 GMT", "Date": "Sun, 22 Nov 2026 20:30:30 GMT"},
            90.0,
        ),
        ({"Retry-After": "Sun, 22 Nov 2026 20:00:00 GMT", "Date": "Sun, 22 Nov 2026 20:30:30 GMT"}, 0.0),
        ({"Retry-After": "Sun, 22 Nov 2026 20:32:00 GMT"}, None),
        ({"Retry-After": "Sun, 22 Nov 99999999999 20:32:00 GMT"}, None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


def test_a_wait_is_carried_and_told() -> None:
    problem = failed(429, {"Retry-After": "1"})
    assert (problem.retry_after, problem.advice) == (1.0, "Try again in 1 second.")
    problem = failed(503, {"Retry-After": "30"})
    assert (problem.retry_after, problem.advice) == (30.0, "Try again in 30 seconds.")
    assert failed(500).advice == "Try again later."


def test_a_problem_document_is_read() -> None:
    members = {"code": "not_found", "title": "Not found", "detail": "No such page", "request_id": "req_1"}
    assert Problem.parse(json.dumps(members).encode()) == Problem(
        code="not_found", detail="No such page", request_id="req_1"
    )


KEY = "sk-proj-Zk3vQ9rT7wLx2mNb8cYd5eHj1gFs4aPu"


@pytest.mark.parametrize(
    ("body", "code", "detail"),
    [
        (
            {"error": {"message": "Bad key", "type": "invalid_request_error", "code": None}},
            "invalid_request_error",
            "Bad key",
        ),
        ({"error": {"code": "budget_exceeded", "message": "Over budget"}}, "budget_exceeded", "Over budget"),
        ({"message": "Not Found", "documentation_url": "https://docs.example"}, "", "Not Found"),
        ({"error": "no such team"}, "", "no such team"),
        ({"detail": [{"msg": "field required"}]}, "", ""),
    ],
)
def test_what_vendors_send_in_place_of_a_problem_document_is_read(
    body: dict[str, Any], code: str, detail: str
) -> None:
    problem = Problem.parse(json.dumps(body).encode())
    assert (problem.code, problem.detail) == (code, detail)


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (401, "vendor.example does not accept the token: You must be an admin."),
        (403, "vendor.example refused the request (403 Forbidden): You must be an admin."),
        (404, "vendor.example found nothing at this address (404 Not Found): You must be an admin."),
        (410, "vendor.example refused the request (410 Gone): You must be an admin."),
        (429, "vendor.example is limiting requests: You must be an admin."),
    ],
)
def test_at_any_other_service_the_status_and_its_own_words_decide(status: int, message: str) -> None:
    body = json.dumps({"error": {"message": "You must be an admin."}}).encode()
    assert failure("vendor.example", status, {}, body).message == message


@pytest.mark.parametrize(
    "text",
    [
        f"Incorrect API key provided: {KEY}.",
        f"Incorrect API key provided: {KEY[:8]}{'*' * 20}{KEY[-4:]}.",
        f"Incorrect API key provided: {KEY[:11]}...{KEY[-4:]}",
        f"key …{KEY[-4:]} is disabled",
        f"unknown key Bearer({KEY[9:25]})",
        f"not sk-ant-admin01-{'x' * 30} but another",
    ],
)
def test_a_vendor_s_words_never_show_a_part_of_a_key(text: str) -> None:
    body = json.dumps({"error": {"message": text, "code": f"bad_{KEY}"}}).encode()
    error = failure("vendor.example", 400, {"X-Request-Id": KEY}, body, hide=BearerToken(KEY).hide)
    shown = error.full_text
    assert "***" in shown
    assert "key" in shown or "another" in shown
    parts = [KEY[at : at + 4] for at in range(8, len(KEY) - 3)]
    assert not [part for part in (*parts, "sk-ant") if part in shown]


def test_words_that_only_resemble_a_key_stay() -> None:
    text = "You must be an admin; see https://platform.example/account/api-keys since 2025-01-01."
    assert BearerToken("sk-admin-Zk3vQ9rT7wLx2mNb").hide(text) == text
