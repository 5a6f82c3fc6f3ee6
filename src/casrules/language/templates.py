"""Message templates: `{path}` and `{path:mass|amount|date|list}`, nothing else.

A scope alone (`{party}`) stands for the name of what the rule visits: "declarant", "place of loading".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

from casrules.dictionary import Invalid
from casrules.errors import RuleError
from casrules.language.checked import Argument, Template
from casrules.language.inference import Inference
from casrules.language.paths import type_path
from casrules.language.sources import Text
from casrules.language.syntax import parse
from casrules.language.tree import Node
from casrules.language.types import DATE, DATETIME, ENTITY, LIST, NUMBER, VALUES
from casrules.language.vocabulary import Vocabulary, settle
from casrules.limits import Limits

NOT_GIVEN: Final = "not given"
STYLES: Final = {"": None, "mass": (NUMBER,), "amount": (NUMBER,), "date": (DATE, DATETIME), "list": (LIST,)}
_PIECE = re.compile(r"\{([^{}]*)\}|([{}])")


def check_template(vocabulary: Vocabulary, text: Text, limits: Limits) -> Template:
    """The template with typed placeholders; RuleError for an unknown path, style or a lone brace."""
    parts: list[str | Argument] = []
    end = 0
    for piece in _PIECE.finditer(text.value):
        if piece[2]:
            raise RuleError(f"a lone {piece[2]} in the message", place=text.place, remedy="write {path} or {path:mass}")
        if piece.start() > end:
            parts.append(text.value[end : piece.start()])
        parts.append(_argument(vocabulary, Text(piece[1], text.place), limits))
        end = piece.end()
    if end < len(text.value):
        parts.append(text.value[end:])
    return Template(text.value, tuple(parts))


def _argument(vocabulary: Vocabulary, text: Text, limits: Limits) -> Argument:
    name, _, style = (part.strip() for part in text.value.partition(":"))
    if style not in STYLES:
        known = ", ".join(known for known in STYLES if known)
        raise RuleError(f"the message has the unknown style {style!r}", place=text.place, remedy=f"one of {known}")
    syntax = parse(Text(name, text.place), limits)
    inference = Inference(vocabulary, syntax, {})
    node: Node
    if not style and name in vocabulary.scopes.possible:
        node = type_path(vocabulary, syntax, syntax.body, {})
    elif style == "list":
        node = type_path(vocabulary, syntax, syntax.body, {}, through_lists=True)
        if not node.elements or not node.elements[-1].is_scalar:
            raise syntax.fault("the style list wants the values of a list", syntax.body, "{item.documents.type:list}")
    else:
        node = settle(inference.value(syntax.body), syntax)
    wanted = STYLES[style] or (*VALUES, ENTITY)
    if node.type.kind not in wanted:
        raise syntax.fault(f"the style {style} is for {' or '.join(wanted)}, this is {node.type}", syntax.body)
    return Argument(name, node, style)


def render(template: Template, values: Sequence[object]) -> str:
    """The message with `values` in the order of the template's arguments; what is missing prints "not given"."""
    following = iter(values)
    return "".join(part if isinstance(part, str) else _shown(next(following), part.style) for part in template.parts)


def _shown(value: object, style: str) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(_each(value, style)) or NOT_GIVEN
    if value is None:
        return NOT_GIVEN
    if isinstance(value, Invalid):
        return value.raw
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, Decimal)):
        return _number(Decimal(value), style)
    return str(value)[:10] if style == "date" else str(value)


def _each(values: Sequence[object], style: str) -> Iterator[str]:
    return (_shown(value, style) for value in values if value is not None)


def _number(value: Decimal, style: str) -> str:
    if style == "amount":
        try:
            return f"{value.quantize(Decimal('0.01'), ROUND_HALF_UP):f}"
        except InvalidOperation:
            return str(value)
    if abs(value.adjusted()) > 40:
        return str(value)
    plain = f"{value:f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return f"{plain} kg" if style == "mass" else plain
