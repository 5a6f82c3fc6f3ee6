"""Typing of expressions: Python's tree becomes the language's, and whatever does not fit is refused."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from casrules.language.functions import KNOWN_NAMES
from casrules.language.paths import Locals, split_path, type_path
from casrules.language.scopes import nearest
from casrules.language.syntax import Syntax
from casrules.language.tree import (
    And,
    Arithmetic,
    Compare,
    Literal,
    Member,
    Node,
    Not,
    Or,
    Prefix,
    ReferenceDate,
    Tuple,
)
from casrules.language.types import (
    BOOLEAN,
    BOOLEAN_TYPE,
    DATE,
    DATETIME,
    ENTITY,
    LIST,
    NUMBER,
    NUMBER_TYPE,
    ORDERED,
    TEXT,
    TEXT_TYPE,
    TUPLE,
    UNTYPED,
    VALUES,
)
from casrules.language.vocabulary import Vocabulary, adapt, number, parameter, settle

_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
_OPERATORS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_CONSTANTS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Inference:
    """Types one expression; `locals` are the comprehension variables in sight."""

    vocabulary: Vocabulary
    syntax: Syntax
    locals: Locals

    def condition(self, node: ast.expr) -> Node:
        """An expression that must be true or false."""
        typed = adapt(self.infer(node), BOOLEAN, self.syntax)
        if typed.type.kind != BOOLEAN:
            remedy = "use present(x)" if typed.type.kind in {ENTITY, LIST} else "compare it with something"
            raise self.syntax.fault(f"a condition is wanted, this is a {typed.type}", node, remedy)
        return typed

    def value(self, node: ast.expr) -> Node:
        """An expression that must be one value."""
        typed = self.infer(node)
        if typed.type.kind not in VALUES | {UNTYPED}:
            remedy = "use any, all, count, sum, min or max" if typed.type.kind == LIST else "name one of its values"
            raise self.syntax.fault(f"one value is wanted, this is a {typed.type}", node, remedy)
        return typed

    def of_kind(self, node: ast.expr, kinds: tuple[str, ...], what: str) -> Node:
        """A value of one of `kinds`; `what` wants it."""
        typed = self.value(node)
        if typed.type.kind == UNTYPED:
            typed = adapt(typed, kinds[0], self.syntax)
        if typed.type.kind not in kinds:
            remedy = ""
            if isinstance(typed, Literal):
                remedy = (
                    'write date("2025-01-21")' if DATE in kinds else "write a number without quotes, a text with them"
                )
            raise self.syntax.fault(f"{what} wants {' or '.join(kinds)}, this is {typed.type}", node, remedy)
        return typed

    def infer(self, node: ast.expr) -> Node:
        """The typed node of any expression."""
        self.vocabulary.count(self.syntax)
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.Name() | ast.Attribute():
                return self._named(node)
            case ast.BoolOp():
                parts = tuple(self.condition(value) for value in node.values)
                kind = And if isinstance(node.op, ast.And) else Or
                return kind(parts, text=self.syntax.source(node))
            case ast.UnaryOp():
                return self._unary(node)
            case ast.BinOp():
                return self._arithmetic(node)
            case ast.Compare():
                return self._comparisons(node)
            case ast.Call():
                from casrules.language.calls import infer_call

                return infer_call(self, node)
            case ast.Tuple() | ast.List() | ast.Set():
                return Tuple(tuple(self.member(part) for part in node.elts), text=self.syntax.source(node))
            case ast.Subscript(slice=ast.Slice(upper=upper)):
                return self._prefix(node, upper)
            case _:
                raise self.syntax.fault(
                    "this cannot stand here", node, "comprehensions are arguments of any, all, count …"
                )

    def member(self, node: ast.expr) -> Node:
        """A part of a tuple or a set: a value or a tuple of values."""
        typed = self.infer(node)
        if typed.type.kind not in VALUES | {UNTYPED, TUPLE}:
            raise self.syntax.fault(f"one value is wanted, this is a {typed.type}", node, "name one of its values")
        return typed

    def _constant(self, node: ast.Constant) -> Node:
        text = self.syntax.source(node)
        if isinstance(node.value, str):
            return Literal(node.value, type=TEXT_TYPE, text=text)
        if isinstance(node.value, bool):
            return Literal(node.value, type=BOOLEAN_TYPE, text=text)
        return Literal(number(self.syntax.number(node)), type=NUMBER_TYPE, text=text)

    def _named(self, node: ast.Name | ast.Attribute) -> Node:
        if isinstance(node, ast.Name) and node.id not in self.locals:
            found = self._definition(node)
            if found is not None:
                return found
        parts = split_path(node)
        if parts is None:
            raise self.syntax.fault("this has no elements", node, "write a dotted name: item.gross_mass")
        root, names = parts
        if names and root.id not in self.locals and root.id in {*self.vocabulary.lets, *self.vocabulary.params}:
            raise self.syntax.fault(f"{root.id} is a value and has no elements", node, "use it alone")
        return type_path(self.vocabulary, self.syntax, node, self.locals)

    def _definition(self, node: ast.Name) -> Node | None:
        """What a `let`, a parameter or a word of the language stands for."""
        vocabulary, name = self.vocabulary, node.id
        if name in _CONSTANTS:
            return Literal(_CONSTANTS[name], type=BOOLEAN_TYPE, text=name)
        if name == "reference_date":
            return ReferenceDate(text=name)
        if name in vocabulary.params:
            return parameter(vocabulary.params[name], name)
        if name not in vocabulary.lets:
            if name in KNOWN_NAMES:
                raise self.syntax.fault(f"{name} is a function", node, f"call it: {name}(…)")
            return None
        if name in vocabulary.open_lets:
            raise self.syntax.fault(f"`let` {name!r} leads back to itself", node, "break the circle")
        vocabulary.open_lets.append(name)
        body = vocabulary.lets[name]
        typed = Inference(vocabulary, body, {}).infer(body.body)
        vocabulary.open_lets.pop()
        return typed

    def _unary(self, node: ast.UnaryOp) -> Node:
        text = self.syntax.source(node)
        if isinstance(node.op, ast.Not):
            return Not(self.condition(node.operand), text=text)
        operand = self.of_kind(node.operand, (NUMBER,), "-")
        if isinstance(operand, Literal) and not isinstance(operand.value, str):
            return Literal(-operand.value, type=NUMBER_TYPE, text=text)
        return Arithmetic("-", Literal(0, type=NUMBER_TYPE, text="0"), operand, text=text)

    def _arithmetic(self, node: ast.BinOp) -> Node:
        operator = _OPERATORS[type(node.op)]
        left, right = (self.of_kind(side, (NUMBER,), operator) for side in (node.left, node.right))
        return Arithmetic(operator, left, right, text=self.syntax.source(node))

    def _prefix(self, node: ast.Subscript, upper: ast.expr | None) -> Node:
        of = self.of_kind(node.value, (TEXT,), "text[:n]")
        if not isinstance(upper, ast.Constant) or not isinstance(upper.value, int) or isinstance(upper.value, bool):
            raise self.syntax.fault("the number of characters is written out", node, "text[:4]")
        return Prefix(of, upper.value, text=self.syntax.source(node))

    def _comparisons(self, node: ast.Compare) -> Node:
        sides = [node.left, *node.comparators]
        parts = tuple(
            self._comparison(node, left, operator, right)
            for left, operator, right in zip(sides, node.ops, sides[1:], strict=False)
        )
        return parts[0] if len(parts) == 1 else And(parts, text=self.syntax.source(node))

    def _comparison(self, whole: ast.Compare, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> Node:
        text = (
            self.syntax.source(whole)
            if len(whole.ops) == 1
            else f"{self.syntax.source(left)} … {self.syntax.source(right)}"
        )
        if isinstance(operator, (ast.In, ast.NotIn)):
            found = self._membership(whole, left, right, text)
            return Not(found, text=text) if isinstance(operator, ast.NotIn) else found
        first, second = self.agree(whole, self.member(left), self.member(right))
        symbol = _COMPARISONS[type(operator)]
        if symbol not in {"==", "!="} and first.type.kind not in ORDERED:
            raise self.syntax.fault(f"{first.type} has no order", whole, "compare with == or !=")
        return Compare(symbol, first, second, text=text)

    def _membership(self, whole: ast.Compare, left: ast.expr, right: ast.expr, text: str) -> Node:
        options = self.infer(right) if not isinstance(right, ast.GeneratorExp) else None
        if not isinstance(options, Tuple):
            raise self.syntax.fault(
                'a set is wanted after `in`: {"A", "B"}', right, "over a list, use any(… for x in …)"
            )
        if not options.parts:
            raise self.syntax.fault("the set after `in` is empty", right, "name at least one value")
        item = self.member(left)
        if item.type.kind == UNTYPED:
            item = settle(item, self.syntax)
        agreed = tuple(self.agree(whole, item, option)[1] for option in options.parts)
        return Member(item, agreed, text=text)

    def agree(self, node: ast.AST, left: Node, right: Node) -> tuple[Node, Node]:
        """Both sides of a comparison, once they are sure to be comparable."""
        if left.type.kind == UNTYPED and right.type.kind == UNTYPED:
            left, right = settle(left, self.syntax), settle(right, self.syntax)
        left, right = adapt(left, right.type.kind, self.syntax), adapt(right, left.type.kind, self.syntax)
        if isinstance(left, Tuple) and isinstance(right, Tuple) and len(left.parts) == len(right.parts):
            pairs = [self.agree(node, *pair) for pair in zip(left.parts, right.parts, strict=True)]
            return (
                Tuple(tuple(first for first, _ in pairs), text=left.text),
                Tuple(tuple(second for _, second in pairs), text=right.text),
            )
        kinds = {left.type.kind, right.type.kind}
        if len(kinds) > 1 or not kinds <= VALUES:
            raise self.syntax.fault(f"{left.type} is compared with {right.type}", node, _mend(left, right, kinds))
        return left, right


def _mend(left: Node, right: Node, kinds: set[str]) -> str:
    if kinds == {TEXT, NUMBER}:
        return 'codes are texts: quote them ("4000")'
    if kinds == {DATE, DATETIME}:
        return "take the date of the time: date(x)"
    if TEXT in kinds and kinds & {DATE, DATETIME}:
        return 'write date("2025-01-21")'
    return nearest("", ()) if not kinds else "compare values of one type"
