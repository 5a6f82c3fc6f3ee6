"""The mutants of a rule: its branches with one condition changed, each with a name that stays the same between runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from casrules.errors import Place
from casrules.language import CheckedBranch
from casrules.language.checked import conjunction
from casrules.language.tree import And, Member, Node
from casrules.rules import PackRule
from casrules.testing.mutation.operators import Sibling, mutations
from casrules.testing.written import written


@dataclass(frozen=True, slots=True)
class Mutant:
    """One wrong version of a rule; `branches` are those that differ, by their position."""

    name: str
    place: Place
    branches: dict[int, CheckedBranch]


@dataclass(frozen=True, slots=True)
class _Condition:
    """A condition as it is written once: the rule's own `when` belongs to all branches."""

    label: str
    place: Place
    node: Node
    branches: tuple[int, ...]
    role: str


def mutants_of(rule: PackRule, sibling: Sibling) -> list[Mutant]:
    """All mutants of a rule, none twice; the second of a name is called `… (2)`."""
    found: list[Mutant] = []
    names: Counter[str] = Counter()
    for condition in _conditions(rule):
        for changed, text in _changes(condition, sibling):
            names[text] += 1
            name = f"{text} ({names[text]})" if names[text] > 1 else text
            branches = {index: _replaced(rule, index, condition.role, changed) for index in condition.branches}
            found.append(Mutant(name, condition.place, branches))
    return found


def _changes(condition: _Condition, sibling: Sibling) -> Iterator[tuple[Node | None, str]]:
    seen = {condition.node}
    for changed, before, after in mutations(condition.node, sibling):
        if changed not in seen:
            seen.add(changed)
            yield changed, f"{condition.label}: {_told(before, after)}"
    if condition.role != "require":
        yield None, f"{condition.label}: dropped"


def _told(before: Node, after: Node) -> str:
    """The change in short: the clause that goes, else before and after."""
    if type(before).__name__ in ("And", "Or"):
        kept = after.children if type(after) is type(before) else (after,)
        gone = [part for part in before.children if part not in kept]
        if len(gone) == 1:
            return f"without {written(gone[0])}"
    if isinstance(before, Member) and isinstance(after, Member) and before.options != after.options:
        gone = [option for option in before.options if option not in after.options]
        return f"{written(before.item)} in {{…}} without {', '.join(map(written, gone))}"
    return f"{written(before)} -> {written(after)}"


def _replaced(rule: PackRule, index: int, role: str, changed: Node | None) -> CheckedBranch:
    branch = rule.checked.branches[index]
    if role == "require":
        assert changed is not None
        return replace(branch, require=changed)
    shared, own = _split(rule, index)
    if role == "shared":
        return replace(branch, when=conjunction(changed, own))
    return replace(branch, when=conjunction(shared, changed))


def _split(rule: PackRule, index: int) -> tuple[Node | None, Node | None]:
    """The rule's condition and the branch's own, which the checked branch holds together."""
    shared, together = rule.checked.when, rule.checked.branches[index].when
    branches = rule.packed.rule.branches
    if not branches or branches[index].when is None:
        return shared, None
    if shared is None:
        return None, together
    assert isinstance(together, And)
    return shared, together.parts[1]


def _conditions(rule: PackRule) -> Iterator[_Condition]:
    checked, packed = rule.checked, rule.packed
    if checked.when is not None:
        yield _Condition("when", packed.place("when"), checked.when, tuple(range(len(checked.branches))), "shared")
    for index, branch in enumerate(checked.branches):
        prefix = f"[{branch.key}] " if branch.key else ""
        at: tuple[str | int, ...] = ("branches", index) if packed.rule.branches else ()
        own = _split(rule, index)[1]
        if own is not None:
            yield _Condition(f"{prefix}when", packed.place(*at, "when"), own, (index,), "own")
        yield _Condition(f"{prefix}require", packed.place(*at, "require"), branch.require, (index,), "require")
