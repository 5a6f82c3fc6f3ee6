"""Values in words: "the gross mass of the item", "the sum of the net mass of the items of the house"."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Final

from casrules.dictionary import Element
from casrules.language.tree import (
    Arithmetic,
    Call,
    Literal,
    Lookup,
    Node,
    Path,
    Prefix,
    Quantifier,
    ReferenceDate,
    Tuple,
)

Locals = frozenset[str]
"""The comprehension variables in sight: what they stand for is named by the quantifier."""

_ARITHMETIC = {"+": "plus", "-": "minus", "*": "times", "/": "divided by"}
_FUNCTIONS = {
    "length": "the length of {}",
    "upper": "{} in capitals",
    "abs": "the amount of {}",
    "date": "the date of {}",
    "days_between": "the days from {} to {}",
    "round": "{} rounded to {} decimals",
}
TOTALS: Final = {"sum": "the sum of", "min": "the least", "max": "the greatest", "count": "the count of"}
ROOT_SCOPE: Final = "declaration"


def value_in_words(node: Node, local: Locals) -> str | None:
    """The value in words; None for what is a condition. `sum` and the like are without their filter."""
    match node:
        case Literal(value=value):
            return f'"{value}"' if isinstance(value, str) and node.type.kind == "text" else _plain(value)
        case Path():
            return path_in_words(node, local)
        case ReferenceDate():
            return "the reference date"
        case Arithmetic():
            return f"({_part(node.left, local)} {_ARITHMETIC[node.op]} {_part(node.right, local)})"
        case Prefix():
            return f"the first {node.length} characters of {_part(node.of, local)}"
        case Lookup():
            return _looked_up(node, _part(node.key, local))
        case Tuple(parts=parts):
            return " with ".join(_part(part, local) for part in parts)
        case Call() if node.function in _FUNCTIONS:
            text = _FUNCTIONS[node.function].format(*(_part(argument, local) for argument in node.arguments))
            return text.replace("the date of the date and time of", "the date of")
        case Quantifier() if node.kind in TOTALS:
            return _total(node, local)
    return None


def _looked_up(node: Lookup, key: str) -> str:
    if node.words:
        return node.words.replace("{key}", key)
    return f"the {node.column.replace('_', ' ')} of {key} in the table of {node.table.replace('_', ' ')}"


def path_in_words(node: Path, local: Locals) -> str:
    """The elements' labels, the last first: "the gross mass of the item"."""
    words = _labels(node.elements)
    if node.scope not in local and not (node.scope == ROOT_SCOPE and words):
        words.append(node.scope.replace("_", " "))
    return "the " + " of the ".join(_without_echo(words)) if words else "it"


def entry_in_words(node: Path, local: Locals) -> str:
    """One entry of a list, without article: "package of the item"."""
    *above, last = node.elements
    words = [last.singular.replace("_", " ") or last.label, *_labels(above)]
    if node.scope not in local and node.scope != ROOT_SCOPE:
        words.append(node.scope.replace("_", " "))
    return " of the ".join(_without_echo(words))


def _labels(elements: Sequence[Element]) -> list[str]:
    """The last first; the elements that only hold what a family adds have no name of their own."""
    labels = [element.label or element.name.replace("_", " ") for element in reversed(elements)]
    return [label for label, element in zip(labels, reversed(elements), strict=True) if not _is_shell(element)]


def _is_shell(element: Element) -> bool:
    return element.label == f"{element.name.upper()} data"


def _without_echo(words: list[str]) -> list[str]:
    """No "reference of the office of the office of exit": what the next word says again goes."""
    found = list(words)
    for place, (word, after) in enumerate(pairwise(words)):
        head, _, tail = word.rpartition(" of the ")
        if head and after.startswith(tail):
            found[place] = head
    return found


def _total(node: Quantifier, local: Locals) -> str:
    entries = path_in_words(node.source, local)
    if node.body is None:
        return f"{TOTALS[node.kind]} {entries.removeprefix('the ')}"
    body = _part(node.body, local | {node.variable})
    if node.kind != "sum":
        body = body.removeprefix("the ")
    joint = "of" if isinstance(node.body, Path) else "over"
    return f"{TOTALS[node.kind]} {body} {joint} {entries}"


def _part(node: Node, local: Locals) -> str:
    return value_in_words(node, local) or node.text


def _plain(value: str | int | bool | Decimal) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
