"""Explains one outcome: what was read, which part decided, which elements, and where that is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import localcontext
from typing import Any

from casrules.dictionary import Chain
from casrules.language.checked import CheckedRule, Record, RecordPath, Template
from casrules.language.numbers import EXACT
from casrules.language.outcomes import FAILED, EvaluationContext, Explanation, FailingPart, ReadValue
from casrules.language.quantifiers import Entry
from casrules.language.reference import Evaluator, judge
from casrules.language.templates import ENGLISH, Words, render
from casrules.language.tree import And, Compare, Node, Not, Or, Path, Presence, Quantifier
from casrules.language.types import LIST
from casrules.language.visiting import Scope, flatten, locate, scope_at


def explain(
    rule: CheckedRule,
    record: Record,
    context: EvaluationContext,
    *,
    instance: RecordPath,
    branch: int = 0,
    chain: int = 0,
) -> Explanation:
    """Why `branch` says what it says about the entity at `instance`, reached by the rule's way number `chain`."""
    checked = rule.branches[branch]
    scope = scope_at(record, rule.chains[chain], instance)
    reads: dict[RecordPath, ReadValue] = {}
    evaluator = Evaluator(context, lambda path, value, _depth: _note(reads, path, value))
    status, reason = judge(checked, scope, evaluator)
    search = _Search(context)
    if status == FAILED:
        with localcontext(EXACT):
            search.descend(checked.require, scope, wanted=False)
    locations = _unique(_places(checked.at, scope, search.witnesses) if checked.at else search.locations())
    related = tuple(path for path in reads if path not in locations)
    return Explanation(
        status,
        instance,
        tuple(reads.values()),
        tuple(search.parts),
        _unique(search.witnesses),
        locations or (instance,),
        related,
        reason,
    )


def arguments(
    rule: CheckedRule,
    record: Record,
    context: EvaluationContext,
    *,
    instance: RecordPath,
    branch: int = 0,
    chain: int = 0,
) -> tuple[Any, ...]:
    """The values of the message's placeholders in order, as `templates.render` takes them; None for missing."""
    template = rule.branches[branch].message
    if template is None:
        return ()
    return _values(template, rule.chains[chain], scope_at(record, rule.chains[chain], instance), context)


def alternatives(
    rule: CheckedRule,
    record: Record,
    context: EvaluationContext,
    *,
    instance: RecordPath,
    chain: int = 0,
    templates: tuple[Template, ...] = (),
    words: Words = ENGLISH,
) -> tuple[str, ...]:
    """What would do in place of what is wrong, written out; a template of a list alone gives one for each value.

    `templates` are the same in another language, `words` what the library says in it.
    """
    scope = scope_at(record, rule.chains[chain], instance)
    found: list[str] = []
    for template in templates or rule.alternatives:
        values = _values(template, rule.chains[chain], scope, context)
        lone = len(template.parts) == 1 and len(values) == 1 and isinstance(values[0], (list, tuple))
        several = ([value] for value in values[0] if value is not None) if lone else (values,)
        found += [render(template, shown, words) for shown in several]
    return tuple(dict.fromkeys(found))


def _values(template: Template, chain: Chain, scope: Scope, context: EvaluationContext) -> tuple[Any, ...]:
    evaluator = Evaluator(context)
    with localcontext(EXACT):
        return tuple(
            _called(chain, argument.node.scope)
            if isinstance(argument.node, Path) and not argument.node.names
            else _argument(evaluator, argument.node, scope)
            for argument in template.arguments
        )


def _called(chain: Chain, scope: str) -> str:
    """What people call the entity a scope stands for: "declarant", "place of loading"."""
    depth = chain.scopes[scope]
    if depth == 0:
        return scope
    element = chain.steps[depth - 1].element
    return element.singular.replace("_", " ") if element.many else element.label


def _argument(evaluator: Evaluator, node: Node, scope: Scope) -> Any:
    if isinstance(node, Path):
        bounds = list(flatten(scope[node.scope], node.elements[:-1]))
        found = [bound.entity.get(node.names[-1]) for bound in bounds if bound.entity is not None]
        return found if node.type.kind == LIST else found[0] if found else None
    return evaluator.value(node, scope)


def _note(reads: dict[RecordPath, ReadValue], path: RecordPath, value: Any) -> None:
    reads.setdefault(path, ReadValue(path, value))


def _unique(paths: Iterable[RecordPath]) -> tuple[RecordPath, ...]:
    return tuple(dict.fromkeys(paths))


@dataclass(slots=True)
class _Search:
    """Collects the parts of a condition that made it what it is."""

    context: EvaluationContext
    parts: list[FailingPart] = field(default_factory=list)
    witnesses: list[RecordPath] = field(default_factory=list)

    def locations(self) -> Iterator[RecordPath]:
        return (path for part in self.parts for path in part.reads)

    def descend(self, node: Node, scope: Scope, *, wanted: bool) -> None:
        """Note why `node` is `wanted`: the parts that alone decide, else all of them."""
        if isinstance(node, Not):
            self.descend(node.part, scope, wanted=not wanted)
        elif isinstance(node, (And, Or)):
            for part in node.parts:
                # one false part decides an `and`, one true part an `or`; else all parts did together
                if self._truth(part, scope) is wanted:
                    self.descend(part, scope, wanted=wanted)
        elif isinstance(node, Quantifier) and self._quantifier(node, scope, wanted):
            return
        else:
            self._leaf(node, scope)

    def _truth(self, node: Node, scope: Scope) -> bool | None:
        return Evaluator(self.context).truth(node, scope)

    def _leaf(self, node: Node, scope: Scope) -> None:
        reads: list[tuple[int, RecordPath]] = []
        evaluator = Evaluator(self.context, lambda path, _value, depth: reads.append((depth, path)))
        value = evaluator.truth(node, scope)
        surplus = self._surplus(node, scope)
        self.witnesses += surplus
        outside = surplus or [path for depth, path in reads if depth == 0]
        # what a sum adds up is related; where it is compared with something, that is the place
        values = [path for path in outside if not self._is_source(node, scope, path)] or outside
        self.parts.append(FailingPart(node.text, value, _unique(values or [path for _, path in reads])))

    def _surplus(self, node: Node, scope: Scope) -> list[RecordPath]:
        """Where a list has more entries than it may, the first of those that are too many."""
        if isinstance(node, Presence) and isinstance(node.of, Path) and node.of.type.kind == LIST:
            return [bound.path for bound in flatten(scope[node.of.scope], node.of.elements)][:1]
        if not isinstance(node, Compare):
            return []
        evaluator = Evaluator(self.context)
        for counted, other, below in ((node.left, node.right, {"<", ">="}), (node.right, node.left, {">", "<="})):
            if isinstance(counted, Quantifier) and counted.kind == "count":
                bound, entries = evaluator.value(other, scope), evaluator.entries(counted, scope)
                if bound is not None and len(entries) > (allowed := bound - (node.op in below)) >= 0:
                    return [entries[int(allowed)].element.path]
        return []

    def _is_source(self, node: Node, scope: Scope, path: RecordPath) -> bool:
        sources = (part.source for part in node.walk() if isinstance(part, Quantifier))
        return any(source.scope in scope and locate(source, scope) == path for source in sources)

    def _quantifier(self, node: Quantifier, scope: Scope, wanted: bool) -> bool:
        """Note the elements that decided; False where none did (an empty list, nothing found)."""
        entries = Evaluator(self.context).entries(node, scope)
        decisive = _decisive(node.kind, entries, wanted)
        for entry in decisive:
            self.witnesses.append(entry.element.path)
            inner = {**scope, node.variable: entry.element}
            if node.body is not None and node.kind in {"any", "all", "none"}:
                self.descend(node.body, inner, wanted=entry.value is True)
            elif node.body is not None:
                self._leaf(node.body, inner)
        return bool(decisive)


_DECIDING = {("any", True): True, ("none", False): True, ("all", False): False}
"""(quantifier, its value) → the body's value that alone settles it."""


def _decisive(kind: str, entries: list[Entry], wanted: bool) -> list[Entry]:
    if kind in {"any", "none", "all"}:
        deciding = _DECIDING.get((kind, wanted))
        return [entry for entry in entries if entry.taken and entry.value is deciding and deciding is not None]
    if wanted:
        return []
    sure = [entry for entry in entries if entry.taken and entry.is_known]
    if kind == "unique":
        counts = Counter(entry.value for entry in sure)
        return [entry for entry in sure if counts[entry.value] > 1]
    if kind == "same":
        return [entry for entry in sure if entry.value != sure[0].value]
    if kind == "consecutive":
        return [entry for place, entry in enumerate(entries, 1) if entry.is_known and entry.value != place][:1]
    return []


def _places(at: tuple[Path, ...], scope: Scope, witnesses: list[RecordPath]) -> Iterator[RecordPath]:
    """The record paths of `at`; of a path through lists, those at the witnesses, else the list."""
    for path in at:
        many = any(element.many for element in path.elements)
        if not many:
            yield locate(path, scope)
            continue
        is_value = path.elements[-1].is_scalar
        found = [
            (*bound.path, (path.names[-1], None)) if is_value else bound.path
            for bound in flatten(scope[path.scope], path.elements[:-1] if is_value else path.elements)
        ]
        near = [place for place in found if any(_related(place, witness) for witness in witnesses)]
        yield from near or [locate(path, scope)]


def _related(place: RecordPath, witness: RecordPath) -> bool:
    shorter = min(len(place), len(witness))
    return place[:shorter] == witness[:shorter]
