"""One sentence about how files were read, and the notices that belong on the first line of a dashboard."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from usage_tui.importing.amounts import EXACT
from usage_tui.importing.encoding import WINDOWS
from usage_tui.importing.plan import TABLE
from usage_tui.importing.reading import FileReading, Reading
from usage_tui.models import Notice
from usage_tui.text.amounts import is_money, symbol
from usage_tui.text.words import count_noun, plural


def read_as(reading: Reading, unit: str) -> str:
    """How the files were read: ``Read as OpenAI costs: 1,204 rows, UTC days, USD, $2,344.12.``."""
    sentences = [_file_sentence(file, unit, several=len(reading.files) > 1) for file in reading.files]
    if any(file.tally.finer for file in reading.files):
        sentences.append(
            "Amounts finer than a millionth are rounded together, so that their total is rounded once."
        )
    if reading.repeated:
        rows = count_noun(reading.repeated, "row")
        sentences.append(f"{rows} that came again {_were(reading.repeated)} counted once.")
    if reading.replaced:
        sums = count_noun(reading.replaced, "sum")
        sentences.append(
            f"{sums} of a day that was not over {_were(reading.replaced)} replaced by the later file."
        )
    return " ".join(sentences)


def seller(reading: Reading) -> str:
    """The vendor of all files; empty if there are several, or if it is not known."""
    sellers = {file.plan.format.seller if file.plan.is_known else "" for file in reading.files}
    return sellers.pop() if len(sellers) == 1 else ""


def _file_sentence(file: FileReading, unit: str, *, several: bool) -> str:
    tally, plan = file.tally, file.plan
    title = plan.format.title if plan.is_known else f"a {TABLE} ({_columns(file)})"
    place = f"{file.name} read" if several else "Read"
    if tally.grants and not tally.rows:
        return f"{place} as {title}: {count_noun(tally.grants, 'grant')}, {unit or 'unknown unit'}."
    total = exact_text(tally.total, unit)
    named = [] if unit and unit in total else [unit or "unknown unit"]
    parts = [count_noun(tally.rows, "row"), *_times(file), *named, total]
    return " ".join([f"{place} as {title}: {', '.join(parts)}.", *_remarks(file, unit)])


def _columns(file: FileReading) -> str:
    source = "label" if file.plan.column("label") else "source_id"
    named = {"time": "occurred_at", "amount": "credits", "source": source, "person": "actor"}
    found = ((word, file.plan.column(field)) for word, field in named.items())
    return ", ".join(f"{word}={column}" for word, column in found if column)


def _times(file: FileReading) -> Iterator[str]:
    times, zone = file.times, file.times.zone.key
    if times.days_read and not times.times_read:
        yield "UTC days" if file.plan.is_known and file.plan.format.in_utc else "days"
    elif times.naive_read:
        yield f"{zone} times"
    elif times.times_read:
        yield "times with their zone"


def _remarks(file: FileReading, unit: str) -> Iterator[str]:
    """What else there is to say, a sentence each."""
    tally = file.tally
    if file.plan.table.encoding == WINDOWS:
        yield "Its text is taken for Windows-1252."
    if tally.adjustments:
        what = f"{count_noun(tally.adjustments, 'adjustment')} ({exact_text(tally.adjusted, unit)})"
        yield f"{what} {_give(tally.adjustments)} something back."
    for what, (count, total) in tally.no_use.items():
        rows = f"{count_noun(count, 'row')} of {what} ({exact_text(total, unit)})"
        yield f"{rows} {_is(count)} not usage and {_is(count)} left out."
    if tally.filtered:
        yield f"--only left out {count_noun(tally.filtered, 'row')}."
    if tally.totals:
        yield "A line with their total is left out."


def exact_text(amount: Decimal, unit: str) -> str:
    """An amount with all its digits, such as ``$2,344.12`` or ``11.166667 credits``."""
    normal = amount.normalize(EXACT)
    exponent = normal.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    if is_money(unit):
        places = max(places, 2)
    digits = f"{normal.copy_abs():,.{places}f}"
    sign = "-" if normal < 0 else ""
    if is_money(unit):
        return f"{sign}{symbol(unit)}{digits}" if symbol(unit) else f"{sign}{digits} {unit}"
    return f"{sign}{digits} {plural(normal, unit)}" if unit else f"{sign}{digits}"


def skipped_notice(count: int, name: str) -> Notice:
    """That bad lines were left out."""
    lines = count_noun(count, "bad line")
    return Notice(
        code="lines_left_out", text=f"{lines} of {name} {_were(count)} left out; the numbers lack them."
    )


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _give(count: int) -> str:
    return "gives" if count == 1 else "give"
