"""The truth table of a rule for one entity: every part of its conditions, its value, and what it read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import localcontext
from typing import Any, Final

from casrules.dictionary import Invalid
from casrules.language import CheckedBranch, EvaluationContext, ReadValue
from casrules.language.checked import RecordPath
from casrules.language.numbers import EXACT
from casrules.language.reference import Evaluator, judge
from casrules.language.tree import And, Node, Not, Or, Quantifier
from casrules.language.visiting import Scope

ELEMENTS_SHOWN: Final = 5
WORDS: Final = {True: "true", False: "false", None: "unknown"}
Named = Callable[[RecordPath], str]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a condition; `reads` are what it read itself, `parts` what it is made of.

    `reason` says why its value is unknown where something could not be read.
    """

    text: str
    value: bool | None
    reads: tuple[ReadValue, ...] = ()
    parts: tuple[Part, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """What one branch says about one entity, and why; `when` is None where the rule has none."""

    key: str
    status: str
    reason: str
    when: Part | None
    require: Part


def truth_table(branch: CheckedBranch, scope: Scope, context: EvaluationContext) -> Table:
    """Evaluate `branch` for the entity of `scope`, part by part."""
    status, reason = judge(branch, scope, Evaluator(context))
    with localcontext(EXACT):
        when = part_of(branch.when, scope, context) if branch.when is not None else None
        return Table(branch.key, status, reason, when, part_of(branch.require, scope, context))


def part_of(node: Node, scope: Scope, context: EvaluationContext) -> Part:
    """The part that `node` is, with its own parts below."""
    below: tuple[Part, ...] = ()
    if isinstance(node, (And, Or)):
        below = tuple(part_of(part, scope, context) for part in node.parts)
    elif isinstance(node, Not) and isinstance(node.part, (And, Or, Quantifier)):
        below = (part_of(node.part, scope, context),)
    reads: dict[RecordPath, ReadValue] = {}
    evaluator = Evaluator(context, lambda path, value, _depth: _note(reads, path, value))
    value = evaluator.truth(node, scope)
    if not below and isinstance(node, Quantifier) and node.body is not None:
        below = tuple(_elements(node, node.body, scope, context))
    reason = evaluator.hindrances[0] if evaluator.hindrances and value is None else ""
    return Part(node.text, value, () if below else tuple(reads.values()), below, reason)


def lines(part: Part, named: Named, label: str, indent: int = 0) -> Iterator[str]:
    """The table as text, one line a part; `named` writes a record path for people."""
    margin = "  " * indent
    values = ", ".join(f"{named(read.path)} = {shown(read.value)}" for read in part.reads)
    reason = f"  ({part.reason})" if part.reason and not part.parts else ""
    yield f"{margin}{label:<8}{WORDS[part.value]:<8}{part.text}{reason}" + (f"  [{values}]" if values else "")
    for below in part.parts:
        yield from lines(below, named, "", indent + 1)


def shown(value: Any) -> str:
    """A value as it was read: texts in quotes, `missing`, and what cannot be read as it stands."""
    if value is None:
        return "missing"
    if isinstance(value, Invalid):
        return f"{value.raw!r} (cannot be read)"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _elements(node: Quantifier, body: Node, scope: Scope, context: EvaluationContext) -> Iterator[Part]:
    """The first elements of a quantifier's list, each with what the body says of it."""
    entries = Evaluator(context).entries(node, scope)
    for entry in entries[:ELEMENTS_SHOWN]:
        inner = {**scope, node.variable: entry.element}
        if node.kind in ("any", "all", "none"):
            found = part_of(body, inner, context)
        else:
            reads: dict[RecordPath, ReadValue] = {}
            note = Evaluator(context, lambda path, value, _depth, reads=reads: _note(reads, path, value))  # type: ignore[misc]
            note.value(body, inner)
            found = Part(body.text, None, tuple(reads.values()))
        yield found
    if len(entries) > ELEMENTS_SHOWN:
        yield Part(f"… and {len(entries) - ELEMENTS_SHOWN} more", None)


def _note(reads: dict[RecordPath, ReadValue], path: RecordPath, value: Any) -> None:
    reads.setdefault(path, ReadValue(path, value))
