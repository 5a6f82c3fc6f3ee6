"""Conditions as Python expressions: for each node, code for "is definitely true" and for "is definitely false"."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, NamedTuple

from casrules.language.compiled import code, quantify
from casrules.language.compiled.lists import is_single_list
from casrules.language.compiled.loops import EMPTY, Loop, Nest, Stage
from casrules.language.dates import order_of
from casrules.language.functions import FUNCTIONS
from casrules.language.numbers import divide
from casrules.language.outcomes import PartialCodes, Table
from casrules.language.patterns import matcher
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
    Value,
)
from casrules.language.types import BOOLEAN, DATETIME, LIST


class Operand(NamedTuple):
    """A value's code: `guards` must hold before `value` may be computed, which is None for unknown if `nullable`."""

    guards: tuple[ast.expr, ...]
    value: ast.expr
    nullable: bool


@dataclass(frozen=True, slots=True)
class Site:
    """Where code is being written: the loop, what the names stand for, the depth of comprehensions around.

    `lazy` takes the loops of quantifiers that only run when the code before them has held.
    """

    loop: Loop
    names: Mapping[str, Loop]
    nesting: int = 0
    lazy: Stage | None = None

    def inside(self, loop: Loop, variable: str) -> Site:
        """The place in `loop`, whose element is called `variable`."""
        return Site(loop, {**self.names, variable: loop}, self.nesting + 1)


@dataclass(slots=True)
class Compiler:
    """Writes conditions; `globals` is what the generated function sees."""

    nest: Nest
    code_lists: Callable[[str], frozenset[str] | None]
    tables: Callable[[str], Table | None]
    globals: dict[str, Any] = field(default_factory=lambda: {EMPTY: {}})
    bound: dict[tuple[object, ...], str] = field(default_factory=dict)
    variables: int = 0

    def variable(self, letter: str) -> str:
        """A new local variable."""
        self.variables += 1
        return f"{letter}{self.variables}"

    def bind(self, key: tuple[object, ...], value: object) -> ast.Name:
        """A global of the generated function that holds `value`; one for each key."""
        if key not in self.bound:
            self.bound[key] = f"g{len(self.bound)}"
            self.globals[self.bound[key]] = value
        return code.name(self.bound[key])

    # --- truth -----------------------------------------------------------------------------------------------

    def truth(self, node: Node, at: Site, *, wanted: bool) -> ast.expr:
        """Code that is true exactly where `node` is definitely `wanted`."""
        match node:
            case Not(part=part):
                return self.truth(part, at, wanted=not wanted)
            case And(parts=parts) | Or(parts=parts):
                inner = [self.truth(part, at, wanted=wanted) for part in parts]
                return code.all_of(*inner) if isinstance(node, And) is wanted else code.any_of(*inner)
            case Literal(value=value):
                return code.TRUE if value is wanted else code.FALSE
            case Presence():
                found = self._present(node, at)
                return found if wanted else code.negated(found)
            case Compare():
                return self._compare(node, at, wanted=wanted)
            case Member():
                return self._member(node, at, wanted=wanted)
            case Listed():
                listed = self.code_lists(node.name)
                if not wanted and isinstance(listed, PartialCodes):
                    return code.FALSE
                codes = self.bind(("list", node.name), listed)
                return self._among(self.operand(node.of, at), codes, wanted=wanted)
            case Call():
                return self._check(node, at, wanted=wanted)
            case Quantifier():
                return quantify.truth(self, node, at, wanted=wanted)
            case _:
                guards, known = self.known(self.operand(node, at))
                return code.all_of(*guards, known if wanted else code.negated(known))

    def _present(self, node: Presence, at: Site) -> ast.expr:
        of = node.of
        if isinstance(of, Lookup):
            return code.all_of(*self.known(self.operand(of, at))[0])
        if of.type.kind == LIST:
            if is_single_list(of):
                return at.names[of.scope].items(tuple(hop.parts[0][0] for hop in of.hops))
            return quantify.truth(self, quantify.not_empty(of), at, wanted=True)
        if not of.names:
            return code.TRUE
        return code.is_known(at.names[of.scope].value(of.names))

    def _compare(self, node: Compare, at: Site, *, wanted: bool) -> ast.expr:
        if isinstance(node.left, Tuple) and isinstance(node.right, Tuple):
            pairs = zip(node.left.parts, node.right.parts, strict=True)
            parts = And(tuple(Compare("==", left, right) for left, right in pairs))
            return self.truth(parts, at, wanted=wanted is (node.op == "=="))
        operator = node.op if wanted else code.OPPOSITE[node.op]
        left, right = (_exact(side, other) for side, other in ((node.left, node.right), (node.right, node.left)))
        first, second = self.operand(left, at), self.operand(right, at)
        if node.left.type.kind == DATETIME:
            return self._compare_times(operator, first, second)
        if operator == "==" and not (first.nullable and second.nullable):
            return code.all_of(*first.guards, *second.guards, code.compared("==", first.value, second.value))
        guards, one = self.known(first)
        more, other = (second.guards, second.value) if operator == "==" else self.known(second)
        return code.all_of(*guards, *more, code.compared(operator, one, other))

    def _compare_times(self, operator: str, first: Operand, second: Operand) -> ast.expr:
        guards, one = self.known(first)
        more, other = self.known(second)
        order = self.temporary(code.call(self.bind(("function", "order_of"), order_of), one, other))
        tests, value = self.known(order)
        return code.all_of(*guards, *more, *tests, code.compared(operator, value, code.constant(0)))

    def _member(self, node: Member, at: Site, *, wanted: bool) -> ast.expr:
        literals = [option.value for option in node.options if isinstance(option, Literal)]
        if len(literals) == len(node.options) and node.item.type.kind != DATETIME:
            options = self.bind(("set", *sorted(map(repr, literals))), frozenset(literals))
            return self._among(self.operand(node.item, at), options, wanted=wanted)
        either = Or(tuple(Compare("==", node.item, option) for option in node.options))
        return self.truth(either, at, wanted=wanted)

    def _among(self, item: Operand, options: ast.expr, *, wanted: bool) -> ast.expr:
        if wanted:  # None is never among them
            return code.all_of(*item.guards, code.compared("in", item.value, options))
        guards, value = self.known(item)
        return code.all_of(*guards, code.compared("not in", value, options))

    def _check(self, node: Call, at: Site, *, wanted: bool) -> ast.expr:
        first, *others = node.arguments
        if node.function == "startswith" and isinstance(others[0], Literal):
            begins = Compare("==", Prefix(first, len(str(others[0].value))), others[0])
            return self.truth(begins, at, wanted=wanted)
        if node.function == "matches":
            guards, value = self.known(self.operand(first, at))
            pattern = str(others[0].value) if isinstance(others[0], Literal) else ""
            found = code.call(self.bind(("pattern", pattern), matcher(pattern)), value)
            return code.all_of(*guards, code.is_known(found) if wanted else code.negated(code.is_known(found)))
        if node.function == "within" and isinstance(others[1], Literal):
            return self._within(node, others[1], at, wanted=wanted)
        result = self.operand(node, at)
        return code.all_of(*result.guards, result.value if wanted else code.negated(result.value))

    def _within(self, node: Call, tolerance: Literal, at: Site, *, wanted: bool) -> ast.expr:
        assert isinstance(tolerance.value, (int, Decimal))
        least, most = self._literal(-Decimal(tolerance.value)), self._literal(Decimal(tolerance.value))
        guards, value = self.known(self.operand(Arithmetic("-", node.arguments[0], node.arguments[1]), at))
        holds = ast.Compare(least, [ast.LtE(), ast.LtE()], [value, most])
        return code.all_of(*guards, holds if wanted else ast.UnaryOp(ast.Not(), holds))

    # --- values ----------------------------------------------------------------------------------------------

    def known(self, operand: Operand) -> tuple[tuple[ast.expr, ...], ast.expr]:
        """The tests after which the value is known, and the value."""
        if not operand.nullable:
            return operand.guards, operand.value
        if isinstance(operand.value, ast.Name):
            return (*operand.guards, code.is_known(operand.value)), operand.value
        kept = self.temporary(operand.value)
        return (*operand.guards, *kept.guards, code.is_known(kept.value)), code.name(_target(kept.value))

    def temporary(self, value: ast.expr) -> Operand:
        """A value kept in a variable as it is tested."""
        return Operand((), ast.NamedExpr(ast.Name(self.variable("t"), ast.Store()), value), nullable=True)

    def operand(self, node: Node, at: Site) -> Operand:
        """Code of a value."""
        match node:
            case Literal(value=value):
                return Operand((), self._literal(value), nullable=False)
            case Path():
                return Operand((), at.names[node.scope].scalar(node.names), nullable=True)
            case ReferenceDate():
                return Operand((), code.name("reference_date"), nullable=True)
            case Arithmetic():
                return self._arithmetic(node, at)
            case Prefix():
                return self._prefix(node, at)
            case Call():
                return self._call(node, at)
            case Lookup():
                return self._lookup(node, at)
            case Quantifier() if node.type.kind != BOOLEAN:
                return quantify.amount(self, node, at)
            case _:
                true, false = (self.truth(node, at, wanted=wanted) for wanted in (True, False))
                return Operand(
                    (), code.choice(true, code.TRUE, code.choice(false, code.FALSE, code.NONE)), nullable=True
                )

    def _literal(self, value: Value) -> ast.expr:
        if isinstance(value, Decimal):
            return self.bind(("decimal", str(value)), value)
        return code.constant(value)

    def _arithmetic(self, node: Arithmetic, at: Site) -> Operand:
        guards, left = self.known(self.operand(node.left, at))
        more, right = self.known(self.operand(node.right, at))
        if node.op == "/":
            quotient = code.call(self.bind(("function", "divide"), divide), left, right)
            return Operand((*guards, *more), quotient, nullable=True)
        return Operand((*guards, *more), code.binary(node.op, left, right), nullable=False)

    def _prefix(self, node: Prefix, at: Site) -> Operand:
        if isinstance(node.of, Path):
            return Operand((), at.names[node.of.scope].prefix(node.of.names, node.length), nullable=True)
        guards, text = self.known(self.operand(node.of, at))
        part = ast.Slice(None, code.constant(node.length), None)
        return Operand(guards, ast.Subscript(text, part, ast.Load()), nullable=False)

    def _call(self, node: Call, at: Site) -> Operand:
        function = FUNCTIONS[node.function]
        guards: list[ast.expr] = []
        values: list[ast.expr] = []
        for argument in node.arguments:
            tests, value = self.known(self.operand(argument, at))
            guards += tests
            values.append(value)
        result = code.call(self.bind(("function", node.function), function.call), *values)
        return Operand(tuple(guards), result, nullable=function.partial)

    def _lookup(self, node: Lookup, at: Site) -> Operand:
        table = self.tables(node.table) or {}
        column = {key: row[node.column] for key, row in table.items() if row.get(node.column) is not None}
        rows = self.bind(("column", node.table, node.column), column)
        if isinstance(node.key, Path):
            found = at.names[node.key.scope].lookup(node.key.names, node.table, node.column, rows)
            return Operand((), found, nullable=True)
        key = self.operand(node.key, at)
        return Operand(key.guards, code.method(rows, "get", key.value), nullable=True)


def _exact(side: Node, other: Node) -> Node:
    """A whole literal as Decimal where it meets one: Python compares two of a kind faster."""
    whole = isinstance(side, Literal) and type(side.value) is int
    decimal = isinstance(other, Path) and bool(other.elements) and other.elements[-1].type == "decimal"
    if whole and decimal and isinstance(side, Literal):
        return replace(side, value=Decimal(side.value))
    return side


def _target(expression: ast.expr) -> str:
    assert isinstance(expression, ast.NamedExpr)
    return expression.target.id
