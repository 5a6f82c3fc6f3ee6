"""Quantifiers as statements: each gathers into a variable inside the one loop over its list.

A quantifier over another list that is tied to the visited entity by an equality runs over an index of that list
instead, so that no rule looks at every pair.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from casrules.language.compiled import code, indexing
from casrules.language.compiled.loops import Hosted, Loop, Stage
from casrules.language.tree import Literal, Node, Path, Quantifier, Tuple
from casrules.language.types import BOOLEAN_TYPE

if TYPE_CHECKING:
    from casrules.language.compiled.conditions import Compiler, Operand, Site

_ONCE = 1


class Gathering(NamedTuple):
    """Where a quantifier gathers: the stage that holds its variables, the loop, the place inside the loop."""

    stage: Stage
    loop: Loop
    inside: Site


def not_empty(path: Path) -> Quantifier:
    """The quantifier that says a flattened list has an element."""
    return Quantifier("any", path, "_", Literal(True, type=BOOLEAN_TYPE), None)


def truth(compiler: Compiler, node: Quantifier, at: Site, *, wanted: bool) -> ast.expr:
    """Code that is true where the quantifier is definitely `wanted`."""
    if node.kind in {"any", "all", "none"}:
        return _existence(compiler, node, at, wanted=wanted)
    gathering = gather(compiler, node, at, certain=False)
    if node.kind == "consecutive":
        return _consecutive(compiler, node, gathering, wanted=wanted)
    return _values(compiler, node, gathering, wanted=wanted)


def gather(compiler: Compiler, node: Quantifier, at: Site, *, certain: bool) -> Gathering:
    """Find or make the loop for a quantifier; `certain` when only elements that are surely taken matter."""
    origin = at.names[node.source.scope]
    home = max((origin, *free_loops(node, at)), key=lambda loop: loop.depth)
    stage = at.lazy if home is at.loop else home.stage(_ONCE + at.nesting)
    if stage is None:
        stage = home.stage(0)
    loop = None
    if home is not origin:
        loop = indexing.indexed(compiler, node, at, home, stage, certain=certain)
    if loop is None:
        loop = compiler.nest.below(stage, home, origin, node.source.hops)
    return Gathering(stage, loop, at.inside(loop, node.variable))


def free_loops(node: Quantifier, at: Site) -> set[Loop]:
    """The loops whose entities the quantifier's filter and body read, its own element apart."""
    found: set[Loop] = set()
    inner = {node.variable}
    for part in (node.condition, node.body):
        for below in part.walk() if part is not None else ():
            if isinstance(below, Quantifier):
                inner.add(below.variable)
            if isinstance(below, Path) and below.scope not in inner:
                found.add(at.names[below.scope])
    return found


def _existence(compiler: Compiler, node: Quantifier, at: Site, *, wanted: bool) -> ast.expr:
    if node.kind == "none":
        wanted = not wanted
    deciding = node.kind != "all"  # the value of the body that settles it
    certain = wanted is deciding
    gathering = gather(compiler, node, at, certain=certain)
    if certain:
        test = code.all_of(_taken(compiler, node, gathering), _body(compiler, node, gathering, wanted=deciding))
        return _flag(compiler, gathering, test)
    # settled the other way only if every element surely does not decide
    test = code.negated(
        code.any_of(_refused(compiler, node, gathering), _body(compiler, node, gathering, wanted=not deciding))
    )
    return code.negated(_flag(compiler, gathering, test))


def _body(compiler: Compiler, node: Quantifier, gathering: Gathering, *, wanted: bool) -> ast.expr:
    return code.TRUE if node.body is None else compiler.truth(node.body, gathering.inside, wanted=wanted)


def _taken(compiler: Compiler, node: Quantifier, gathering: Gathering) -> ast.expr:
    if node.condition is None:
        return code.TRUE
    return compiler.truth(node.condition, gathering.inside, wanted=True)


def _refused(compiler: Compiler, node: Quantifier, gathering: Gathering) -> ast.expr:
    if node.condition is None:
        return code.FALSE
    return compiler.truth(node.condition, gathering.inside, wanted=False)


def _flag(compiler: Compiler, gathering: Gathering, test: ast.expr) -> ast.expr:
    """A variable that is true where `test` holds for some element."""
    if test is code.FALSE:
        return code.FALSE
    key = ("flag", gathering.loop.number, ast.dump(test))
    results = gathering.stage.results
    if key not in results:
        flag = results[key] = compiler.variable("f")
        gathering.stage.before.append(code.assign(flag, code.FALSE))
        gathering.loop.hosted.append(Hosted([code.assign(flag, code.TRUE)], test))
    return code.name(results[key])


def _counter(compiler: Compiler, gathering: Gathering, test: ast.expr) -> ast.expr:
    """A variable that counts the elements for which `test` holds."""
    key = ("counter", gathering.loop.number, ast.dump(test))
    results = gathering.stage.results
    if key not in results:
        counter = results[key] = compiler.variable("c")
        gathering.stage.before.append(code.assign(counter, code.constant(0)))
        gathering.loop.hosted.append(Hosted(code.when(test, [code.increase(counter, code.constant(1))])))
    return code.name(results[key])


def _known_value(compiler: Compiler, body: Node, at: Site) -> tuple[tuple[ast.expr, ...], ast.expr]:
    if not isinstance(body, Tuple):
        return compiler.known(compiler.operand(body, at))
    pairs = [_known_value(compiler, part, at) for part in body.parts]
    return tuple(test for tests, _ in pairs for test in tests), ast.Tuple([value for _, value in pairs], ast.Load())


def _values(compiler: Compiler, node: Quantifier, gathering: Gathering, *, wanted: bool) -> ast.expr:
    """`unique` and `same`: the known values are collected and then looked at."""
    assert node.body is not None
    taken = _taken(compiler, node, gathering)
    tests, value = _known_value(compiler, node.body, gathering.inside)
    test = code.all_of(taken, *tests)
    key = ("values", gathering.loop.number, ast.dump(test), ast.dump(value))
    results = gathering.stage.results
    if key not in results:
        values = results[key] = compiler.variable("a")
        gathering.stage.before += [
            code.assign(values, code.EMPTY_SET),
            code.assign(f"{values}n", code.constant(0)),
        ]
        add = ast.Expr(code.method(code.name(values), "add", value))
        body = code.when(test, [add, code.increase(f"{values}n", code.constant(1))])
        gathering.loop.hosted.append(Hosted(body))
    count = code.name(f"{results[key]}n")
    distinct = code.call("len", code.name(results[key]))
    operator, least = ("!=", count) if node.kind == "unique" else (">", code.constant(1))
    violated = code.compared(operator, distinct, least)
    if not wanted:
        return violated
    total = _counter(compiler, gathering, code.negated(_refused(compiler, node, gathering)))
    sure = code.any_of(code.compared("==", total, count), code.compared("<", total, code.constant(2)))
    return code.all_of(code.negated(violated), sure)


def _consecutive(compiler: Compiler, node: Quantifier, gathering: Gathering, *, wanted: bool) -> ast.expr:
    """The known values must equal their places; an element that may or may not count makes all places unknown."""
    assert node.body is not None
    taken, refused = _taken(compiler, node, gathering), _refused(compiler, node, gathering)
    guards, value = compiler.known(compiler.operand(node.body, gathering.inside))
    key = ("consecutive", gathering.loop.number, ast.dump(taken), ast.dump(value))
    results = gathering.stage.results
    if key not in results:
        results[key] = compiler.variable("p")
        place, wrong, unsure, open_ = (f"{results[key]}{suffix}" for suffix in ("", "w", "u", "o"))
        gathering.stage.before += [
            code.assign(place, code.constant(0)),
            *(code.assign(flag, code.FALSE) for flag in (wrong, unsure, open_)),
        ]
        differs = code.when(code.compared("!=", value, code.name(place)), [code.assign(wrong, code.TRUE)])
        count = [
            code.increase(place, code.constant(1)),
            *code.when(code.all_of(*guards), differs, [code.assign(unsure, code.TRUE)]),
        ]
        maybe = code.when(code.negated(refused), [code.assign(open_, code.TRUE)])
        gathering.loop.hosted.append(Hosted(code.when(taken, count, maybe)))
    _, wrong, unsure, open_ = (f"{results[key]}{suffix}" for suffix in ("", "w", "u", "o"))
    if not wanted:
        return code.all_of(code.name(wrong), code.negated(code.name(open_)))
    return code.negated(code.any_of(code.name(wrong), code.name(unsure), code.name(open_)))


def amount(compiler: Compiler, node: Quantifier, at: Site) -> Operand:
    """Code of `count`, `sum`, `min` or `max`."""
    from casrules.language.compiled.conditions import Operand

    origin, hops = at.names[node.source.scope], node.source.hops
    if node.body is None and node.condition is None and len(hops) == 1 and len(hops[0].parts) == 1:
        return Operand((), code.call("len", origin.items(hops[0].parts[0])), nullable=False)
    gathering = gather(compiler, node, at, certain=False)
    taken, refused = _taken(compiler, node, gathering), _refused(compiler, node, gathering)
    guards: tuple[ast.expr, ...] = ()
    value: ast.expr = code.constant(1)
    if node.body is not None:
        guards, value = compiler.known(compiler.operand(node.body, gathering.inside))
    key = (node.kind, gathering.loop.number, *map(ast.dump, (taken, refused, code.all_of(*guards), value)))
    results = gathering.stage.results
    if key not in results:
        results[key] = compiler.variable("s")
        _gather_amount(node.kind, results[key], gathering, (taken, refused, guards, value))
    return Operand((), code.name(results[key]), nullable=True)


def _gather_amount(
    kind: str,
    result: str,
    gathering: Gathering,
    parts: tuple[ast.expr, ast.expr, tuple[ast.expr, ...], ast.expr],
) -> None:
    taken, refused, guards, value = parts
    certain = not guards and refused is code.FALSE
    total, unsure = (result if certain else f"{result}t"), f"{result}u"
    start = code.NONE if kind in {"min", "max"} else code.constant(0)
    unknown: list[ast.stmt] = [code.assign(unsure, code.TRUE)]
    if gathering.loop.pieces:
        unknown.append(ast.Break())
    add = code.when(code.all_of(*guards), [_added(kind, total, value)], unknown)
    body = code.when(taken, add, code.when(code.negated(refused), unknown))
    gathering.stage.before.append(code.assign(total, start))
    gathering.loop.hosted.append(Hosted(body))
    if certain:
        return
    gathering.stage.before.append(code.assign(unsure, code.FALSE))
    settled = code.choice(code.name(unsure), code.NONE, code.name(total))
    gathering.stage.after.append(code.assign(result, settled))


def _added(kind: str, total: str, value: ast.expr) -> ast.stmt:
    if kind == "count":
        return code.increase(total, code.constant(1))
    if kind == "sum":
        return code.increase(total, value)
    better = code.compared("<" if kind == "min" else ">", value, code.name(total))
    unset = code.negated(code.is_known(code.name(total)))
    return ast.If(code.any_of(unset, better), [code.assign(total, value)], [])
