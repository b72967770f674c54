"""The first line: whose data, seen by whom, from where, on which clocks, of when."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.cards.states import area, demo, put, text_of
from usage_tui.cards.header import HeaderView, draw, header_view
from usage_tui.cards.typeset.lines import width
from usage_tui.state.reducers import initial


def drawn(cells: int, scenario: str = "acme", active: str = "usage", **options: Any) -> str:
    return text_of(draw(header_view(demo(scenario)), active, area(cells, **options)))


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        (
            120,
            " Acme   1 Usage   2 History   3 Grants   4 Runway"
            "                    Owner   demo   New York time   as of Nov 22, 15:30 ",
        ),
        (90, " Acme   1 Usage   2 History   3 Grants   4 Runway      Owner · demo · Nov 22, 15:30 "),
        (80, " Acme   1 Usage   2 History   3 Grants   4 Runway  Owner · demo · Nov 22, 15:30 "),
        (70, " Acme  1 Usage 2 3 4   Owner · demo · New York · Nov 22, 15:30 "),
        (60, " Acme  1 Usage 2 3 4   Owner · demo · Nov 22, 15:30 "),
        (50, " Acme  1 Usage 2 3 4   Owner · Nov 22, 15:30 "),
        (40, " Acme  1 Usage 2 3 4        Nov 22, 15:30 "),
    ],
)
def test_what_does_not_fit_goes_in_order(cells: int, text: str) -> None:
    shown = drawn(cells)
    assert " ".join(shown.split()) == " ".join(text.split())
    assert len(shown) == cells


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        (
            120,
            " Acme  o switch   1 Usage   2 History   3 Grants   4 Runway"
            "          Owner   demo   New York time   as of Nov 22, 15:30 ",
        ),
        (80, " Acme o switch  1 Usage 2 3 4   Owner · demo · New York · Nov 22, 15:30 "),
    ],
)
def test_with_several_organizations_the_first_line_says_how_to_switch(cells: int, text: str) -> None:
    shown = drawn(cells, "organizations")
    assert " ".join(shown.split()) == " ".join(text.split())
    assert len(shown) == cells


@pytest.mark.parametrize("cells", range(40, 121))
def test_at_every_width_the_first_line_says_how_to_switch(cells: int) -> None:
    shown = drawn(cells, "organizations")
    assert shown.startswith(" Acme")
    assert "o switch" in shown
    assert len(shown) == cells


@pytest.mark.parametrize("scenario", ["acme", "member", "loading"])
def test_with_one_organization_there_is_nothing_to_switch(scenario: str) -> None:
    assert "switch" not in drawn(120, scenario)


def test_plain_text_has_no_key_to_switch() -> None:
    assert "switch" not in drawn(120, "organizations", interactive=False)


def test_the_screen_that_is_shown_has_its_name_underlined_and_its_key_colored() -> None:
    spans = draw(header_view(demo()), "history", area(120))
    assert [span.text for span in spans if span.tone == "tab"] == ["History"]
    assert [span.text for span in spans if span.tone == "key"] == ["2"]
    assert [span.command for span in spans if span.command] == [
        "usage",
        "history",
        "history",
        "grants",
        "runway",
    ]


def test_the_id_is_told_where_another_organization_has_the_same_name() -> None:
    state = demo("organizations")
    assert state.me.value
    acme, beta = state.me.value.organizations
    twins = replace(state.me.value, organizations=(acme, replace(beta, name="ACME")))
    assert header_view(state).organization == "Acme"
    assert header_view(put(state, me=twins)).organization == f"Acme ({acme.id})"


def test_keys_are_those_that_were_set() -> None:
    assert "F2 History" in drawn(120, keys={"history": "f2"})


def test_plain_text_has_no_keys() -> None:
    assert drawn(80, interactive=False).split("   ")[0].strip() == "Acme"
    assert "1 Usage" not in drawn(80, interactive=False)


def test_in_ascii_the_points_between_are_ascii() -> None:
    assert "Owner . demo . Nov 22" in drawn(80, glyphs="ascii")


def test_a_long_name_is_cut_with_a_sign() -> None:
    view = header_view(demo())._replace(organization="The Very Long Name of an Organization That Has One")
    for cells in range(40, 200):
        line = draw(view, "usage", area(cells))
        assert width(line) == cells
        assert "…" in text_of(line) or cells >= 110


def test_before_anything_is_known_the_program_names_itself_and_the_origin() -> None:
    assert header_view(initial("usage.example", {})) == HeaderView(
        "usage-tui", False, "", "usage.example", "", "", ""
    )


def test_a_zone_without_a_place_is_named_as_it_is() -> None:
    summary = demo().summary.value
    assert summary is not None
    state = put(demo(), summary=replace(summary, org=replace(summary.org, time_zone="UTC")))
    view = header_view(state)
    assert (view.zone, view.place, view.as_of) == ("UTC", "UTC", "Nov 22, 20:30")


def test_a_role_nobody_knows_is_named_in_its_own_word() -> None:
    me = demo().me.value
    assert me is not None
    membership = replace(me.organizations[0], role="finance_lead")
    assert header_view(put(demo(), me=replace(me, organizations=(membership,)))).role == "Finance lead"
