"""``python -m bench``: how fast, how quiet and how small the program is, beside its goals.

It takes some minutes, and more the first time, when it installs what it compares with. Times differ from
machine to machine and from run to run; ratios hardly do.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench import actions, cache, ccusage, comparison, line, memory, network, service, ssh, start
from bench.recordings import write_demo, write_long_history
from bench.report import Measurement, as_json, as_table

_PARTS = ("screen", "commands", "service", "programs")


def main() -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser("python -m bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON in the place of a table")
    parser.add_argument("--only", choices=_PARTS, help="measure no more than this")
    parser.add_argument(
        "--largest",
        action="store_true",
        help=f"the service with {service.LARGEST:,} events too: half an hour",
    )
    parser.add_argument("--no-peers", action="store_true", help="install and run no other programs")
    options = parser.parse_args()
    parts = (options.only,) if options.only else _PARTS
    sizes = (*service.SIZES, service.LARGEST) if options.largest else service.SIZES
    with tempfile.TemporaryDirectory() as name:
        folder, measurements, compared = Path(name), list[Measurement](), None
        if "screen" in parts:
            measurements += _screen(folder)
        if "commands" in parts:
            measurements += _commands(folder, with_peers=not options.no_peers)
        if "service" in parts:
            measurements += service.measure(folder, sizes, _tell)
        if "programs" in parts:
            compared = comparison.compare(folder, with_peers=not options.no_peers, tell=_tell)
    if options.json:
        print(as_json(measurements, compared.as_dict() if compared else None))
        return
    if measurements:
        print(as_table(measurements))
    if compared:
        print(comparison.as_table(compared))


def _screen(folder: Path) -> Iterator[Measurement]:
    demo, long_history = folder / "demo.jsonl", folder / "long-history.jsonl"
    write_demo(demo)
    _tell("writing a recording of a million events")
    write_long_history(long_history)
    _tell("starting programs")
    yield from start.measure(folder, demo, long_history)
    yield from cache.measure(folder)
    _tell("using one")
    yield from actions.measure(demo)
    _tell("using one over SSH")
    yield from ssh.measure(folder)
    _tell("walking through a million events")
    yield from memory.measure(long_history)
    _tell("using a service far away")
    yield from network.measure(folder)


def _commands(folder: Path, *, with_peers: bool) -> Iterator[Measurement]:
    recording = folder / "recording.jsonl"
    write_demo(recording)
    _tell("running commands")
    yield from line.measure(folder, recording)
    if with_peers:
        yield from ccusage.measure(folder / "ccusage", recording)


def _tell(what: str) -> None:
    print(f"{what} …", file=sys.stderr)


if __name__ == "__main__":
    main()
