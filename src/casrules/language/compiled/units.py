"""One branch of a rule in the loop of the entity it visits: what is tested in which order, and what then happens."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from casrules.language.checked import CheckedBranch
from casrules.language.compiled import code
from casrules.language.compiled.conditions import Compiler, Site
from casrules.language.compiled.lists import needs_loop
from casrules.language.compiled.loops import Loop, Stage
from casrules.language.tree import And, Node, Not, Or

FAILURES: Final = "failures"
COUNTS: Final = "counts"
EVALUATED: Final = "evaluated"
"""What a generated function finds: the failures; them and the counts of outcomes; whether any rule was evaluated."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A branch on one way: the positions of rule, branch and way, and the loop of the visited entity."""

    rule: int
    branch: int
    chain: int
    checked: CheckedBranch
    loop: Loop


@dataclass(slots=True)
class Step:
    """A test on the way to the action; `stage` runs just before it."""

    stage: Stage | None
    test: ast.expr


@dataclass(slots=True)
class UnitCode:
    """The code of a unit, written out once all loops are known; `is_plain` when it needs no loop inside its own."""

    steps: list[Step]
    action: list[ast.stmt]
    is_plain: bool = False


def compile_unit(compiler: Compiler, unit: Unit, at: Site, mode: str) -> UnitCode:
    """Turn a unit into tests and an action. Quantifiers behind a test run only where it has held."""
    when = list(_terms(unit.checked.when, wanted=True)) if unit.checked.when is not None else []
    if mode == FAILURES:
        terms = [*when, *_terms(unit.checked.require, wanted=False)]
        return UnitCode(_steps(compiler, terms, at), [_fail(unit)])
    steps = _steps(compiler, when, at)
    stage = Stage() if steps else None
    inner = replace(at, lazy=stage)
    false, true = (compiler.truth(unit.checked.require, inner, wanted=wanted) for wanted in (False, True))
    if stage is not None:
        steps.append(Step(stage, code.TRUE))
    if mode == EVALUATED:
        plain = not any(needs_loop(node) for node in (unit.checked.when, unit.checked.require) if node)
        return UnitCode(steps, code.when(code.either(false, true), [ast.Return(code.TRUE)]), plain)
    failed, passed, unsure = (_counter(unit, kind) for kind in ("failed", "passed", "unsure"))
    one = code.constant(1)
    otherwise = code.when(true, [code.increase(passed, one)], [code.increase(unsure, one)])
    return UnitCode(steps, code.when(false, [code.increase(failed, one), _fail(unit)], otherwise))


def counters(unit: Unit) -> tuple[str, str, str]:
    """The variables that count a unit's failed, passed and inconclusive entities."""
    return _counter(unit, "failed"), _counter(unit, "passed"), _counter(unit, "unsure")


def _counter(unit: Unit, kind: str) -> str:
    return f"{kind}_{unit.rule}_{unit.branch}_{unit.chain}"


def _terms(node: Node, *, wanted: bool) -> Iterator[tuple[Node, bool]]:
    """The conditions that must all be definite for `node` to be definitely `wanted`."""
    if isinstance(node, Not):
        yield from _terms(node.part, wanted=not wanted)
    elif (isinstance(node, And) and wanted) or (isinstance(node, Or) and not wanted):
        for part in node.parts:
            yield from _terms(part, wanted=wanted)
    else:
        yield node, wanted


def _steps(compiler: Compiler, terms: list[tuple[Node, bool]], at: Site) -> list[Step]:
    """Cheap tests first and in one; then those that need a loop, each behind what came before."""
    plain = [term for term in terms if not needs_loop(term[0])]
    steps: list[Step] = []
    if plain:
        tests = (compiler.truth(node, at, wanted=wanted) for node, wanted in plain)
        steps.append(Step(None, code.all_of(*tests)))
    for node, wanted in terms:
        if needs_loop(node):
            stage = Stage() if steps else None
            steps.append(Step(stage, compiler.truth(node, replace(at, lazy=stage), wanted=wanted)))
    return steps


def _fail(unit: Unit) -> ast.stmt:
    positions = [code.name(loop.position) for loop in reversed(list(unit.loop.around)) if loop.many]
    found = [*map(code.constant, (unit.rule, unit.branch, unit.chain)), ast.Tuple(list(positions), ast.Load())]
    return ast.Expr(code.call("fail", ast.Tuple(list(found), ast.Load())))
