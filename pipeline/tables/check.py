"""The command `newsbeam check`: hold a run's tables to the contract."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.options import UsageError
from pipeline.tables.contract import BREACH, OK, Finding, Limits, check_run
from pipeline.tables.contract.measures import MEAN_DRIFT, SENTIMENT_DRIFT, SHARE_DRIFT
from pipeline.usage import BREACH as BREACH_STATUS
from pipeline.usage import DONE, command_parser, make_console, print_json, printable
from schemas.tables import TABLES

EXAMPLES = {
    "newsbeam check out/today": "hold a run to the contract",
    "newsbeam check out/today --against out/yesterday": "and say where it differs from an earlier run",
    "newsbeam check out/today --max_age 2 --max_null articles.published_at=0.1": "and breach on old news and on "
    "missing dates",
    "newsbeam check out/today --json | jq '.breaches'": "for machines",
}
STYLES = {OK: "green", BREACH: "bold red"}


def check_parser() -> argparse.ArgumentParser:
    """The parser behind `newsbeam check --help`."""
    parser = command_parser(
        "check",
        "Verify that the tables of a finished run keep their contract: schemas and types, the ledger, unique keys\n"
        "that lead somewhere, offsets that give the text they name, ranges and labels, copies, freshness, and shares\n"
        "of NULL.",
        EXAMPLES,
        notes=f"With --against a share may differ by {SHARE_DRIFT:.0%} of its whole, a mean by {MEAN_DRIFT:.0%} of "
        f"itself and a mean\nsentiment by {SENTIMENT_DRIFT:g}; where there are too few rows to say, it is a warning.",
    )
    parser.add_argument("output", metavar="OUTPUT", help="Directory of a finished run, local or gs://.")
    parser.add_argument("--against", metavar="OUTPUT", help="An earlier run to compare with.")
    parser.add_argument("--max_age", type=float, metavar="DAYS", help="The newest article may be so old.")
    parser.add_argument(
        "--max_null",
        action="append",
        default=[],
        metavar="TABLE.COLUMN=SHARE",
        help="So large a share of a column may be NULL, 0…1. May be given more than once.",
    )
    parser.add_argument("--all", action="store_true", help="Show what is in order too, not only its number.")
    return parser


def check(argv: Sequence[str]) -> int:
    """Run the command. Returns the exit status: `BREACH_STATUS` where the contract is broken.

    Raises:
        UsageError: no finished run, or a limit that makes no sense.
    """
    options = check_parser().parse_args(list(argv))
    limits = Limits(options.against, options.max_age, dict(map(_null_limit, options.max_null)))
    findings = list(check_run(options.output, limits, tell=_tell))
    breaches = [finding for finding in findings if finding.status == BREACH]
    if options.json:
        content = {
            "output": options.output,
            "breaches": len(breaches),
            "findings": [dataclasses.asdict(finding) for finding in findings],
        }
        print_json(content)
    else:
        show_findings(findings, make_console(), everything=options.all)
    return BREACH_STATUS if breaches else DONE


def _null_limit(pair: str) -> tuple[str, float]:
    column, _, share = pair.partition("=")
    known = {f"{table.name}.{found.name}" for table in TABLES.values() for found in table.columns if found.nullable}
    try:
        limit = float(share)
    except ValueError:
        limit = -1
    if column not in known or not 0 <= limit <= 1:
        raise UsageError(f"--max_null: `{pair}` isn't TABLE.COLUMN=SHARE of a column that may be NULL")
    return column, limit


def _tell(message: str) -> None:
    print(f"newsbeam: {message}", file=sys.stderr)  # noqa: T201


def show_findings(findings: Sequence[Finding], console: Console, *, everything: bool) -> None:
    """Print what was found: by group how much is in order, and every breach and warning in full."""
    shown = [finding for finding in findings if everything or finding.status != OK]
    if shown:
        console.print(_details(shown))
        console.print()
    console.print(_groups(findings))
    breaches = sum(finding.status == BREACH for finding in findings)
    console.print()
    if breaches:
        console.print(
            f"The contract is broken: {breaches} of {len(findings)} checks.", style="bold red", highlight=False
        )
    else:
        console.print(f"The contract holds: {len(findings)} checks.", style="bold green", highlight=False)


def _details(findings: Sequence[Finding]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("", "check", "checked", "wrong", "one of them, or figures"):
        table.add_column(name, justify="right" if name in ("checked", "wrong") else "left")
    for found in findings:
        style = STYLES.get(found.status, "yellow")
        example = Text(printable(found.example))
        table.add_row(Text(found.status, style), Text(found.check), f"{found.checked:,}", f"{found.wrong:,}", example)
    return table


def _groups(findings: Sequence[Finding]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("group", "checks", "breaches", "warnings"):
        table.add_column(name, justify="left" if name == "group" else "right")
    for group in dict.fromkeys(finding.group for finding in findings):
        among = [finding.status for finding in findings if finding.group == group]
        breaches, good = among.count(BREACH), among.count(OK)
        table.add_row(
            group,
            str(len(among)),
            Text(str(breaches), "bold red" if breaches else "dim"),
            Text(str(len(among) - breaches - good), "dim"),
        )
    return table
