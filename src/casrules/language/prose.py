"""A condition as a plain English sentence, to stand beside the message that a person wrote."""

from __future__ import annotations

from decimal import Decimal

from casrules.language.checked import CheckedBranch
from casrules.language.tree import (
    And,
    Arithmetic,
    Call,
    Compare,
    Listed,
    Literal,
    Lookup,
    Member,
    Node,
    Not,
    Or,
    Path,
    Prefix,
    Presence,
    Quantifier,
    ReferenceDate,
    Tuple,
)
from casrules.language.types import LIST

_COMPARED = {
    "==": "equals", "!=": "differs from", "<": "is less than", "<=": "is at most", ">": "is more than",
    ">=": "is at least",
}  # fmt: skip
_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_TIMED = {"<": "is before", "<=": "is not after", ">": "is after", ">=": "is not before"}
_ARITHMETIC = {"+": "plus", "-": "minus", "*": "times", "/": "divided by"}
_CHECKS = {
    "valid_eori": "a well-formed EORI",
    "valid_mrn": "a well-formed MRN",
    "valid_grn": "a well-formed GRN",
    "valid_container": "a well-formed container number",
    "valid_ucr": "a well-formed UCR",
    "valid_ducr": "a well-formed DUCR",
    "valid_commodity": "a well-formed commodity code",
}
_FUNCTIONS = {
    "length": "the length of {}",
    "upper": "{} in capitals",
    "abs": "the amount of {}",
    "date": "the date of {}",
    "days_between": "the days from {} to {}",
    "round": "{} rounded to {} decimals",
}
_TOTALS = {"sum": "the sum of", "min": "the least", "max": "the greatest", "count": "the number of"}


def sentence(branch: CheckedBranch) -> str:
    """What the branch demands: "Where …, it must hold that …." """
    demand = statement(branch.require)
    if branch.when is None:
        return f"{_capital(demand)}."
    return f"Where {statement(branch.when)}: {demand}."


def statement(node: Node, *, holds: bool = True) -> str:
    """The condition in words, or its opposite where `holds` is false."""
    match node:
        case Not(part=part):
            return statement(part, holds=not holds)
        case And(parts=parts) | Or(parts=parts):
            return _joined(node, [_part(part, holds) for part in parts], holds)
        case Literal(value=value):
            return "always" if value is holds else "never"
        case Presence(of=of):
            return f"{_value(of)} {_verb(of)} {'given' if holds else 'missing'}"
        case Compare():
            return _comparison(node, holds)
        case Member():
            return f"{_value(node.item)} is {_not(holds)}one of {', '.join(map(_value, node.options))}"
        case Listed():
            return f"{_value(node.of)} is {_not(holds)}in code list {node.name}"
        case Quantifier():
            return _quantified(node, holds)
        case Call():
            return _check(node, holds)
        case _:
            return f"{_value(node)} is {'set' if holds else 'not set'}"


def _part(node: Node, holds: bool) -> str:
    text = statement(node, holds=holds)
    return f"({text})" if isinstance(node, (And, Or, Quantifier)) else text


def _joined(node: Node, parts: list[str], holds: bool) -> str:
    return (" and " if isinstance(node, And) is holds else " or ").join(parts)


def _comparison(node: Compare, holds: bool) -> str:
    operator = node.op if holds else _OPPOSITE[node.op]
    timed = node.left.type.kind in {"date", "date and time"}
    words = (_TIMED if timed else {}).get(operator) or _COMPARED[operator]
    return f"{_value(node.left)} {words} {_value(node.right)}"


def _check(node: Call, holds: bool) -> str:
    values = [_value(argument) for argument in node.arguments]
    match node.function:
        case "matches":
            return f"{values[0]} {'has' if holds else 'does not have'} the form {values[1]}"
        case "startswith" | "endswith":
            verb = "begin" if node.function == "startswith" else "end"
            return f"{values[0]} {f'{verb}s' if holds else f'does not {verb}'} with {values[1]}"
        case "within":
            return f"{values[0]} {'equals' if holds else 'differs from'} {values[1]} within {values[2]}"
    system = f" of {values[1]}" if len(values) > 1 else ""
    return f"{values[0]} is {_not(holds)}{_CHECKS[node.function]}{system}"


def _quantified(node: Quantifier, holds: bool) -> str:
    where = f" where {statement(node.condition)}" if node.condition is not None else ""
    elements = f"{_value(node.source)}{where}"
    body = node.body
    if node.kind in {"any", "none"} and body is not None:
        some = holds is (node.kind == "any")
        return f"{'at least one' if some else 'none'} of {elements} has: {statement(body)}"
    if node.kind == "all" and body is not None:
        return f"{'each' if holds else 'not each'} of {elements} has: {statement(body)}"
    value = _value(body) if body is not None else ""
    words = {"unique": "never repeats", "same": "is always the same", "consecutive": "counts 1, 2, 3 and so on"}
    denied = {"unique": "repeats", "same": "is not always the same", "consecutive": "does not count 1, 2, 3 and so on"}
    return f"{value} {(words if holds else denied)[node.kind]} in {elements}"


def _value(node: Node) -> str:
    match node:
        case Literal(value=value):
            return f'"{value}"' if isinstance(value, str) and node.type.kind == "text" else _plain(value)
        case Path():
            return _path(node)
        case ReferenceDate():
            return "the reference date"
        case Arithmetic():
            return f"({_value(node.left)} {_ARITHMETIC[node.op]} {_value(node.right)})"
        case Prefix():
            return f"the first {node.length} characters of {_value(node.of)}"
        case Lookup():
            return f"{node.column} of {_value(node.key)} in table {node.table}"
        case Tuple(parts=parts):
            return " with ".join(map(_value, parts))
        case Call() if node.function in _FUNCTIONS:
            return _FUNCTIONS[node.function].format(*map(_value, node.arguments))
        case Quantifier() if node.kind in _TOTALS:
            return _total(node)
        case _:
            return f"({statement(node)})"


def _total(node: Quantifier) -> str:
    where = f" where {statement(node.condition)}" if node.condition is not None else ""
    value = f"{_value(node.body)} in " if node.body is not None else ""
    return f"{_TOTALS[node.kind]} {value}{_value(node.source)}{where}"


def _path(node: Path) -> str:
    """The elements' labels, the last first: "the gross mass of item"."""
    owner = node.scope.replace("_", " ") if len(node.scope) > 1 else ""
    labels = [element.label or element.name.replace("_", " ") for element in node.elements]
    words = [*reversed(labels), owner] if owner else list(reversed(labels))
    return "the " + " of the ".join(word for word in words if word) if words else "it"


def _verb(node: Path | Lookup) -> str:
    return "are" if node.type.kind == LIST else "is"


def _not(holds: bool) -> str:
    return "" if holds else "not "


def _plain(value: str | int | bool | Decimal) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
