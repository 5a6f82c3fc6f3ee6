"""What a quantifier found among many elements with one key, kept for the next entity that asks the same.

An index alone is not enough where thousands of elements share a key (one licence for all goods items): each of the
entities that look for it would go through all of them.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Iterable

from casrules.language.compiled import code
from casrules.language.compiled.loops import Loop

MANY = 8
"""Elements with one key beyond which it pays to look for what was found before."""
_BUILTINS = frozenset(dir(builtins))


def remembered(
    loop: Loop, statement: ast.For, before: list[ast.stmt], *, constant: Collection[str], plain: Collection[str]
) -> list[ast.stmt]:
    """The loop over an index, skipped where it went through the same elements with the same values around it before.

    `before` sets up what the loop gathers. Names in `constant` never change; those in `plain` stand for a text, a
    number or the like. Where the loop uses another name from outside, it is left as it is.
    """
    used = _names(statement.body, ast.Load) | _names([statement.iter], ast.Load)
    gathered = sorted(_names(before, ast.Store) & _names(statement.body, ast.expr_context))
    inner = _names([statement], ast.Store)
    index = {loop.index_name, f"{loop.index_name}u", f"{loop.index_name}e"}
    values = sorted(used - inner - index - _BUILTINS - {*gathered, *constant})
    if not gathered or not set(values) <= set(plain):
        return [statement]
    elements, many, key, found = (f"{letter}{loop.number}" for letter in ("b", "m", "k", "r"))
    size = code.call("len", code.name(elements))
    if loop.pieces:
        size = code.call("sum", code.call("map", code.name("len"), code.name(elements)))
    kept = _tuple(gathered)
    recall = [
        ast.Assign([_tuple(gathered, ast.Store())], code.name(found)),
        code.assign(elements, code.EMPTY_TUPLE),
        code.assign(many, code.FALSE),
    ]
    look = [
        code.assign(key, _tuple(values)),
        code.assign(found, code.method(code.name(memory_of(loop)), "get", code.name(key))),
        ast.If(code.is_known(code.name(found)), recall, []),
    ]
    keep = ast.Assign([ast.Subscript(code.name(memory_of(loop)), code.name(key), ast.Store())], kept)
    return [
        code.assign(elements, statement.iter),
        code.assign(many, code.compared(">", size, code.constant(MANY))),
        ast.If(code.name(many), look, []),
        ast.For(statement.target, code.name(elements), statement.body, []),
        ast.If(code.name(many), [keep], []),
    ]


def memory_of(loop: Loop) -> str:
    """The variable that holds what a loop over an index found."""
    return f"{loop.index_name}m{loop.number}"


def _names(nodes: Iterable[ast.AST], context: type[ast.expr_context]) -> set[str]:
    return {
        node.id
        for top in nodes
        for node in ast.walk(top)
        if isinstance(node, ast.Name) and isinstance(node.ctx, context)
    }


def _tuple(names: list[str], context: ast.expr_context | None = None) -> ast.Tuple:
    context = context or ast.Load()
    return ast.Tuple([ast.Name(name, context) for name in names], context)
