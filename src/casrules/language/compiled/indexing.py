"""Indexes of lists: a quantifier that compares each element with the visited entity finds its elements by key."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from casrules.language.compiled import code
from casrules.language.compiled.lists import needs_loop
from casrules.language.compiled.loops import Hosted, Loop, Stage
from casrules.language.compiled.remembering import memory_of
from casrules.language.tree import And, Compare, Node, Path, Quantifier, Tuple
from casrules.language.types import DATETIME

if TYPE_CHECKING:
    from casrules.language.compiled.conditions import Compiler, Site

_FIRST = 1000
"""The stage of indexes: before everything that may use them."""


def indexed(compiler: Compiler, node: Quantifier, at: Site, home: Loop, stage: Stage, *, certain: bool) -> Loop | None:
    """A loop over the elements that can matter, found by key; None where no equality ties the list to `home`.

    An element whose key is unknown can matter wherever `certain` is false, and so can every element where the key that
    is looked for is unknown.
    """
    terms = list(_terms(node))
    tied = next(filter(None, (_tie(term, node.variable) for term in terms)), None)
    if tied is None:
        return None
    own, other = tied
    index, first = _build(compiler, node, at, own, [term for term in terms if _is_local(term, node.variable)])
    guards, key = compiler.known(compiler.operand(other, at))
    found = code.method(code.name(index), "get", key, code.EMPTY_TUPLE)
    if certain:
        source = code.choice(code.all_of(*guards), found, code.EMPTY_TUPLE)
    else:
        some = ast.Tuple([found, code.name(f"{index}u")], ast.Load())
        every = ast.Tuple([code.name(f"{index}e")], ast.Load())
        source = code.choice(code.all_of(*guards), some, every)
    # a loop that one quantifier may leave as soon as it is sure of being unsure is not shared with others
    name = ("index", index, ast.dump(key), None if certain else node)
    loop = compiler.nest.over(stage, home, name, source, index=index, pieces=not certain)
    first.results.setdefault(("memory", loop.number), memory_of(loop))
    return loop


def _terms(node: Quantifier) -> Iterator[Node]:
    """What must all hold for an element to matter."""
    yield from _conjuncts(node.condition)
    if node.kind in {"any", "none"}:
        yield from _conjuncts(node.body)


def _conjuncts(node: Node | None) -> Iterator[Node]:
    if isinstance(node, And):
        for part in node.parts:
            yield from _conjuncts(part)
    elif node is not None:
        yield node


def _tie(term: Node, variable: str) -> tuple[Node, Node] | None:
    """The element's side and the other side of an equality between them."""
    if not isinstance(term, Compare) or term.op != "==" or isinstance(term.left, Tuple):
        return None
    if term.left.type.kind == DATETIME:
        return None
    for own, other in ((term.left, term.right), (term.right, term.left)):
        if _is_local(own, variable) and not _mentions(other, variable):
            return own, other
    return None


def _is_local(node: Node, variable: str) -> bool:
    """It reads the element and nothing else."""
    parts = list(node.walk())
    paths = [part for part in parts if isinstance(part, Path)]
    return bool(paths) and all(path.scope == variable for path in paths) and not needs_loop(node)


def _mentions(node: Node, variable: str) -> bool:
    return needs_loop(node) or any(isinstance(part, Path) and part.scope == variable for part in node.walk())


def _build(compiler: Compiler, node: Quantifier, at: Site, own: Node, local: list[Node]) -> tuple[str, Stage]:
    """The name of the index and the stage that makes it; `<name>u` are the elements without a key, `<name>e` all."""
    origin = at.names[node.source.scope]
    stage = origin.stage(_FIRST + at.nesting)
    loop = compiler.nest.below(stage, origin, origin, node.source.hops)
    inside = at.inside(loop, node.variable)
    guards, key = compiler.known(compiler.operand(own, inside))
    possible = code.all_of(*(code.negated(compiler.truth(term, inside, wanted=False)) for term in local))
    name = ("index", loop.number, ast.dump(key), ast.dump(possible))
    if name not in stage.results:
        index = stage.results[name] = compiler.variable("x")
        element = code.name(loop.variable)
        stage.before += [
            code.assign(index, ast.Dict([], [])),
            code.assign(f"{index}u", ast.List([], ast.Load())),
            code.assign(f"{index}e", ast.List([], ast.Load())),
        ]
        bucket = code.method(code.name(index), "setdefault", key, ast.List([], ast.Load()))
        keep = [
            _append(code.name(f"{index}e"), element),
            *code.when(code.all_of(*guards), [_append(bucket, element)], [_append(code.name(f"{index}u"), element)]),
        ]
        loop.hosted.append(Hosted(code.when(possible, keep)))
    return stage.results[name], stage


def _append(to: ast.expr, element: ast.expr) -> ast.stmt:
    return ast.Expr(code.method(to, "append", element))
