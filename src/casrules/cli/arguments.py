"""The grammar of the command line."""

from __future__ import annotations

import argparse
import difflib
import re
from collections.abc import Callable
from datetime import date
from typing import NoReturn

from casrules.cli.approval_arguments import add_approval_commands
from casrules.cli.disruption_arguments import add_disruptions
from casrules.cli.history_arguments import add_history_command
from casrules.cli.improve_arguments import add_improve_commands
from casrules.cli.pack_arguments import add_pack_commands
from casrules.errors import UsageError

FORMAT_NAMES = ("text", "json", "jsonl", "sarif", "junit", "github", "csv", "html", "errors")
_EXIT_CODES = "exit codes: 0 accept, 1 reject, 3 undetermined, 2 wrong usage or a file that cannot be opened"


class Parser(argparse.ArgumentParser):
    """An argument parser that raises UsageError, with the nearest known word as a hint, in place of
    exiting.
    """

    def error(self, message: str) -> NoReturn:
        """Raise the problem with a way out."""
        raise UsageError(message, remedy=_hint(message) or f"see {self.prog} --help")


def _hint(message: str) -> str:
    found = re.search(r"invalid choice: '(.*?)' \(choose from (.*)\)", message)
    if not found:
        return ""
    known = [word.strip().strip("'") for word in found.group(2).split(",")]
    near = difflib.get_close_matches(found.group(1), known, n=1, cutoff=0.5)
    return f"did you mean {near[0]}?" if near else f"one of {', '.join(known)}"


def iso_date(text: str) -> str:
    """An ISO date, checked; the text is passed on as it is."""
    try:
        date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date; write it as YYYY-MM-DD") from None
    return text


def language(text: str) -> str:
    """A language as the files of rule packs name it."""
    if not re.fullmatch(r"[a-z]{2}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a language; two small letters: de")
    return text


def words(text: str) -> list[str]:
    """Words separated by commas."""
    return [word.strip() for word in text.split(",") if word.strip()]


def parser(program: str = "casrules") -> Parser:
    """The whole grammar: one sub-parser a command."""
    root = Parser(
        prog=program,
        description="Validates customs declarations before they are sent; says what to change and why.",
        epilog=_EXIT_CODES,
    )
    root.add_argument("--version", action="store_true", help="print the version")
    commands = root.add_subparsers(dest="command", metavar="COMMAND", parser_class=Parser)
    for add in (_check, _configure, _decode, _escapes, _explain, _fix, _rules, _version):
        add(commands.add_parser)
    add_pack_commands(commands.add_parser, iso_date, words, language)
    add_improve_commands(commands.add_parser, iso_date)
    add_disruptions(commands.add_parser)
    add_approval_commands(commands.add_parser, iso_date)
    add_history_command(commands.add_parser, iso_date, words)
    return root


AddParser = Callable[..., Parser]


def _check(add: AddParser) -> None:
    check = add("check", help="check declarations", description="Check declarations.", epilog=_EXIT_CODES)
    check.add_argument("sources", nargs="+", metavar="FILE", help="files, folders, or - for standard input")
    check.add_argument("--format", choices=FORMAT_NAMES, default="text", help="output format (default: text)")
    check.add_argument("-o", "--output", metavar="FILE", help="write the output to FILE")
    check.add_argument("--message-format", metavar="ID", help="take the message for this one (ncts.CC015C)")
    check.add_argument("--rule-runs", action="store_true", help="report how each rule ended")
    check.add_argument("--baseline", metavar="FILE", help="findings known before; only new errors fail")
    check.add_argument("--write-baseline", metavar="FILE", help="write what was found as a baseline")
    check.add_argument("--suppress", metavar="FILE", action="append", default=[], help="file of suppressions")
    check.add_argument("--quiet", "-q", action="store_true", help="one line for each document not accepted")
    check.add_argument("--all", action="store_true", help="show every place of a rule that failed in many")
    check.add_argument("--indent", type=int, metavar="N", help="indent JSON by N spaces")
    _engine_settings(check)
    _reference_date(check)


def _configure(add: AddParser) -> None:
    configure = add(
        "configure",
        help="complete a declaration",
        description="Complete a declaration with configuration rules; shows the difference, or what changes at a date.",
        epilog=_EXIT_CODES,
    )
    configure.add_argument("source", metavar="FILE", nargs="?", help="a file, or - for standard input")
    configure.add_argument(
        "--preview", metavar="DATE", help="instead: which rules begin or end after --as-of, up to and on this day"
    )
    _result(configure)
    _engine_settings(configure)
    _reference_date(configure)


def _decode(add: AddParser) -> None:
    decode = add(
        "decode",
        help="explain an answer of customs",
        description="What an answer of customs, a port or the transport means, where, and what to do.",
        epilog=_EXIT_CODES,
    )
    decode.add_argument("sources", nargs="+", metavar="ANSWER", help="files, folders, or - for standard input")
    decode.add_argument("--original", metavar="MESSAGE", help="the message that was sent: gives the places in it")
    decode.add_argument("--message-format", metavar="ID", help="take the original for this message (cds.IMPORT)")
    decode.add_argument("--format", choices=FORMAT_NAMES, default="text", help="output format (default: text)")
    decode.add_argument("-o", "--output", metavar="FILE", help="write the output to FILE")
    decode.add_argument("--quiet", "-q", action="store_true", help="one line for each answer that is no acceptance")
    decode.add_argument("--all", action="store_true", help="show every place of a code that is there in many")
    decode.add_argument("--indent", type=int, metavar="N", help="indent JSON by N spaces")
    _engine_settings(decode)


def _escapes(add: AddParser) -> None:
    escapes = add(
        "escapes",
        help="measure the rules against answers",
        description="Which rejections no rule predicted, and which predictions customs did not share.",
        epilog="exit codes: 0 every rejection was predicted, 1 something escaped, 2 wrong usage",
    )
    escapes.add_argument("folder", metavar="DIR", help="folder of declarations and the answers to them")
    escapes.add_argument("--manifest", metavar="FILE", help="CSV of the pairs (columns declaration and answer)")
    escapes.add_argument("--format", choices=("text", "json"), default="text")
    escapes.add_argument("--all", action="store_true", help="show every line")
    _engine_settings(escapes)


def _explain(add: AddParser) -> None:
    explain = add("explain", help="explain a rule", description="What a rule demands, why, and what to do.")
    explain.add_argument("rule", metavar="RULE", help="full id of the rule (eu.ncts.R0223)")
    explain.add_argument("--format", choices=("text", "json"), default="text")
    _engine_settings(explain)


def _fix(add: AddParser) -> None:
    fix = add("fix", help="apply fixes", description="Apply the safe fixes of a declaration; shows the difference.")
    fix.add_argument("source", metavar="FILE", help="a file, or - for standard input")
    fix.add_argument("--unsafe", action="store_true", help="apply fixes that a person must answer for, too")
    _result(fix)
    _engine_settings(fix)


def _result(command: Parser) -> None:
    where = command.add_mutually_exclusive_group()
    where.add_argument("--diff", action="store_true", help="show the difference, change nothing (default)")
    where.add_argument("--write", action="store_true", help="change the file")
    where.add_argument("-o", "--output", metavar="FILE", help="write the result to FILE (- for standard output)")


def _rules(add: AddParser) -> None:
    rules = add("rules", help="list the rules", description="List the rules of the packs.")
    rules.add_argument(
        "--scope",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="only rules for this (message=ncts.CC015C)",
    )
    rules.add_argument("--format", choices=("text", "json"), default="text")
    _engine_settings(rules)


def _version(add: AddParser) -> None:
    add("version", help="print the version", description="Print the version.")


def _reference_date(command: Parser) -> None:
    command.add_argument("--as-of", type=iso_date, metavar="DATE", help="apply the rules of this date (YYYY-MM-DD)")


def _engine_settings(command: Parser) -> None:
    command.add_argument("--packs", type=words, metavar="PACK,…", help="rule packs: names or folders")
    command.add_argument("--schemas", metavar="DIR", action="append", help="folder of official schemas")
    command.add_argument(
        "--configuration", "--rules", metavar="DIR", action="append",
        help="pack whose configuration rules complete the message first",
    )  # fmt: skip
    command.add_argument("--tariff", metavar="PATH", help="tariff: which documents a commodity needs")
    command.add_argument("--codelists", metavar="PATH", action="append", help="code lists in place of shipped ones")
    command.add_argument("--lang", type=language, metavar="XX", help="language of messages (de), English where missing")
    command.add_argument("--select", type=words, metavar="RULE,…", help="run only these rules (* allowed)")
    command.add_argument("--ignore", type=words, metavar="RULE,…", help="leave these rules out (* allowed)")
    command.add_argument(
        "--status",
        action="append",
        choices=("preview", "draft"),
        help="also run rules of this status",
    )
