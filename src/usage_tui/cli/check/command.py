"""`usage-tui check`: is it fine? An exit code, one line, and reasons that are new."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from usage_tui import wire
from usage_tui.cards.findings import finding_text
from usage_tui.cli import opening
from usage_tui.cli.answer.formats import print_json
from usage_tui.cli.answer.options import answer_parser, duration
from usage_tui.cli.answer.session import Session, answered, now
from usage_tui.cli.check.answer import CheckAnswer, check_answer
from usage_tui.cli.check.monitoring import metrics, nagios_line
from usage_tui.cli.check.rules import (
    OPTIONS,
    ChosenRule,
    Known,
    back_in_order,
    beginnings,
    judge,
    needed,
    read_critical,
)
from usage_tui.cli.check.words import verdict
from usage_tui.cli.ending import DONE, Misuse, Refusal
from usage_tui.cli.output import print_error, print_line
from usage_tui.config import paths
from usage_tui.files import replacing
from usage_tui.insight.findings import Finding, Level, worst
from usage_tui.state.facts import facts_of
from usage_tui.state.replies import GRANTS
from usage_tui.state.reported_alerts import ReportedAlerts
from usage_tui.tables.kinds import JSON
from usage_tui.text import dates
from usage_tui.text.secrets import masked_words

_EPILOG = """\
Without a rule it warns of what the dashboard would warn of: a low balance, credits that run out before the
refresh, purchased credits that lapse within 14 days; paused, locked and running out within 3 days are
critical.

One line on stdout says how it is; reasons that are new go to stderr, so that cron mails each once.

Exit codes: 0 ok; 1 warning; 2 critical; 3 cannot tell, or the command was not understood. With --prometheus:
0 written, whatever it says."""


_STDERR = 2


class CannotTell(Refusal):
    """Nothing can be said, which monitoring must not take for a critical state."""

    code = Level.UNKNOWN


class _Outcome(NamedTuple):
    answer: CheckAnswer
    known: Known
    findings: list[Finding]


def run(words: Sequence[str]) -> int:
    """Check, and say so."""
    try:
        options = _parser().parse_args(words)
        if options.exec is not None and not options.exec:
            raise Misuse("--exec needs a command: usage-tui check ... --exec COMMAND...")
        ready = opening.ready_profile(options)
    except Refusal as error:
        if "--nagios" in words:  # which reads no stderr, and calls a plugin without a line broken
            return _unknown(masked_words(str(error), words))
        raise CannotTell(str(error)) from None
    rules = _rules(options)
    try:
        outcome = answered(options, lambda session: _judged(session, rules, options), ready)
    except Refusal as error:
        return _cannot_tell(masked_words(str(error), words), options)
    if options.prometheus is not None:
        _write_metrics(options.prometheus, metrics(outcome.known))
        return DONE  # and nothing is told, so that another check still tells it
    new = _new(outcome, rules, options, ready.alerts_key)
    answer = outcome.answer.with_news(finding.key for finding in new)
    if options.nagios:
        text = answer.text.partition(": ")[2]
        print_line(nagios_line(worst(outcome.findings), text, outcome.known, rules))
    elif options.format == JSON:
        print_json(answer)
    else:
        print_line(answer.text)
    return answer.exit_code


def _parser() -> argparse.ArgumentParser:
    parser = answer_parser(
        "check", "Say whether all is well, for cron, monitoring and pipelines.", formats=(JSON,)
    )
    parser.epilog = _EPILOG
    for rule, (read, example, when) in OPTIONS.items():
        parser.add_argument(f"--{rule}", type=read, metavar=example, help=f"warn if {when}")
    parser.add_argument(
        "--critical",
        type=read_critical,
        action="append",
        default=[],
        metavar="RULE=LIMIT",
        help="a rule that is critical, such as below=5%% or runs-out-within=2d",
    )
    parser.add_argument("--cautious", action="store_true", help="judge by the busiest pace")
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--repeat", action="store_true", help="tell all reasons, not only new ones")
    group.add_argument("--repeat-after", type=duration, metavar="TIME", help="tell a reason again after this")
    group.add_argument("--quiet", action="store_true", help="print no reasons")
    output = parser.add_mutually_exclusive_group()
    output.add_argument("--nagios", action="store_true", help="print the line of a Nagios plugin")
    output.add_argument(
        "--prometheus",
        metavar="FILE",
        help="write metrics for node_exporter's textfile collector (- prints them)",
    )
    parser.add_argument("-t", dest="timeout", type=duration, metavar="TIME", help="the same as --timeout")
    parser.add_argument(
        "--exec",
        nargs=argparse.REMAINDER,
        metavar="COMMAND",
        help="run this once for each new reason, with the JSON on its standard input (rest of the line)",
    )
    return parser


def _rules(options: argparse.Namespace) -> list[ChosenRule]:
    given = vars(options)
    limits = {rule: given[str(rule).replace("-", "_")] for rule in OPTIONS}
    warnings = [ChosenRule(rule, limit, Level.WARNING) for rule, limit in limits.items() if limit is not None]
    return [*options.critical, *warnings]


async def _judged(session: Session, rules: Sequence[ChosenRule], options: argparse.Namespace) -> _Outcome:
    tells_runway = options.nagios or options.prometheus is not None
    await session.load(needed(rules, runway=tells_runway))
    summary, facts = session.summary, facts_of(session.state)
    from usage_tui.insight.runway import runway

    ahead = runway(summary, facts.grants, facts.days_for_pace) if facts is not None else None
    known = Known(summary, GRANTS.of(session.state).value, ahead, session.age)
    findings = judge(rules, known, cautious=options.cautious)
    data_from = dates.moment(session.fetched_at, summary.org.time_zone) if session.stale else ""
    return _Outcome(check_answer(session, findings, verdict(findings, summary, data_from)), known, findings)


def _cannot_tell(reason: str, options: argparse.Namespace) -> int:
    if options.prometheus is not None:
        _write_metrics(options.prometheus, metrics(None))
        return DONE
    if not options.nagios:
        raise CannotTell(reason)
    return _unknown(reason)


def _unknown(reason: str) -> int:
    print_line(nagios_line(Level.UNKNOWN, reason, None, ()))
    return Level.UNKNOWN


def _new(
    outcome: _Outcome, rules: Sequence[ChosenRule], options: argparse.Namespace, alerts_key: str
) -> list[Finding]:
    """The findings that were not told before; they are told now, and a command is run for each."""
    reported, findings = ReportedAlerts(paths.alerts_file(alerts_key)), outcome.findings
    repeat_after = timedelta() if options.repeat else None
    if options.repeat_after is not None:
        repeat_after = timedelta(seconds=options.repeat_after)
    back = back_in_order(rules, outcome.known, findings)
    judged = beginnings(rules)
    try:
        new = reported.news(findings, judged=judged, back=back, now=now(), repeat_after=repeat_after)
    except OSError as error:
        print_error(f"reported alerts cannot be remembered: {error.filename or ''}: {error.strerror}")
        new = findings
    if reported.moved is not None:
        print_error(f"the file of reported alerts was damaged and moved to {reported.moved}")
    for finding in new:
        if not options.quiet:
            print_error(f"{finding.level.name.lower()}: {finding_text(finding, outcome.known.summary)}")
        if options.exec and not _executed(options.exec, outcome, finding):
            reported.forget(finding)
    return new


def _executed(command: Sequence[str], outcome: _Outcome, finding: Finding) -> bool:
    """Run a command with the answer, in which only one finding is new; False if that failed."""
    answer = wire.dump(outcome.answer.with_news([finding.key]))
    sys.stdout.flush()
    try:
        # What the user asked for, with the words as they are: no shell reads them.
        done = subprocess.run(command, input=answer, stdout=_STDERR, check=False)  # noqa: S603 - as above
    except OSError as error:
        print_error(f"--exec {command[0]}: cannot be run: {error.strerror}")
        return False
    if done.returncode:
        print_error(
            f"--exec {command[0]}: failed with exit code {done.returncode}; it is run again next time"
        )
    return done.returncode == 0


def _write_metrics(file: str, text: str) -> None:
    if file == "-":
        sys.stdout.write(text)
        return
    try:
        with replacing(Path(file)) as output:
            os.fchmod(output.fileno(), 0o644)  # another user collects them
            output.write(text.encode())
    except OSError as error:
        raise CannotTell(f"{file}: cannot be written: {error.strerror}") from None
