"""From text to Python's expression tree, refusing everything the rule language does not have.

Nothing is ever executed. Backslashes in texts stand for themselves, so that patterns are written as they are.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from casrules.errors import Place, RuleError
from casrules.language.sources import Text
from casrules.limits import DEFAULT_LIMITS, Limits

_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?|\.[0-9]+")
_SHOWN = 60

_ACCEPTED: tuple[type[ast.AST], ...] = (
    ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div,
    ast.Compare, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn,
    ast.Name, ast.Attribute, ast.Load, ast.Store, ast.Constant, ast.Call, ast.GeneratorExp, ast.comprehension,
    ast.Tuple, ast.List, ast.Set, ast.Subscript, ast.Slice,
)  # fmt: skip

_REMEDIES: dict[type[ast.AST], tuple[str, str]] = {
    ast.Lambda: ("a lambda", "write a comprehension argument: any(p.count > 0 for p in item.packages)"),
    ast.JoinedStr: ("an f-string", "placeholders belong into the message"),
    ast.IfExp: ("a conditional expression", "put the condition into `when`, or use and/or"),
    ast.ListComp: ("a list comprehension", "drop the brackets: count(x for x in …)"),
    ast.SetComp: ("a set comprehension", "use unique(… for x in …)"),
    ast.DictComp: ("a dict comprehension", "use lookup(\"table\", key, \"column\")"),
    ast.Dict: ("a dict", "use lookup(\"table\", key, \"column\")"),
    ast.NamedExpr: ("an assignment", "name the expression under `let`"),
    ast.Starred: ("a starred argument", "write the arguments one by one"),
    ast.Pow: ("a power", "write the product"),
    ast.Mod: ("a remainder", "the language has + - * /"),
    ast.FloorDiv: ("a floor division", "use round(a / b, 0)"),
    ast.Is: ("`is`", "use == or missing(x)"),
    ast.IsNot: ("`is not`", "use != or present(x)"),
    ast.MatMult: ("a matrix product", "the language has + - * /"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Syntax:
    """A parsed expression: Python's tree, and the text it came from."""

    body: ast.expr
    text: str
    place: Place | None

    def source(self, node: ast.AST) -> str:
        """The text of `node` as the author wrote it."""
        segment = ast.get_source_segment(_raw(self.text), node)
        return " ".join((segment or self.text).replace("\\\\", "\\").split())

    def fault(self, problem: str, node: ast.AST | None = None, remedy: str = "") -> RuleError:
        """A RuleError at the line of `node`, quoting it."""
        quoted = ""
        if node is not None:
            text = self.source(node)
            quoted = f": {text if len(text) <= _SHOWN else text[:_SHOWN] + '…'}"
        return RuleError(problem + quoted, place=self._line(node), remedy=remedy)

    def _line(self, node: ast.AST | None) -> Place | None:
        if self.place is None or self.place.line is None:
            return self.place
        return Place(self.place.file, self.place.line + getattr(node, "lineno", 1) - 1)

    def number(self, node: ast.Constant) -> Decimal:
        """The exact value of a number literal, from its source text."""
        text = self.source(node)
        if not _NUMBER.fullmatch(text):
            raise self.fault("this is not how a number is written", node, "write digits with an optional point: 0.5")
        return Decimal(text)


def parse(text: Text, limits: Limits = DEFAULT_LIMITS) -> Syntax:
    """Parse one expression; RuleError names place and remedy for everything outside the language or over a limit."""
    value, place = text.value.strip(), text.place
    if len(value) > limits.expression_characters:
        raise RuleError(
            f"the expression has {len(value)} characters, more than {limits.expression_characters}",
            place=place,
            remedy="split it into branches, or put the values into a code list",
        )
    if not value:
        raise RuleError("the expression is empty", place=place, remedy="write a condition, or leave the key out")
    try:
        # the parentheses let a condition run over several lines
        body = ast.parse(_raw(value), mode="eval").body
    except SyntaxError as error:
        raise _syntax_error(error, place) from None
    except (ValueError, RecursionError, MemoryError, OverflowError):
        raise RuleError(
            "the expression cannot be read: it is nested too deeply or holds a null character",
            place=place,
            remedy="split it with `let` or branches",
        ) from None
    syntax = Syntax(body, value, place)
    _refuse_foreign(syntax, limits)
    return syntax


def _raw(text: str) -> str:
    return "(" + text.replace("\\", "\\\\") + "\n)"


def _syntax_error(error: SyntaxError, place: Place | None) -> RuleError:
    reason = (error.msg or "invalid syntax").lower()
    if "leading zeros" in reason:
        return RuleError("a number has leading zeros", place=place, remedy='quote codes: "0101"')
    line = place
    if place is not None and place.line is not None and error.lineno:
        line = Place(place.file, place.line + error.lineno - 1)
    near = (error.text or "").strip().lstrip("(")[:_SHOWN]
    return RuleError(f"the expression cannot be read ({reason}): {near}", place=line, remedy=_reading(reason, near))


def _reading(reason: str, near: str) -> str:
    """What is mostly meant by text that is no expression."""
    if "assignment" in reason or "'=='" in reason:
        return "write == to compare"
    if "string literal" in reason:
        return "close the quotes"
    loud = re.search(r"\b(AND|OR|NOT|IN)\b", near)
    if loud:
        return f"write {loud[0].lower()} in small letters"
    return "check brackets, quotes and the words between the conditions: and, or, not, in"


def _refuse_foreign(syntax: Syntax, limits: Limits) -> None:
    for node, owner, depth in _with_owners(syntax.body):
        if depth > limits.expression_depth:
            raise syntax.fault(
                f"the expression is nested deeper than {limits.expression_depth}",
                None,
                "split it with `let` or branches",
            )
        if not isinstance(node, _ACCEPTED):
            what, remedy = _REMEDIES.get(type(node), (f"{type(node).__name__}", "see the rule language"))
            raise syntax.fault(f"the rule language has no such thing as {what}", owner, remedy)
        _refuse_form(syntax, node)


def _with_owners(root: ast.expr) -> Iterator[tuple[ast.AST, ast.expr, int]]:
    """Every node, the innermost expression it belongs to (itself, if it is one), and its depth."""
    pending: list[tuple[ast.AST, ast.expr, int]] = [(root, root, 1)]
    while pending:
        node, owner, depth = pending.pop()
        yield node, owner, depth
        for child in ast.iter_child_nodes(node):
            pending.append((child, child if isinstance(child, ast.expr) else owner, depth + 1))


def _refuse_form(syntax: Syntax, node: ast.AST) -> None:
    """Refuse accepted kinds of nodes in forms that are not."""
    if isinstance(node, ast.Constant) and not isinstance(node.value, (str, bool, int, float)):
        remedy = "use missing(x)" if node.value is None else "texts, numbers, true and false are literals"
        raise syntax.fault("this is not a literal of the rule language", node, remedy)
    if isinstance(node, ast.Attribute) and node.attr.startswith("_"):
        raise syntax.fault("names do not begin with an underscore", node, "use a name of the dictionary")
    if isinstance(node, ast.Call):
        if not isinstance(node.func, ast.Name):
            raise syntax.fault("only the language's own functions can be called", node, "present(x), not x.present()")
        if node.keywords:
            raise syntax.fault("arguments have no names", node, "write the arguments in their order")
    if isinstance(node, ast.Subscript):
        part = node.slice
        if not isinstance(part, ast.Slice) or part.lower or part.step or part.upper is None:
            raise syntax.fault("only text[:n] is known", node, "take the first n characters: text[:4]")
    if isinstance(node, ast.GeneratorExp):
        _refuse_comprehension(syntax, node)


def _refuse_comprehension(syntax: Syntax, node: ast.GeneratorExp) -> None:
    if len(node.generators) > 1:
        raise syntax.fault(
            "a comprehension has one `for`", node, "go through a path: for p in declaration.items.packages"
        )
    part = node.generators[0]
    if part.is_async or not isinstance(part.target, ast.Name):
        raise syntax.fault("a comprehension has one variable", node, "write: for x in item.packages")
