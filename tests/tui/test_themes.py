"""Themes: ours, the one that was remembered, and no color at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.color import Color
from textual.theme import Theme

from tests.cards.states import large_number
from tests.clients.recordings import record_euros
from tests.known import known
from tests.tui.session import Session, make_app, running
from usage_tui.cards.typeset.digits import SEGMENTS
from usage_tui.clients.recording.client import RecordingClient
from usage_tui.config import paths
from usage_tui.config.remembered import remember_theme, remembered_theme
from usage_tui.tui import themes
from usage_tui.tui.screens.grants import GrantsTable


def colors(ui: Session) -> set[str]:
    """Every color on the screen as it goes to the terminal."""
    _, ground = ui.app.screen.background_colors
    found = set()
    for strip in ui.app.screen._compositor.render_strips():
        for line_filter in ui.app._filters:
            strip = strip.apply_filter(line_filter, ground)  # noqa: PLW2901 - one filter after the other
        styles = [segment.style for segment in strip if segment.style is not None]
        found |= {color.name for style in styles for color in (style.color, style.bgcolor) if color}
    return found


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG: 1 for equal colors, 21 for black on white."""

    def luminance(name: str) -> float:
        parts = [part / 255 for part in Color.parse(name).rgb]
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", themes.OURS, ids=lambda theme: theme.name)
def test_every_text_of_our_themes_can_be_read(theme: Theme) -> None:
    texts = [
        theme.foreground,
        theme.primary,
        theme.secondary,
        theme.accent,
        theme.warning,
        theme.error,
        theme.success,
        theme.variables["text-muted"],
    ]
    grounds = [theme.background, theme.surface, theme.variables["block-cursor-background"]]
    for text in texts:
        for ground in grounds:
            assert contrast(known(text), known(ground)) >= 4.5, (text, ground)


async def test_without_a_choice_the_dark_theme_of_ours_is_shown() -> None:
    async with running(make_app(theme=None)) as ui:
        assert ui.app.theme == "usage-dark"


@pytest.mark.parametrize("theme", ["usage-light", "nord", "ansi-dark", "ansi-light"])
async def test_the_theme_that_is_set_is_shown(theme: str) -> None:
    async with running(make_app(theme=theme)) as ui:
        assert ui.app.theme == theme


async def test_a_theme_that_is_gone_falls_back_to_ours() -> None:
    async with running(make_app(theme="of-another-version")) as ui:
        assert ui.app.theme == "usage-dark"


async def test_a_start_remembers_nothing() -> None:
    async with running(make_app(theme="usage-light")):
        pass
    assert not paths.state_file().exists()


async def test_every_theme_shows_the_same_text() -> None:
    async with running(make_app()) as ui:
        text = ui.text
        for theme in ui.app.available_themes:
            ui.app.theme = theme
            await ui.settle()
            assert ui.text == text, theme


async def test_a_new_theme_reaches_every_line() -> None:
    app = make_app()
    async with running(app) as ui:
        dark = colors(ui)
        assert len(dark) > 5
        app.theme = "usage-light"
        await ui.settle()
        assert not dark & colors(ui)


async def test_the_row_under_the_cursor_can_be_read_in_every_theme() -> None:
    async with running(make_app()) as ui:
        await ui.press("3", "down")
        table = ui.focused(GrantsTable)
        for theme in set(themes.NAMES) - {"ansi-dark", "ansi-light"}:
            ui.app.theme = theme
            await ui.settle()
            for part in table.render_line(known(table.cursor_line)):
                style = known(part.style)
                if part.text.strip():
                    assert contrast(known(style.color).name, known(style.bgcolor).name) >= 2, (theme, part)


async def test_a_new_theme_reaches_the_screens_that_were_out_of_sight() -> None:
    async with running(make_app(theme="usage-light")) as light:
        await light.press("2")
        expected = colors(light)
    for seen in "2 1", "v escape", "":
        async with running(make_app(theme="usage-dark")) as ui:
            await ui.press(*seen.split())
            ui.app.theme = "usage-light"
            await ui.settle()
            await ui.press("2")
            assert colors(ui) == expected, seen


async def test_no_color_wins_over_a_remembered_theme(monkeypatch: pytest.MonkeyPatch) -> None:
    remember_theme(paths.state_file(), "usage-light")
    monkeypatch.setenv("NO_COLOR", "1")
    async with running(make_app(theme=remembered_theme(paths.state_file()))) as ui:
        assert ui.app.theme == "ansi-dark"
        assert colors(ui) <= {"default"}


async def test_without_color_no_screen_has_any(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with running(make_app()) as ui:
        for keys in "1", "2", "3", "v", "escape question_mark", "escape ctrl+p":
            await ui.press(*keys.split())
            assert colors(ui) <= {"default"}, keys


async def test_without_color_another_theme_brings_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with running(make_app()) as ui:
        ui.app.theme = "usage-light"
        await ui.settle()
        assert colors(ui) <= {"default"}


async def test_an_empty_no_color_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "")
    async with running(make_app()) as ui:
        assert ui.app.theme == "usage-dark"


async def test_without_color_included_and_purchased_differ_in_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with running(make_app()) as ui:
        assert "━━ Included" in ui.text
        assert "┅┅ Purchased" in ui.text


async def test_without_color_the_cursor_row_is_reversed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with running(make_app()) as ui:
        await ui.press("3", "down")
        table = ui.focused(GrantsTable)
        rows = [table.render_line(y) for y in range(table.size.height)]
        reversed_rows = [
            y for y, strip in enumerate(rows) if any(part.style and part.style.reverse for part in strip)
        ]
        assert reversed_rows == [table.cursor_line]


async def test_ascii_draws_nothing_else() -> None:
    async with running(make_app(ascii=True)) as ui:
        for keys in (
            (),
            ("tab", "tab", "tab"),
            ("2",),
            ("3",),
            ("4",),
            ("i", "c", "u", "t", "enter"),
            ("escape", "v"),
            ("escape", "question_mark"),
            ("escape", "ctrl+p"),
            ("escape", "t"),
        ):
            await ui.press(*keys)
            assert [line for line in ui.lines if not line.isascii()] == []


async def test_ascii_draws_a_currency_as_its_code(tmp_path: Path) -> None:
    client = await RecordingClient.open(await record_euros(tmp_path))
    async with running(make_app(client, ascii=True)) as ui:
        number = ui.shown("#balance").split("\n")[1:4]
        assert large_number(number, SEGMENTS) == "217.47"
        assert " EUR" in number[-1]
        for keys in (("2",), ("3",), ("1", "v"), ("escape", "ctrl+p", *"chat")):
            await ui.press(*keys)
            assert [line for line in ui.lines if not line.isascii()] == []
            assert " EUR" in ui.text


@pytest.mark.parametrize("theme", themes.SIXTEEN_COLORS, ids=lambda theme: theme.name)
def test_in_sixteen_colors_green_is_never_the_focus_and_no_two_meanings_share_a_color(theme: Theme) -> None:
    meanings = [theme.primary, theme.secondary, theme.accent, theme.success, theme.warning, theme.error]
    assert len(set(meanings)) == len(meanings)
    assert theme.success == "ansi_green"


def test_on_black_no_bar_is_in_classic_blue() -> None:
    dark = themes.SIXTEEN_COLORS[0]
    assert dark.dark
    assert "ansi_blue" not in {dark.primary, dark.secondary, dark.accent}


async def test_the_themes_of_sixteen_colors_are_those_that_are_shown() -> None:
    for theme in themes.SIXTEEN_COLORS:
        async with running(make_app(theme=theme.name)) as ui:
            assert ui.app.current_theme == theme
