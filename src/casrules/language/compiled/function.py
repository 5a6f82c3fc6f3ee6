"""Puts the loop nest together into one Python function."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from casrules.language.checked import CheckedRule
from casrules.language.compiled import code
from casrules.language.compiled.conditions import Compiler, Site
from casrules.language.compiled.grouping import grouped
from casrules.language.compiled.loops import Hosted, Loop, Nest, Read, Stage
from casrules.language.compiled.remembering import remembered
from casrules.language.compiled.units import COUNTS, EVALUATED, FAILURES, Unit, UnitCode, compile_unit, counters
from casrules.language.outcomes import Table
from casrules.language.tree import Hop
from casrules.language.visiting import Bound, step_into

Names = tuple[str, ...]


@dataclass(frozen=True)
class Generated:
    """A generated function; `units` in the order of its counts (failed, passed, inconclusive, visited of each)."""

    run: Callable[..., Any]
    units: list[Unit]
    module: ast.Module = field(repr=False)

    @property
    def source(self) -> str:
        """Its Python source, for people who want to see it."""
        return ast.unparse(self.module)


@dataclass(slots=True)
class Builder:
    """Builds the function for some rules (by position) in one mode."""

    mode: str
    compiler: Compiler
    units: list[Unit] = field(default_factory=list)
    reads: dict[str, Read] = field(default_factory=dict)

    def add(self, number: int, rule: CheckedRule) -> None:
        """Add every branch of a rule on each of its ways."""
        for chain_number, chain in enumerate(rule.chains):
            for branch_number, branch in enumerate(rule.branches):
                if chain_number not in branch.chains:
                    continue
                loops = self._way(tuple(Hop(((step.name,),), step.element.many) for step in chain.steps))
                for loop in loops:
                    loop.index = loop.index or (loop.many and self.mode != EVALUATED)
                names = {name: loops[depth] for name, depth in chain.scopes.items()}
                unit = Unit(number, branch_number, chain_number, branch, loops[-1])
                self.units.append(unit)
                loops[-1].rules.append(compile_unit(self.compiler, unit, Site(loops[-1], names), self.mode))

    def _way(self, hops: tuple[Hop, ...]) -> list[Loop]:
        loops = [self.compiler.nest.root]
        for hop in hops:
            above = loops[-1]
            loops.append(self.compiler.nest.below(above.stage(0), above, above, (hop,)))
        return loops

    def generate(self) -> Generated:
        """The function, compiled."""
        root = self.compiler.nest.root
        self._collect(root)
        body = [*self._start(), *self._body(root), *self._end()]
        arguments = [ast.arg(name) for name in ("record", "reference_date", "fail")]
        function = ast.FunctionDef(
            "plan", ast.arguments([], arguments, None, [], [], None, []), body or [ast.Pass()], [], None
        )
        module = _inlined(ast.Module([function], []), self.reads)
        ast.fix_missing_locations(module)
        namespace = {**self.compiler.globals, "flattened": _flattened}
        # the tree is built from typed nodes only, no text of a pack ever becomes code
        exec(compile(module, "<rule plan>", "exec"), namespace)
        return Generated(namespace["plan"], self.units, module)

    def _start(self) -> list[ast.stmt]:
        if self.mode != COUNTS:
            return []
        names = [name for unit in self.units for name in counters(unit)]
        names += sorted({_visits(unit.loop) for unit in self.units})
        return [code.assign(name, code.constant(0)) for name in names]

    def _end(self) -> list[ast.stmt]:
        if self.mode == EVALUATED:
            return [ast.Return(code.FALSE)]
        if self.mode != COUNTS:
            return []
        counted = [
            ast.Tuple([code.name(name) for name in (*counters(unit), _visits(unit.loop))], ast.Load())
            for unit in self.units
        ]
        return [ast.Return(ast.List(list(counted), ast.Load()))]

    def _collect(self, loop: Loop) -> None:
        for read in loop.reads.values():
            self.reads[read.variable] = read
        stages = [*loop.stages.values(), *(step.stage for unit in loop.rules for step in unit.steps if step.stage)]
        for stage in stages:
            for below in stage.loops.values():
                self._collect(below)

    # --- statements ------------------------------------------------------------------------------------------

    def _body(self, loop: Loop) -> list[ast.stmt]:
        found = [code.assign(read.variable, read.expression) for read in loop.reads.values()]
        rules = loop.rules
        if self.mode == EVALUATED:  # the first answer ends the function: what needs no inner loop is asked first
            found += [statement for unit in rules if unit.is_plain for statement in self._unit(unit)]
            rules = [unit for unit in rules if not unit.is_plain]
        for number in sorted(loop.stages, reverse=True):
            found += self._stage(loop.stages[number])
        alone = loop.many and len(loop.hosted) == 1 and not loop.rules and not any(map(_is_used, loop.stages.values()))
        tests = [statement for hosted in loop.hosted for statement in _hosted(hosted, alone=alone)]
        if self.mode == COUNTS and loop.rules:
            tests.append(code.increase(_visits(loop), code.constant(1)))
        tests += [statement for unit in rules for statement in self._unit(unit)]
        # elsewhere the order of the tests counts, or each has an answer to give however it ends
        return [
            *found,
            *(grouped(tests, self.compiler.globals, self.compiler.bind) if self.mode == FAILURES else tests),
        ]

    def _stage(self, stage: Stage) -> list[ast.stmt]:
        memories: list[ast.stmt] = [
            code.assign(name, ast.Dict([], [])) for key, name in stage.results.items() if key[0] == "memory"
        ]
        loops = [found for loop in stage.loops.values() for found in self._remembering(loop, stage)]
        return [*memories, *stage.before, *loops, *stage.after]

    def _remembering(self, loop: Loop, stage: Stage) -> list[ast.stmt]:
        statements = self._loop(loop)
        if not loop.index_name or not statements:
            return statements
        (whole,) = statements
        assert isinstance(whole, ast.For)
        constant = {*self.compiler.globals, "flattened"}
        plain = {"reference_date"}.union(*(around.plain for around in loop.around))
        return remembered(loop, whole, stage.before, constant=constant, plain=plain)

    def _loop(self, loop: Loop) -> list[ast.stmt]:
        body = self._body(loop)
        if not body or loop.source is None:
            return []
        if not loop.many:
            known = code.is_known(code.name(loop.variable))
            return [code.assign(loop.variable, loop.source), ast.If(known, body, [])]
        if loop.pieces:
            piece = f"l{loop.number}"
            return [code.loop(piece, loop.source, [code.loop(loop.variable, code.name(piece), body)])]
        return [code.loop(loop.variable, loop.source, body, loop.position if loop.index else None)]

    def _unit(self, unit: UnitCode) -> list[ast.stmt]:
        body = unit.action
        for step in reversed(unit.steps):
            before = self._stage(step.stage) if step.stage is not None else []
            body = [*before, *code.when(step.test, body)]
        return body


def _is_used(stage: Stage) -> bool:
    return bool(stage.loops or stage.before or stage.after)


def _hosted(hosted: Hosted, *, alone: bool) -> list[ast.stmt]:
    if hosted.test is None:
        return hosted.body
    return code.when(hosted.test, [*hosted.body, ast.Break()] if alone else hosted.body)


def _visits(loop: Loop) -> str:
    return f"visited_{loop.number}"


def _flattened(entity: dict[str, Any], names: Names) -> list[Any]:
    """The entities that `names` lead to, lists flattened: for views whose parts are more than one step away."""
    bounds = [Bound(entity, ())]
    for name in names:
        bounds = [found for bound in bounds for found in step_into(bound, name)]
    return [bound.entity for bound in bounds]


def _inlined(module: ast.Module, reads: dict[str, Read]) -> ast.Module:
    """Values that are used once are written in their place, the others stay variables; unused ones go."""
    uses = Counter(node.id for node in ast.walk(module) if isinstance(node, ast.Name))
    uses.subtract(list(reads))  # the assignments themselves
    for variable, read in reversed(reads.items()):  # what a read is made of comes before it
        if uses[variable] < 1:
            uses.subtract(node.id for node in ast.walk(read.expression) if isinstance(node, ast.Name))
    once = {variable: read.expression for variable, read in reads.items() if uses[variable] <= 1}
    return ast.Module([_Inliner(once).visit(statement) for statement in module.body], [])


class _Inliner(ast.NodeTransformer):
    def __init__(self, once: dict[str, ast.expr]) -> None:
        self.once = once

    def visit_Assign(self, node: ast.Assign) -> ast.AST | None:
        target = node.targets[0]
        if isinstance(target, ast.Name) and target.id in self.once:
            return None
        return self.generic_visit(node)

    def visit_For(self, node: ast.For) -> ast.AST | None:
        self.generic_visit(node)
        return node if node.body else None  # the body was a value that nobody uses

    def visit_If(self, node: ast.If) -> ast.AST | None:
        self.generic_visit(node)
        return node if node.body else None

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        node.body = node.body or [ast.Pass()]
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id not in self.once or not isinstance(node.ctx, ast.Load):
            return node
        inlined: ast.AST = self.visit(self.once[node.id])
        return inlined


def build_function(
    rules: Sequence[tuple[int, CheckedRule]],
    mode: str,
    *,
    carried: Callable[[Names], bool] | None,
    code_lists: Callable[[str], frozenset[str] | None],
    tables: Callable[[str], Table | None],
) -> Generated:
    """Generate the function of `mode` for `rules`, each with its position in the plan."""
    builder = Builder(mode, Compiler(Nest(carried), code_lists, tables))
    for number, rule in rules:
        builder.add(number, rule)
    return builder.generate()
