"""Writes a typed tree back as text of the rule language, for clauses and mutants that have no source text."""

from __future__ import annotations

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
from casrules.language.types import DATE

_OR, _AND, _NOT, _COMPARISON, _SUM, _PRODUCT, _ATOM = range(7)


def written(node: Node) -> str:
    """The text of `node`; `let` names and parameters are put in."""
    return _text(node, _OR)


def _text(node: Node, least: int) -> str:
    level, text = _part(node)
    return f"({text})" if level < least else text


def _part(node: Node) -> tuple[int, str]:
    match node:
        case Or(parts=parts):
            return _OR, " or ".join(_text(part, _AND) for part in parts)
        case And(parts=parts):
            return _AND, " and ".join(_text(part, _NOT) for part in parts)
        case Not(part=part):
            return _negated(part)
        case Compare(op=op, left=left, right=right):
            return _COMPARISON, f"{_text(left, _SUM)} {op} {_text(right, _SUM)}"
        case Member():
            return _COMPARISON, _member(node, "in")
        case Arithmetic(op=op, left=left, right=right):
            level = _SUM if op in "+-" else _PRODUCT
            return level, f"{_text(left, level)} {op} {_text(right, level + 1)}"
        case _:
            return _ATOM, _atom(node)


def _negated(part: Node) -> tuple[int, str]:
    if isinstance(part, Presence):
        return _ATOM, f"missing({written(part.of)})"
    if isinstance(part, Member):
        return _COMPARISON, _member(part, "not in")
    return _NOT, f"not {_text(part, _NOT)}"


def _member(node: Member, word: str) -> str:
    return f"{_text(node.item, _SUM)} {word} {{{', '.join(map(written, node.options))}}}"


def _atom(node: Node) -> str:
    match node:
        case Literal():
            return _literal(node)
        case Path(scope=scope, names=names):
            return ".".join((scope, *names))
        case ReferenceDate():
            return "reference_date"
        case Presence(of=of):
            return f"present({written(of)})"
        case Quantifier():
            return _quantifier(node)
        case Tuple(parts=parts):
            return f"({', '.join(map(written, parts))})"
        case Call(function=function, arguments=arguments):
            return f"{function}({', '.join(map(written, arguments))})"
        case Prefix(of=of, length=length):
            return f"{_text(of, _ATOM)}[:{length}]"
        case Listed(of=of, name=name):
            return f'listed({written(of)}, "{name}")'
        case Lookup(table=table, key=key, column=column):
            return f'lookup("{table}", {written(key)}, "{column}")'
        case _:
            return node.text


def _literal(node: Literal) -> str:
    if isinstance(node.value, bool):
        return "true" if node.value else "false"
    if isinstance(node.value, str):
        if node.type.kind == DATE:
            return f'date("{node.value}")'
        quote = "'" if '"' in node.value else '"'
        return f"{quote}{node.value}{quote}"
    return str(node.value)


def _quantifier(node: Quantifier) -> str:
    if node.body is None and node.condition is None:
        return f"{node.kind}({written(node.source)})"
    body = written(node.body) if node.body is not None else node.variable
    condition = f" if {written(node.condition)}" if node.condition is not None else ""
    return f"{node.kind}({body} for {node.variable} in {written(node.source)}{condition})"
