"""The display in any Textual app: everything that Textual can show, beside what its own display shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rich.console import Console, ConsoleOptions, RenderResult
from textual import _compositor
from textual.app import App, ComposeResult
from textual.events import Resize
from textual.geometry import Size
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.widgets import Footer, Input, Label, ListItem, ListView, LoadingIndicator, Static

from tests.tui.session import settled
from tests.tui.witness import Witness, witness_frames
from usage_tui.tui.display import compositor
from usage_tui.tui.display.app import CellDiffApp

SIZE = 60, 16


class Question(ModalScreen[None]):
    """A dialog that lets what is below shine through."""

    DEFAULT_CSS = "Question { align: center middle; background: black 40%; }"

    def compose(self) -> ComposeResult:
        yield Label(" Are you sure? 日本 ")


class Zoo(CellDiffApp[None]):
    """One of each: wide characters, a link, an input, a list, and room for what comes later."""

    CSS = "Input { height: 3; } ListView { height: 3; } #text:hover { background: red; }"
    BINDINGS = [("f2", "ask", "Ask")]  # noqa: RUF012 - as Textual declares it

    def compose(self) -> ComposeResult:
        yield Static("wide 日本語 and e\u0301, [bold]bold[/], [reverse u]both[/], [dim s]gone[/]", id="text")
        yield Static("[link='https://one.example']one[/] [link='https://two.example']two[/]", id="links")
        yield Input("some text", id="input")
        yield ListView(*(ListItem(Label(f"row {number}")) for number in range(9)))
        yield Footer()

    def on_mount(self) -> None:
        self.animation_level = "none"
        self.query_one(Input).cursor_blink = False

    def action_ask(self) -> None:
        self.push_screen(Question())


@pytest.fixture
def witness(monkeypatch: pytest.MonkeyPatch) -> Witness:
    return witness_frames(monkeypatch, SIZE)


async def steps(app: App[Any], witness: Witness, *keys: str) -> None:
    """Start the app and press the keys, and compare both terminals after each of them."""
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        witness.check()
        for key in keys:
            await pilot.press(key)
            await settled(pilot)
            witness.check()


def shown_by_ours(witness: Witness) -> int:
    """The bytes of the last frame."""
    return len(witness.sent[-1][1])


async def test_text_lists_and_the_cursor_of_an_input_are_where_they_belong(witness: Witness) -> None:
    await steps(
        Zoo(), witness, "a", "日", "left", "left", "backspace", "home", "end", "tab", "down", "down", "up"
    )
    assert "some text" not in witness.ours.text
    assert "日" in witness.ours.text


async def test_the_cursor_of_an_input_rests_in_it(witness: Witness) -> None:
    async with Zoo().run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("home", "right", "right")
        await settled(pilot)
        assert pilot.app.query_one(Input).cursor_screen_offset == (
            witness.ours.screen.cursor.x,
            witness.ours.screen.cursor.y,
        )


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light", "ansi-dark"])
@pytest.mark.parametrize("colors", ["truecolor", "256", "standard"])
@pytest.mark.parametrize("erases_in_color", [True, False])
async def test_dialogs_and_the_palette_come_and_go(
    theme: str, colors: str, erases_in_color: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    witness = witness_frames(monkeypatch, SIZE, colors=colors, erases_in_color=erases_in_color)
    app = Zoo()
    app.theme = theme
    await steps(app, witness, "f2", "ctrl+p", "t", "down", "escape")


@pytest.mark.parametrize("ansi_color", [None, True])
async def test_without_color_too(ansi_color: bool | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    await steps(Zoo(ansi_color=ansi_color), witness_frames(monkeypatch, SIZE), "tab", "down", "f2")


async def test_notifications_come_and_go(witness: Witness) -> None:
    async with Zoo().run_test(size=SIZE, notifications=True) as pilot:
        pilot.app.notify("done 🙂 now")
        await settled(pilot)
        witness.check()
        assert "done 🙂" in witness.ours.text
        pilot.app.clear_notifications()
        await settled(pilot)
        witness.check()
        assert "done 🙂" not in witness.ours.text


async def test_the_mouse_hovers_and_selects(witness: Witness) -> None:
    async with Zoo().run_test(size=SIZE) as pilot:
        await settled(pilot)
        for move in (pilot.hover, pilot.mouse_down, pilot.hover, pilot.mouse_up):
            await move("#text", offset=(8, 0))
            await settled(pilot)
            witness.check()
        await pilot.mouse_down("#text", offset=(2, 0))
        await pilot.hover("#links", offset=(4, 0))
        await settled(pilot)
        witness.check()


async def test_links_are_the_terminals_own(witness: Witness) -> None:
    await steps(Zoo(), witness)
    first = b"".join(ours for _, ours in witness.sent).decode()
    opened = [part.partition("\x1b\\")[0].partition(";")[2] for part in first.split("\x1b]8;")[1:]]
    assert opened == ["https://one.example", "https://two.example", ""]


async def test_the_size_changes_and_changes_back(witness: Witness) -> None:
    async with Zoo().run_test(size=SIZE) as pilot:
        for size in ((30, 9), (70, 20), SIZE):
            witness.resize(*size)
            await pilot.resize_terminal(*size)
            await settled(pilot)
            witness.check()


# What is sent, and what not


async def test_an_update_that_changes_nothing_sends_nothing(witness: Witness) -> None:
    async with Zoo().run_test(size=SIZE) as pilot:
        await settled(pilot)
        frames = len(witness.sent)
        pilot.app.screen.refresh()
        await settled(pilot)
        assert len(witness.sent) > frames
        assert shown_by_ours(witness) == 0
        app = pilot.app
        assert isinstance(app, Zoo)
        traffic = app.traffic
        assert traffic is not None
        assert traffic.size == sum(len(ours) for _, ours in witness.sent)
        assert traffic.frames == sum(bool(ours) for _, ours in witness.sent)


async def test_nothing_is_sent_before_all_of_the_screen_and_that_only_once(witness: Witness) -> None:
    await steps(Zoo(), witness, "f2", "escape")
    first, *others = [ours for _, ours in witness.sent if ours]
    assert b"\x1b[H\x1b[J" in first
    assert not any(b"\x1b[H\x1b[J" in ours for ours in others)


async def test_synchronized_output_goes_around_a_frame_and_never_around_nothing(witness: Witness) -> None:
    async with Zoo().run_test(size=SIZE) as pilot:
        await settled(pilot)
        pilot.app._sync_available = True
        pilot.app.screen.refresh()
        await settled(pilot)
        assert shown_by_ours(witness) == 0
        await pilot.press("a")
        await settled(pilot)
        sent = next(ours for _, ours in reversed(witness.sent) if ours)
        assert sent.startswith(b"\x1b[?2026h")
        assert sent.endswith(b"\x1b[?2026l")


async def garbled(pilot: Pilot[None], witness: Witness) -> None:
    """Another program writes all over the screen."""
    await settled(pilot)
    witness.ours.feed(b"\x1b[2J\x1b[5;5Hwall: going down\x1b[7;1H")
    with pytest.raises(AssertionError):
        witness.check()


async def test_a_repaint_mends_what_another_program_wrote(witness: Witness) -> None:
    app = Zoo()
    async with app.run_test(size=SIZE) as pilot:
        await garbled(pilot, witness)
        app.repaint()
        await settled(pilot)
        witness.check()


@pytest.mark.parametrize(
    ("pixels", "size", "repaints"),
    [(None, SIZE, True), (Size(600, 320), SIZE, False), (Size(300, 320), (30, 16), True)],
)
async def test_a_terminal_that_tells_its_size_again_was_in_other_hands_unless_it_reports_it_by_itself(
    pixels: Size | None, size: tuple[int, int], repaints: bool, witness: Witness
) -> None:
    async with Zoo().run_test(size=SIZE) as pilot:
        await garbled(pilot, witness)
        before = len(witness.sent)
        witness.resize(*size)
        pilot.app.post_message(Resize(Size(*size), Size(*size), pixel_size=pixels))
        await settled(pilot)
        assert any(ours for _, ours in witness.sent[before:]) is repaints
        if repaints:
            witness.check()


async def test_a_part_of_a_screen_of_which_nothing_is_known_brings_all_of_it(witness: Witness) -> None:
    app = Zoo()
    async with app.run_test(size=SIZE) as pilot:
        await garbled(pilot, witness)
        assert app._cells is not None
        app._cells.forget()
        await pilot.press("a")
        await settled(pilot)
        witness.check()


class UnknownUpdate(_compositor.CompositorUpdate):
    """An update as a later Textual might make it."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from ()

    def render_segments(self, console: Console) -> str:
        return "\x1b[Hsomething else"


async def test_an_update_of_an_unknown_kind_is_left_to_textual_and_all_is_painted_after_it(
    witness: Witness,
) -> None:
    app = Zoo()
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        app._display(app.screen, UnknownUpdate())
        assert "something else" in witness.ours.text
        await pilot.press("a")
        await settled(pilot)
        assert "something else" not in witness.ours.text


async def test_an_update_that_is_held_is_shown_with_the_next(witness: Witness) -> None:
    app = Zoo()
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        display, (columns, rows) = compositor.CellDisplay(), SIZE
        display.hold(app.screen._compositor.render_full_update())
        nothing = _compositor.ChopsUpdate([{0: None}] * rows, [(0, 0, 1)], [[columns]] * rows)
        display.hold(nothing)
        text = display.encode(app.console, (0, 0))
        assert text is not None
        assert "some text" in text
        display.hold(nothing)
        assert display.encode(app.console, (0, 0)) == ""


# With Textual's own display


async def sent_by(app: App[Any], witness: Witness) -> tuple[bytes, bytes]:
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
    return b"".join(stock for stock, _ in witness.sent), b"".join(ours for _, ours in witness.sent)


async def test_the_display_can_be_left_to_textual(witness: Witness) -> None:
    app = Zoo(stock_display=True)
    stock, sent = await sent_by(app, witness)
    assert sent == stock
    assert app.traffic is None


def test_this_release_of_textual_has_what_the_display_stands_on() -> None:
    assert compositor.is_known()
    assert Zoo().traffic is not None


@pytest.mark.parametrize("part", compositor._PRIVATE, ids=lambda part: part.__qualname__)
def test_where_textual_has_changed_the_display_is_left_to_it(
    part: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = lambda *_, **__: None  # noqa: E731
    changed = {other if one is part else one: names for one, names in compositor._PRIVATE.items()}
    monkeypatch.setattr(compositor, "_PRIVATE", changed)
    assert Zoo().traffic is None


async def test_an_indicator_that_moves_is_shown_at_every_step(witness: Witness) -> None:
    class Busy(CellDiffApp[None]):
        def compose(self) -> ComposeResult:
            yield LoadingIndicator()

    async with Busy().run_test(size=SIZE) as pilot:
        while len(witness.sent) < 5:
            await pilot.pause(0.02)
            witness.check()
