"""Typing of calls: presence, quantifiers over lists, code lists and tables, and the ordinary functions."""

from __future__ import annotations

import ast
from typing import cast

from casrules.language.dates import is_date
from casrules.language.functions import FUNCTIONS, KNOWN_NAMES, QUANTIFIERS, Function, Parameter
from casrules.language.inference import Inference
from casrules.language.paths import type_path
from casrules.language.patterns import PatternError, matcher
from casrules.language.scopes import duplicate, nearest
from casrules.language.tree import (
    And,
    Call,
    Listed,
    Literal,
    Lookup,
    Node,
    Not,
    Path,
    Presence,
    Quantifier,
    Tuple,
)
from casrules.language.types import (
    BOOLEAN,
    BOOLEAN_TYPE,
    DATE,
    DATE_TYPE,
    DATETIME,
    KIND_OF,
    LIST,
    NUMBER,
    NUMBER_TYPE,
    TEXT,
    TEXT_TYPE,
    Type,
)
from casrules.language.vocabulary import settle, unavailable


def infer_call(inference: Inference, node: ast.Call) -> Node:
    """The typed node of a call; RuleError for an unknown function or arguments that do not fit."""
    syntax, name = inference.syntax, cast(ast.Name, node.func).id
    if name in {"present", "missing"}:
        return _presence(inference, node, name)
    if name in QUANTIFIERS:
        return _quantifier(inference, node, name)
    if name == "listed":
        of, list_name = _arguments(inference, node, 2)
        return _listed(inference, node, of, list_name)
    if name == "lookup":
        return _lookup(inference, node)
    if name == "date" and len(node.args) == 1 and isinstance(node.args[0], ast.Constant):
        return _date(inference, node, node.args[0])
    if name not in FUNCTIONS:
        raise syntax.fault(f"unknown function {name!r}", node, nearest(name, KNOWN_NAMES))
    return _ordinary(inference, node, FUNCTIONS[name])


def _arguments(inference: Inference, node: ast.Call, count: int) -> list[ast.expr]:
    if len(node.args) != count:
        raise inference.syntax.fault(
            f"{count} argument(s) wanted, {len(node.args)} given", node, "see the rule language"
        )
    return node.args


def _presence(inference: Inference, node: ast.Call, name: str) -> Node:
    (argument,) = _arguments(inference, node, 1)
    text = inference.syntax.source(node)
    of = inference.infer(argument)
    if not isinstance(of, (Path, Lookup)):
        raise inference.syntax.fault(
            "only what the declaration or a table holds can be present", node, "name an element"
        )
    found = Presence(of, text=text)
    return found if name == "present" else Not(found, text=text)


def _quantifier(inference: Inference, node: ast.Call, kind: str) -> Node:
    (argument,) = _arguments(inference, node, 1)
    syntax, text = inference.syntax, inference.syntax.source(node)
    if not isinstance(argument, ast.GeneratorExp):
        if kind != "count":
            raise syntax.fault(
                f"{kind} wants a comprehension",
                node,
                f"{kind}(x… for x in list); present(list) for not empty",
            )
        source = _list(inference, argument)
        return Quantifier(kind, source, "_", None, None, type=NUMBER_TYPE, text=text)
    part = argument.generators[0]
    source = _list(inference, part.iter)
    variable = cast(ast.Name, part.target).id
    if variable in {*inference.locals, *inference.vocabulary.names(), *KNOWN_NAMES}:
        raise duplicate(variable, syntax.place)
    inner = Inference(inference.vocabulary, syntax, {**inference.locals, variable: source.type.entity})
    filters = tuple(inner.condition(test) for test in part.ifs)
    condition = (
        filters[0]
        if len(filters) == 1
        else And(filters, text=" and ".join(f.text for f in filters))
        if filters
        else None
    )
    body = _body(inner, argument.elt, kind, variable)
    result = {"count": NUMBER_TYPE, "sum": NUMBER_TYPE}.get(kind, BOOLEAN_TYPE)
    if kind in {"min", "max"} and body is not None:
        result = body.type
    return Quantifier(kind, source, variable, body, condition, type=result, text=text)


def _list(inference: Inference, node: ast.expr) -> Path:
    path = type_path(inference.vocabulary, inference.syntax, node, inference.locals, through_lists=True)
    if path.type.kind != LIST or path.elements[-1].is_scalar:
        raise inference.syntax.fault(f"a list is wanted, this is {_what(path)}", node, "name a list: item.packages")
    return path


def _what(path: Path) -> str:
    if path.elements and path.elements[-1].is_scalar:
        return f"a value ({KIND_OF[path.elements[-1].type]})"
    return f"one {path.type}"


def _body(inner: Inference, node: ast.expr, kind: str, variable: str) -> Node | None:
    syntax = inner.syntax
    if kind in {"any", "all", "none"}:
        return inner.condition(node)
    if kind == "count" and isinstance(node, ast.Name) and node.id == variable:
        return None
    body = inner.member(node) if kind in {"unique", "same"} else inner.value(node)
    body = settle(body, syntax)
    kinds = _value_kinds(body)
    if kind in {"sum", "consecutive"} and kinds != {NUMBER}:
        raise syntax.fault(f"{kind} wants numbers, this is {body.type}", node)
    if kind in {"min", "max"} and not kinds <= {NUMBER, DATE}:
        raise syntax.fault(f"{kind} wants numbers or dates, this is {body.type}", node, "of a time, take date(x)")
    if kind == "count" and kinds == {BOOLEAN}:
        raise syntax.fault("count counts elements, not conditions", node, "put the condition after `if`")
    if DATETIME in kinds:
        raise syntax.fault(f"{kind} cannot compare times", node, "take date(x)")
    return body


def _value_kinds(body: Node) -> set[str]:
    if isinstance(body, Tuple):
        return {kind for part in body.parts for kind in _value_kinds(part)}
    return {body.type.kind}


def _literal_text(inference: Inference, node: ast.expr, what: str) -> str:
    typed = inference.infer(node)
    if not isinstance(typed, Literal) or not isinstance(typed.value, str):
        raise inference.syntax.fault(f"the {what} is written out", node, 'quote it: "CL010"')
    return typed.value


def _listed(inference: Inference, node: ast.Call, of: ast.expr, list_name: ast.expr) -> Node:
    name = _literal_text(inference, list_name, "name of the code list")
    known = inference.vocabulary.known.code_lists
    if known is not None and name not in known:
        raise unavailable("code list", name, inference.syntax, nearest(name, known))
    return Listed(inference.of_kind(of, (TEXT,), "listed"), name, text=inference.syntax.source(node))


def _lookup(inference: Inference, node: ast.Call) -> Node:
    table_node, key, column_node = _arguments(inference, node, 3)
    table = _literal_text(inference, table_node, "name of the table")
    column = _literal_text(inference, column_node, "name of the column")
    known = inference.vocabulary.known.tables
    kind: Type = TEXT_TYPE
    if known is not None:
        if table not in known:
            raise unavailable("table", table, inference.syntax, nearest(table, known))
        if column not in known[table]:
            raise unavailable("column", f"{table}.{column}", inference.syntax, nearest(column, known[table]))
        kind = Type(KIND_OF[known[table][column]])
    return Lookup(
        table,
        inference.of_kind(key, (TEXT,), "lookup"),
        column,
        inference.vocabulary.known.words.get(table, {}).get(column, ""),
        type=kind,
        text=inference.syntax.source(node),
    )


def _date(inference: Inference, node: ast.Call, argument: ast.Constant) -> Node:
    if not isinstance(argument.value, str) or not is_date(argument.value):
        raise inference.syntax.fault("this is no date of the calendar", node, 'write date("2025-01-21")')
    return Literal(argument.value, type=DATE_TYPE, text=inference.syntax.source(node))


def _ordinary(inference: Inference, node: ast.Call, function: Function) -> Node:
    syntax, parameters = inference.syntax, function.parameters
    least = sum(not parameter.optional for parameter in parameters)
    if not least <= len(node.args) <= len(parameters):
        raise syntax.fault(f"{len(node.args)} argument(s) given", node, f"write {function.signature}")
    arguments = tuple(
        _argument(inference, argument, parameter, function.name)
        for argument, parameter in zip(node.args, parameters, strict=False)
    )
    if function.name == "matches":
        try:
            matcher(str(cast(Literal, arguments[1]).value))
        except PatternError as error:
            raise syntax.fault(f"the pattern does not compile ({error})", node, "patterns are those of RE2") from None
    return Call(function.name, arguments, type=function.result, text=syntax.source(node))


def _argument(inference: Inference, node: ast.expr, parameter: Parameter, name: str) -> Node:
    typed = inference.of_kind(node, parameter.kinds, name)
    if not parameter.literal:
        return typed
    if not isinstance(typed, Literal):
        raise inference.syntax.fault(f"this argument of {name} is written out", node, "write a literal")
    if parameter.choices and typed.value not in parameter.choices:
        raise inference.syntax.fault(f"{name} does not know this", node, nearest(str(typed.value), parameter.choices))
    if parameter.kinds == (NUMBER,) and not (isinstance(typed.value, int) and 0 <= typed.value <= 12):
        raise inference.syntax.fault("a whole number from 0 to 12 is wanted", node)
    return typed
