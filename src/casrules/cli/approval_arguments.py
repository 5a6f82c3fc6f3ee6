"""The grammar of `casrules approve` and `casrules reject`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

AddParser = Callable[..., Any]

_APPROVE_HELP = """\
examples:
  casrules approve suggestions.json S325299bf1a --pack acme --fields fields.yaml --by "A. Broker" --reason "checked"

The field map says what the history's fields are called in a declaration:
  fields:
    importer: declaration.importer.id
    commodity: item.commodity_code
    docs: {list: item.supporting_documents, key: type, reference: reference}
exit codes: 0 done, 2 wrong usage, or a rule that cannot be written"""


def add_approval_commands(add: AddParser, iso_date: Callable[[str], str]) -> None:
    """Add `approve` and `reject`."""
    formatter = argparse.RawDescriptionHelpFormatter
    about = "Write a suggestion into a pack as a configuration rule, with its evidence and who approved it."
    short = "let a suggested rule into a pack"
    approve = add("approve", help=short, description=about, epilog=_APPROVE_HELP, formatter_class=formatter)
    _decision(approve, iso_date)
    approve.add_argument("--pack", metavar="DIR", required=True, help="folder of the pack; made where there is none")
    approve.add_argument(
        "--fields", metavar="FILE", help="map from the history's fields to paths (default: their names)"
    )
    about = "Keep that a suggestion is not wanted: it comes back only when its evidence is clearly better."
    reject = add("reject", help="keep that a suggested rule is not wanted", description=about)
    _decision(reject, iso_date)
    reject.add_argument("--pack", metavar="DIR", required=True, help="folder of the pack it would have gone into")


def _decision(command: Any, iso_date: Callable[[str], str]) -> None:
    command.add_argument("suggestions", metavar="FILE", help="suggestions, as casrules suggest --format json writes")
    command.add_argument("suggestion", metavar="ID", help="the suggestion's id")
    command.add_argument("--by", metavar="NAME", required=True, help="who decides")
    command.add_argument("--reason", metavar="TEXT", required=True, help="why")
    command.add_argument("--on", type=iso_date, metavar="DATE", help="day of the decision (default: today)")
    command.add_argument("--ledger", metavar="FILE", help="file of decisions (default: beside the pack)")
