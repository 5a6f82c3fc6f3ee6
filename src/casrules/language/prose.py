"""A condition as a plain English sentence, to stand beside the message that a person wrote."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from casrules.language.checked import CheckedBranch
from casrules.language.prose_values import TOTALS, Locals, entry_in_words, path_in_words, value_in_words
from casrules.language.tree import (
    And,
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
)
from casrules.language.types import BOOLEAN, LIST

_COMPARED = {
    "==": "equals", "!=": "differs from", "<": "is less than", "<=": "is at most", ">": "is more than",
    ">=": "is at least",
}  # fmt: skip
_LONG = {
    "==": "has {} characters", "!=": "does not have {} characters", "<": "has less than {} characters",
    "<=": "has at most {} characters", ">": "has more than {} characters", ">=": "has at least {} characters",
}  # fmt: skip
_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_TIMED = {"<": "is before", "<=": "is not after", ">": "is after", ">=": "is not before"}
_SOME = {(">", 0): True, (">=", 1): True, ("!=", 0): True, ("==", 0): False, ("<", 1): False, ("<=", 0): False}
"""(operator, number) → whether a count so compared says that there is an entry."""
_CHECKS = {
    "valid_eori": "a well-formed EORI",
    "valid_mrn": "a well-formed MRN",
    "valid_grn": "a well-formed GRN",
    "valid_container": "a well-formed container number",
    "valid_ucr": "a well-formed UCR",
    "valid_ducr": "a well-formed DUCR",
    "valid_commodity": "a well-formed commodity code",
}
_COLLECTED = {
    "unique": ("never repeats among", "repeats among"),
    "same": ("is the same for", "is not the same for"),
    "consecutive": ("counts 1, 2, 3 and so on over", "does not count 1, 2, 3 and so on over"),
}
_LOOSE = (And, Or)
_FEW = 2
"""So many options are named with "or"; more are listed."""


def sentence(branch: CheckedBranch) -> str:
    """What the branch demands: "Where …: …." """
    demand = statement(branch.require)
    if branch.when is None:
        return f"{_capital(demand)}."
    if isinstance(branch.when, Presence) and _subject(branch.require, True) == branch.when.of:
        return f"{_capital(demand)}, where it is given."
    return f"Where {statement(branch.when)}: {demand}."


def statement(node: Node, *, holds: bool = True) -> str:
    """The condition in words, or its opposite where `holds` is false."""
    return _Prose(frozenset()).says(node, holds)


@dataclass(frozen=True, slots=True)
class _Prose:
    """Writes conditions; `local` are the comprehension variables in sight."""

    local: Locals

    def says(self, node: Node, holds: bool) -> str:
        match node:
            case Not(part=part):
                return self.says(part, not holds)
            case And(parts=parts) | Or(parts=parts):
                return self._joined(parts, isinstance(node, And), holds)
            case Literal(value=value):
                return "always" if value is holds else "never"
            case Presence(of=of):
                return f"{self._value(of)} {_verb(of)} {'given' if holds else 'missing'}"
            case Compare():
                return self._compared(node, _OPPOSITE[node.op] if not holds else node.op)
            case Member():
                return self._member(node, holds)
            case Listed():
                verb = "are" if isinstance(node.of, Prefix) else "is"
                return f"{self._value(node.of)} {verb} {_not(holds)}in code list {node.name}"
            case Quantifier():
                return self._quantified(node, holds)
            case Call():
                return self._checked(node, holds)
            case _:
                return f"{self._value(node)} is {'set' if holds else 'not set'}"

    def _joined(self, parts: Iterable[Node], is_and: bool, holds: bool) -> str:
        texts: list[str] = []
        before: Node | None = None
        for part in parts:
            text = self.says(part, holds)
            about = _subject(part, holds)
            if about is not None and about == before:
                text = text.removeprefix(f"{self._value(about)} ")
            texts.append(f"({text})" if self._needs_brackets(part, is_and, holds) else text)
            before = about
        return (" and " if is_and is holds else " or ").join(texts)

    def _needs_brackets(self, node: Node, is_and: bool, holds: bool) -> bool:
        while isinstance(node, Not):
            node, holds, is_and = node.part, not holds, not is_and
        if isinstance(node, _LOOSE):
            return isinstance(node, And) is not is_and
        return isinstance(node, Quantifier) and (isinstance(node.body, (*_LOOSE, Quantifier)) or bool(node.condition))

    def _compared(self, node: Compare, operator: str) -> str:
        left, right = node.left, node.right
        if left.type.kind == BOOLEAN and not isinstance(right, Literal):
            return self._agreeing(left, right, operator == "==")
        if isinstance(left, Prefix) and _begins(left, right) and operator in {"==", "!="}:
            verb = "begins" if operator == "==" else "does not begin"
            return f"{self._value(left.of)} {verb} with {self._value(right)}"
        if isinstance(left, Call) and left.function == "length":
            return f"{self._value(left.arguments[0])} {_LONG[operator].format(self._value(right))}"
        if isinstance(left, Quantifier) and left.kind == "count" and isinstance(right, Literal):
            some = _SOME.get((operator, int(right.value)))
            if some is not None:
                number = "at least one" if some else "no"
                return f"{number} {entry_in_words(left.source, self.local)} is given{self._where(left)}"
        timed = left.type.kind in {"date", "date and time"}
        words = (_TIMED if timed else {}).get(operator) or _COMPARED[operator]
        return f"{self._value(left)} {words} {self._value(right)}"

    def _agreeing(self, left: Node, right: Node, alike: bool) -> str:
        if isinstance(left, Presence) and isinstance(right, Presence):
            both = f"{self._value(left.of)} and {self._value(right.of)}"
            return f"{both} are both given or both missing" if alike else f"exactly one of {both} is given"
        one, other = self.says(left, True), self.says(right, True)
        return f"({one}) exactly where ({other})" if alike else f"either ({one}) or ({other}), not both"

    def _member(self, node: Member, holds: bool) -> str:
        options = list(map(self._value, node.options))
        if isinstance(node.item, Prefix) and all(_begins(node.item, option) for option in node.options):
            return f"{self._value(node.item.of)} {'begins' if holds else 'does not begin'} with {_either(options)}"
        item = self._value(node.item)
        if len(options) < _FEW:
            return f"{item} {'equals' if holds else 'differs from'} {options[0]}"
        if len(options) == _FEW:
            return f"{item} is {_either(options) if holds else f'neither {options[0]} nor {options[1]}'}"
        return f"{item} is {'one' if holds else 'none'} of {', '.join(options)}"

    def _checked(self, node: Call, holds: bool) -> str:
        values = [self._value(argument) for argument in node.arguments]
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

    def _quantified(self, node: Quantifier, holds: bool) -> str:
        if node.body is None or node.kind in _COLLECTED:
            value = self._inside(node)._value(node.body) if node.body is not None else ""
            words = _COLLECTED[node.kind][not holds]
            entries = path_in_words(node.source, self.local)
            return f"{value} {words} {entries}{self._where(node)}"
        entry = f"{entry_in_words(node.source, self.local)}{self._where(node)}"
        number, body = "at least one" if holds is (node.kind == "any") else "no", node.body
        true = True
        if node.kind == "all":  # what does not hold for all fails for one
            number, true = ("each" if holds else "at least one"), holds
        while isinstance(body, Not):
            body, true = body.part, not true
        text = self._inside(node).says(body, true)
        if node.condition is not None or isinstance(body, (*_LOOSE, Quantifier)):
            return f"for {number} {entry}, {text}"
        return f"{text} for {number} {entry}"

    def _where(self, node: Quantifier) -> str:
        if node.condition is None:
            return ""
        if isinstance(node.condition, Presence) and node.condition.of == node.body:
            return " where it is given"
        return f" where {self._inside(node).says(node.condition, True)}"

    def _inside(self, node: Quantifier) -> _Prose:
        return replace(self, local=self.local | {node.variable})

    def _value(self, node: Node) -> str:
        found = value_in_words(node, self.local)
        if found is None:
            return f"({self.says(node, True)})"
        return found + self._where(node) if isinstance(node, Quantifier) and node.kind in TOTALS else found


def _subject(node: Node, holds: bool) -> Path | None:
    """The one field that a part speaks of first, and whose name the next part need not repeat."""
    while isinstance(node, Not):
        node, holds = node.part, not holds
    match node:
        case Presence(of=Path() as of):
            return of
        case Compare(left=left) if isinstance(left, Path):
            return left
        case Compare(left=Prefix(of=Path() as of), right=right) if isinstance(right, Literal):
            return (
                of if node.op in {"==", "!="} and isinstance(node.left, Prefix) and _begins(node.left, right) else None
            )
        case Compare(left=Call(function="length", arguments=(Path() as of,))):
            return of
        case Member(item=Path() as of) | Listed(of=Path() as of):
            return of
        case Member(item=Prefix(of=Path() as of)):
            return of if isinstance(node.item, Prefix) and all(_begins(node.item, o) for o in node.options) else None
        case Call(arguments=(Path() as of, *_)) if node.type.kind == BOOLEAN:
            return of
    return None


def _begins(prefix: Prefix, option: Node) -> bool:
    """Whether a comparison of the first characters says how the text begins."""
    return isinstance(option, Literal) and len(str(option.value)) == prefix.length


def _either(options: list[str]) -> str:
    return f"{', '.join(options[:-1])} or {options[-1]}" if len(options) > 1 else options[0]


def _verb(node: Path | Lookup) -> str:
    return "are" if node.type.kind == LIST else "is"


def _not(holds: bool) -> str:
    return "" if holds else "not "


def _capital(text: str) -> str:
    first = len(text) - len(text.lstrip("("))
    return text[:first] + text[first : first + 1].upper() + text[first + 1 :]
