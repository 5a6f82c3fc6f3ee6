"""Message templates: `{path}` and `{path:mass|amount|date|list}`, nothing else.

A scope alone (`{party}`) stands for the name of what the rule visits: "declarant", "place of loading".
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

from casrules.dictionary import Invalid
from casrules.errors import RuleError
from casrules.language.checked import Argument, Template
from casrules.language.inference import Inference
from casrules.language.paths import type_path
from casrules.language.sources import Text
from casrules.language.syntax import parse
from casrules.language.tree import Node, Path
from casrules.language.types import DATE, DATETIME, ENTITY, LIST, NUMBER, VALUES
from casrules.language.vocabulary import Vocabulary, settle
from casrules.limits import Limits

STYLES: Final = {"": None, "mass": (NUMBER,), "amount": (NUMBER,), "date": (DATE, DATETIME), "list": (LIST,)}
_PIECE = re.compile(r"\{([^{}]*)\}|([{}])")


@dataclass(frozen=True, slots=True)
class Words:
    """What the library itself says inside messages, in one language; `names` are those of what rules visit."""

    not_given: str = "not given"
    yes: str = "yes"
    no: str = "no"
    characters: str = "characters"
    names: Mapping[str, str] = field(default_factory=dict)


ENGLISH: Final = Words()


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


def translated(template: Template, text: Text) -> Template:
    """The same message in the words of `text`, which may place, repeat and leave out what the template shows.

    RuleError, with the nearest one, for a placeholder that the template does not have.
    """
    known = {_written(argument): argument for argument in template.arguments}
    parts: list[str | Argument] = []
    end = 0
    for piece in _PIECE.finditer(text.value):
        name = ":".join(part.strip() for part in (piece[1] or "").split(":"))
        if name not in known:
            shown = piece[0] if piece[1] else f"a lone {piece[0]}"
            raise RuleError(f"the translation has {shown}", place=text.place, remedy=_placeholders(name, known))
        if piece.start() > end:
            parts.append(text.value[end : piece.start()])
        parts.append(known[name])
        end = piece.end()
    if end < len(text.value):
        parts.append(text.value[end:])
    return Template(text.value, tuple(parts))


def _written(argument: Argument) -> str:
    return f"{argument.name}:{argument.style}" if argument.style else argument.name


def _placeholders(name: str, known: Mapping[str, Argument]) -> str:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    if close:
        return f"the English text has {{{close[0]}}}"
    return f"the English text has {', '.join(f'{{{entry}}}' for entry in known) or 'none'}"


def render(template: Template, values: Sequence[object], words: Words = ENGLISH) -> str:
    """The message with `values` in the order of the template's arguments; what is missing prints "not given"."""
    following = iter(values)
    return "".join(
        part if isinstance(part, str) else _argument_shown(part, next(following), words) for part in template.parts
    )


def _argument_shown(argument: Argument, value: object, words: Words) -> str:
    if isinstance(argument.node, Path) and not argument.node.names:
        return words.names.get(str(value), str(value))
    return _shown(value, argument.style, words)


def _shown(value: object, style: str, words: Words) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(_shown(entry, style, words) for entry in value if entry is not None) or words.not_given
    if value is None:
        return words.not_given
    if isinstance(value, Invalid):
        return value.raw
    if isinstance(value, bool):
        return words.yes if value else words.no
    if isinstance(value, (int, Decimal)):
        return _number(Decimal(value), style)
    return str(value)[:10] if style == "date" else str(value)


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
