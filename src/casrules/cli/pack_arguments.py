"""The grammar of the commands for authors of rule packs."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

AddParser = Callable[..., Any]

_TEST_HELP = """\
examples:
  casrules test rulesets/acme             run the examples of a pack, or of every pack below a folder
  casrules test eu.ncts --mutate          a shipped pack by its id; also try slightly wrong conditions
  casrules test . --rule 'R02*' -v        only some rules; say which clauses no example covers
  casrules test . --strict                what a finished pack reaches: full branch coverage, mutation score 95 %

A failure names file and line, what was expected, what happened, and the conditions with the values they read.
exit codes: 0 all is well, 1 something failed or too little is shown, 2 wrong usage or a pack that cannot be loaded"""

_TRACE_HELP = """\
examples:
  casrules trace declaration.xml R0223            why did the rule fire, why not, why does it not apply?
  casrules trace declaration.xml eu.ncts.C0055 --as-of 2025-06-01
  casrules trace declaration.xml acme.R1 --packs rulesets/acme --all

Every part of the conditions is shown with true, false or unknown, and the values it read with their lines.
exit codes: 0 the rule was traced, 3 the message could not be read, 2 wrong usage"""

_DIFF_HELP = """\
examples:
  casrules diff released/acme rulesets/acme --corpus messages/
  casrules diff eu.ncts rulesets/eu/ncts --corpus messages/ --summary

Each document with differences is listed: - vanished, + new, ~ other severity or text; then counts by rule.
exit codes: 0 no difference, 1 differences, 2 wrong usage, a pack or a file that cannot be read"""

_LINT_HELP = """\
examples:
  casrules lint rulesets/acme
  casrules lint rulesets/acme --as-of 2026-01-01   also report rules that have expired by that day

exit codes: 0 no error (warnings may be listed), 1 errors or, with --strict, anything, 2 a pack that cannot be loaded"""

_NEW_RULE_HELP = """\
examples:
  casrules new-rule rulesets/acme A100 --for item --title "Gross mass is given"
  casrules new-rule rulesets/acme A101 --for package --topic packages

The rule is a draft with examples that hold; change it from there, and run casrules test."""

_LOCK_HELP = """\
examples:
  casrules lock rulesets/acme eu.ncts       write casrules.lock: the packs' versions and digests
  casrules lock rulesets/acme eu.ncts --check"""


def add_pack_commands(
    add: AddParser,
    iso_date: Callable[[str], str],
    words: Callable[[str], list[str]],
    language: Callable[[str], str],
) -> None:
    """Add `test`, `trace`, `diff`, `lint`, `new-rule` and `lock`."""
    _test(_command(add, "test", "run the examples of rule packs", "Run the examples of rule packs.", _TEST_HELP))
    trace = _command(add, "trace", "show why a rule fires on a message", "The truth table of a rule.", _TRACE_HELP)
    _trace(trace, iso_date, words, language)
    about = "Compare two versions of a rule pack over a folder of messages."
    _diff(_command(add, "diff", "compare two versions of a rule pack", about, _DIFF_HELP), iso_date)
    lint = _command(add, "lint", "find weaknesses of rule packs", "Read packs as a careful reviewer.", _LINT_HELP)
    _packs(lint)
    _code_lists(lint)
    lint.add_argument("--strict", action="store_true", help="fail on warnings, too")
    lint.add_argument("--as-of", type=iso_date, metavar="DATE", help="report rules that have expired by this day")
    _new_rule(_command(add, "new-rule", "write a new rule", "Write a new draft rule into a pack.", _NEW_RULE_HELP))
    lock = _command(add, "lock", "pin the versions of rule packs", "Write or check casrules.lock.", _LOCK_HELP)
    _packs(lock)
    lock.add_argument("--check", action="store_true", help="compare with the lock file instead of writing it")
    lock.add_argument("--folder", metavar="DIR", default=".", help="where the lock file is (default: here)")


def _command(add: AddParser, name: str, short: str, description: str, examples: str) -> Any:
    formatter = argparse.RawDescriptionHelpFormatter
    return add(name, help=short, description=description, epilog=examples, formatter_class=formatter)


def _packs(command: Any) -> None:
    command.add_argument(
        "packs", nargs="*", metavar="PACK", help="folders of packs or ids of shipped ones (default: the shipped packs)"
    )


def _code_lists(command: Any) -> None:
    command.add_argument("--codelists", metavar="PATH", action="append", help="code lists in place of shipped ones")


def _test(test: Any) -> None:
    _packs(test)
    _code_lists(test)
    test.add_argument("--rule", metavar="PATTERN", action="append", default=[], help="only these rules (* allowed)")
    test.add_argument("--mutate", action="store_true", help="also mutate the conditions; list what no example notices")
    test.add_argument("--min-score", type=percent, metavar="N", help="mutation score a pack must reach (default: 95)")
    test.add_argument("--min-coverage", type=percent, metavar="N", help="branch coverage a pack must reach")
    test.add_argument("--strict", action="store_true", help="--mutate --min-coverage 100")
    test.add_argument("-v", "--verbose", action="store_true", help="name every clause that no example covers")


def _trace(
    trace: Any,
    iso_date: Callable[[str], str],
    words: Callable[[str], list[str]],
    language: Callable[[str], str],
) -> None:
    trace.add_argument("source", metavar="MESSAGE", help="a file, or - for standard input")
    trace.add_argument("rule", metavar="RULE", help="id of the rule, in full or the part after the pack")
    trace.add_argument("--as-of", type=iso_date, metavar="DATE", help="the reference date (YYYY-MM-DD)")
    trace.add_argument("--message-format", metavar="ID", help="take the message for this one (ncts.CC015C)")
    trace.add_argument("--packs", type=words, metavar="PACK,…", help="rule packs: names or folders")
    trace.add_argument("--tariff", metavar="PATH", help="tariff: which documents a commodity needs")
    trace.add_argument("--lang", type=language, metavar="XX", help="language of the rule's texts (de)")
    _code_lists(trace)
    trace.add_argument("--all", action="store_true", help="show every visited entity, not only the first ten")


def _diff(diff: Any, iso_date: Callable[[str], str]) -> None:
    diff.add_argument("old", metavar="OLD", help="folder or id of the pack as it was")
    diff.add_argument("new", metavar="NEW", help="folder or id of the pack as it is")
    diff.add_argument("--corpus", metavar="DIR", action="append", required=True, help="folder of messages, or a file")
    diff.add_argument("--as-of", type=iso_date, metavar="DATE", help="apply the rules of this date (YYYY-MM-DD)")
    diff.add_argument("--summary", action="store_true", help="counts only, no list of findings")


def _new_rule(new: Any) -> None:
    new.add_argument("folder", metavar="PACK", help="folder of the pack; a new pack where there is none yet")
    new.add_argument("id", metavar="ID", help="id of the rule inside the pack")
    new.add_argument("--for", dest="target", metavar="ENTITY", default="item", help="what it visits (default: item)")
    new.add_argument("--title", default="", help="what holds, in one line")
    new.add_argument("--topic", metavar="NAME", default="rules", help="file the rule is added to (default: rules)")
    new.add_argument("--pack-id", metavar="ID", default="", help="id of a new pack (default: the folder's name)")


def percent(text: str) -> int:
    """A whole number from 0 to 100."""
    if not text.isascii() or not text.isdigit() or int(text) > 100:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to 100")
    return int(text)
