"""The program around the screens: where keys lead, what is loaded, what a command does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.worker import WorkerFailed

from tests.tui.clients import Scripted, demo
from tests.tui.session import NORMAL, Session, make_app, running
from usage_tui.clients.base import InvalidRecording, ServiceFailed, Withheld
from usage_tui.clients.demo.scenarios.access import member
from usage_tui.clients.demo.scenarios.acme import acme
from usage_tui.models import Links, Summary
from usage_tui.tui import links
from usage_tui.tui.screens.allowance import AllowanceDialog
from usage_tui.tui.screens.dashboard import Dashboard
from usage_tui.tui.screens.grants import GrantsScreen
from usage_tui.tui.screens.history import HistoryScreen
from usage_tui.tui.screens.link import LinkDialog

SSH = "192.0.2.7 50022 192.0.2.1 22"
ACME = acme().statement
MEMBER = member().statement


def linking_to(url: str | None) -> Scripted:
    """Acme, whose credits are bought at this address."""
    return Scripted(summary=replace(ACME.summary, links=Links(buy_credits=url)))


def paints(ui: Session, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Everything that is written to the terminal from now on."""
    painted: list[object] = []
    monkeypatch.setattr(ui.app, "_display", lambda screen, renderable: painted.append(renderable))
    return painted


# Screens


async def test_one_two_and_three_lead_to_the_three_screens() -> None:
    async with running(make_app()) as ui:
        for key, screen in (("2", HistoryScreen), ("3", GrantsScreen), ("1", Dashboard)):
            await ui.press(key)
            assert isinstance(ui.app.screen, screen)


async def test_the_key_of_the_screen_that_is_shown_is_greyed_out() -> None:
    async with running(make_app()) as ui:
        for key, action in (("1", "usage"), ("2", "history"), ("3", "grants")):
            await ui.press(key)
            assert ui.app.check_action(action, ()) is None


@pytest.mark.parametrize("key", ["2", "3"])
async def test_escape_leads_back_to_the_dashboard(key: str) -> None:
    async with running(make_app()) as ui:
        await ui.press(key, "escape")
        assert isinstance(ui.app.screen, Dashboard)


async def test_escape_on_the_dashboard_changes_nothing_and_does_not_quit() -> None:
    async with running(make_app()) as ui:
        before = ui.text
        await ui.press("escape", "escape")
        assert ui.text == before
        assert ui.app.is_running


async def test_escape_closes_a_dialog_and_leads_to_the_screen_below() -> None:
    async with running(make_app()) as ui:
        await ui.press("3", "v")
        assert isinstance(ui.app.screen, AllowanceDialog)
        await ui.press("escape")
        assert isinstance(ui.app.screen, GrantsScreen)


@pytest.mark.parametrize("screen", ["1", "2", "3"])
async def test_q_quits_from_every_screen(screen: str) -> None:
    app = make_app()
    async with running(app) as ui:
        await ui.press(screen)
        await ui.pilot.press("q")
    assert app.return_code == 0
    assert app.return_value is None


@pytest.mark.parametrize("opened", ["1", "v", "question_mark", "ctrl+p"])
async def test_control_q_quits_from_everywhere(opened: str) -> None:
    app = make_app()
    async with running(app) as ui:
        await ui.press(opened)
        await ui.pilot.press("ctrl+q")
    assert app.return_code == 0


async def test_control_c_says_how_to_quit_in_the_last_line_and_nowhere_else() -> None:
    async with running(make_app(keys={"quit": "f10"})) as ui:
        above = ui.lines[:-1]
        await ui.press("ctrl+c")
        assert ui.footer == "Press F10 to quit."
        assert ui.lines[:-1] == above
        assert not list(ui.app._notifications)


# What is said


async def test_a_note_stays_until_the_next_key() -> None:
    async with running(make_app()) as ui:
        keys = ui.footer
        await ui.press("y")
        assert ui.footer.startswith("Sent to ")
        await ui.press("tab")
        assert ui.footer == keys


async def test_the_hint_is_one_quiet_line_below_the_first() -> None:
    async with running(make_app(hint="Demo data. Open your own.")) as ui:
        assert ui.lines[1].strip() == "Demo data. Open your own."


async def test_the_hint_gives_way_where_rows_are_few() -> None:
    async with running(make_app(hint="Demo data. Open your own."), NORMAL) as ui:
        assert "Open your own" not in ui.text


# Refresh


async def test_a_refresh_without_change_asks_for_everything_but_changes_and_paints_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = demo()
    async with running(make_app(client)) as ui:
        before, state = ui.text, ui.app.state
        client.asked.clear()
        painted = paints(ui, monkeypatch)
        await ui.press("r")
        assert client.asked == [
            "refresh",
            "me",
            "summary",
            "sources",
            "daily",
            "events",
            "grants",
            "allowances",
            "periods",
            "days",
            "source_days",
        ]
        assert not painted
        assert ui.text == before
        for name in ("summary", "sources", "daily", "recent", "grants", "allowances"):
            assert getattr(ui.app.state, name).value is getattr(state, name).value


@pytest.mark.parametrize("screen", ["2", "3"])
async def test_a_refresh_without_change_paints_nothing_on_the_other_screens(
    screen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(make_app()) as ui:
        await ui.press(screen, "down")
        painted = paints(ui, monkeypatch)
        await ui.press("r")
        assert not painted


async def test_a_refresh_shows_what_has_changed() -> None:
    client = Scripted()
    async with running(make_app(client)) as ui:
        client.replies["summary"] = replace(ACME.summary, org=replace(ACME.summary.org, name="Ohmega"))
        await ui.press("r")
        assert ui.lines[0].startswith(" Ohmega ")


@pytest.mark.parametrize("opened", [(), ("question_mark",), ("ctrl+p",)])
async def test_redraw_paints_every_cell_whatever_is_open(
    opened: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(make_app()) as ui:
        await ui.press(*opened)
        painted = paints(ui, monkeypatch)
        await ui.press("ctrl+l")
        assert painted


# Links


@pytest.mark.parametrize(
    ("key", "title", "url"),
    [
        ("b", "Buy credits", "https://billing.example/buy"),
        ("a", "Auto-recharge", "https://billing.example/auto"),
    ],
)
async def test_over_ssh_a_link_is_shown_whole_and_sent_to_the_clipboard(
    key: str, title: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_CONNECTION", SSH)
    monkeypatch.setenv("DISPLAY", ":0")
    async with running(make_app(), NORMAL) as ui:
        await ui.press(key)
        assert isinstance(ui.app.screen, LinkDialog)
        assert title in ui.text
        assert url in ui.text
        assert ui.app.clipboard == url


async def test_where_there_is_a_browser_a_link_opens_there(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def open_there(url: str) -> bool:
        opened.append(url)
        return True

    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(links, "_open", open_there)
    async with running(make_app()) as ui:
        await ui.press("b")
        assert opened == ["https://billing.example/buy"]
        assert ui.footer == "Billing is open in your browser: https://billing.example/buy"
        assert isinstance(ui.app.screen, Dashboard)


@pytest.mark.parametrize(
    "url",
    [
        "http://billing.example/buy",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://billing.example/ --flag",
        "https://billing.example/\N{REPLACEMENT CHARACTER}[31m",
    ],
)
async def test_an_address_that_is_not_plainly_https_is_refused(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_CONNECTION", SSH)
    async with running(make_app(linking_to(url))) as ui:
        await ui.press("b")
        assert ui.footer == "The link was not opened because it is not HTTPS."
        assert isinstance(ui.app.screen, Dashboard)
        assert not ui.app.clipboard


async def test_a_link_without_an_address_says_so() -> None:
    async with running(make_app(linking_to(None))) as ui:
        await ui.press("b")
        assert ui.footer == "The service did not provide a link to this part of Billing."


@pytest.mark.parametrize("key", ["a", "b"])
async def test_links_are_for_those_who_may_pay(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSH_CONNECTION", SSH)
    async with running(make_app("member")) as ui:
        before = ui.text
        assert "Buy credits" not in before
        assert "Auto-recharge" not in before
        assert key not in ui.app.screen.active_bindings
        await ui.press(key)
        assert ui.text == before


# Who may see what


async def test_what_the_viewer_may_not_see_is_never_asked_for() -> None:
    client = demo("member")
    async with running(make_app(client)) as ui:
        await ui.press("2", "r", "n", "3", "r", "1", "tab", "tab", "tab", "enter", "r")
        assert "summary" in client.asked
        assert not {"events", "grants"} & set(client.asked)


async def test_access_that_is_lost_takes_away_what_was_shown() -> None:
    client, denied = Scripted(), Withheld("An owner or a billing admin can see this.")
    async with running(make_app(client)) as ui:
        await ui.press("2")
        assert "maria@acme.example" in ui.text
        client.replies = {"me": MEMBER.me, "summary": MEMBER.summary, "events": denied, "grants": denied}
        await ui.press("r")
        assert "maria@acme.example" not in ui.text
        assert "An owner or a billing admin can see this." in ui.text
        assert ui.app.state.events.value is None
        await ui.press("1")
        assert "maria@acme.example" not in ui.text
        assert "Team plan, November" not in ui.text


async def test_access_that_is_gained_shows_what_was_withheld() -> None:
    client = Scripted(me=MEMBER.me, summary=MEMBER.summary)
    async with running(make_app(client)) as ui:
        await ui.press("2")
        assert "maria@acme.example" not in ui.text
        client.replies.clear()
        await ui.press("r")
        assert "maria@acme.example" in ui.text
        await ui.press("1")
        assert "Team plan, November" in ui.shown("#grants")


# Failures


async def test_a_failed_refresh_keeps_the_numbers_and_says_of_when_they_are() -> None:
    async with running(make_app("stale")) as ui:
        before = ui.text
        await ui.press("r")
        assert (
            "! Not refreshed  Showing data from Nov 22, 15:30. The usage service does not answer" in ui.text
        )
        assert "r try again" in ui.line("Not refreshed")
        for number in ("3,759.50", "6,250.25", "2,810.25", "1,404.50", "50.125", "1,250.25"):
            assert before.count(number) == ui.text.count(number)


async def test_a_card_that_failed_says_why_and_leaves_the_others_alone() -> None:
    async with running(make_app("failed")) as ui:
        card = ui.shown("#ranking")
        assert "! could not load" in card
        assert "This card could not be loaded." in card
        assert "The server answered 503, database busy." in card
        assert "req_8f3a1c" in card
        assert "r try again" in card
        assert ui.text.count("could not load") == card.count("could not load")
        assert "3,759.50" in ui.shown("#balance")
        assert "50.125" in ui.shown("#recent")


async def test_a_card_that_failed_is_loaded_by_trying_again() -> None:
    client = Scripted(sources=ServiceFailed("The server answered 503."))
    async with running(make_app(client)) as ui:
        assert "The server answered 503." in ui.shown("#ranking")
        client.replies.clear()
        await ui.press("r")
        assert "2,810.25" in ui.shown("#ranking")


async def test_a_slice_that_is_not_offered_says_so_and_is_not_asked_for() -> None:
    client = demo("not-offered")
    async with running(make_app(client)) as ui:
        assert "Not offered by demo: credit grants, allowances" in ui.text
        await ui.press("3", "r", "v")
        assert not {"grants", "allowances"} & set(client.asked)


async def test_a_fault_found_in_the_background_is_announced_until_it_is_mended() -> None:
    faults = [InvalidRecording("The days add up to 12 credits less than the sources.")]

    class Faulty(Scripted):
        async def check(self) -> None:
            if faults:
                raise faults[0]

    async with running(make_app(Faulty())) as ui:
        assert "! Check  The days add up to 12 credits less than the sources." in ui.text
        faults.clear()
        await ui.press("r")
        assert "Check" not in ui.text


# Bugs


class Broken(Scripted):
    """A client with a bug, and with something in a variable that nobody may see."""

    async def summary(self) -> Summary:
        token = "sk-live-" + "0123456789abcdef"
        raise RuntimeError(f"no error of a client, {len(token)}")


async def test_an_error_that_is_no_clients_ends_the_program() -> None:
    app = make_app(Broken())
    with pytest.raises(WorkerFailed, match="no error of a client"):
        async with running(app):
            pass
    assert app.return_code == 1


async def test_a_traceback_shows_where_but_no_values(capsys: pytest.CaptureFixture[str]) -> None:
    app = make_app(Broken())
    with pytest.raises(WorkerFailed):
        async with running(app):
            pass
    app._print_error_renderables()
    printed = capsys.readouterr().err
    assert "RuntimeError: no error of a client, 24" in printed
    assert "test_app.py" in printed
    assert "sk-live" not in printed.replace('token = "sk-live-" + "0123456789abcdef"', "")
    assert "0123456789abcdef'" not in printed
