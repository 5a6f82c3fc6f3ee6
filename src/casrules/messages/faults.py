"""Technical faults: what is wrong with a message before any rule runs, in a sentence a declarant understands.

The sentences and the codes of the EU list CL030 (XML error codes) are data: `schemas/errors/xml.yaml`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from casrules.errors import MappingError, place_of
from casrules.messages.data_file import read_data
from casrules.resources import schemas_folder

Severity = Literal["error", "warning"]
QUOTED_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class TechnicalFault:
    """One fault of the technical stage, told once.

    `code` is of list CL030. `xpath` resolves in the original, with the namespaces of `Intake.places`, to the
    element or attribute whose text is `value`; for something missing to its parent, and `element` is the
    missing name; it is empty where the message cannot be parsed. `facet` is the schema's facet that fails
    (`maxLength`, `pattern`, …), `limit` its value, `allowed` the codes of a list. `arguments` made the `text`.
    """

    kind: str
    code: str
    text: str
    severity: Severity = "error"
    xpath: str = ""
    line: int | None = None
    column: int | None = None
    element: str = ""
    label: str = ""
    context: str = ""
    value: str | None = None
    facet: str = ""
    limit: str = ""
    allowed: tuple[str, ...] = ()
    arguments: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a fault is and what the place is called."""

    xpath: str = ""
    line: int | None = None
    column: int | None = None
    element: str = ""
    label: str = ""
    context: str = ""


@dataclass(frozen=True)
class FaultTexts:
    """The catalogue of kinds: builds faults, and renders their sentence anew (for a redacted value, say)."""

    kinds: Mapping[str, Mapping[str, str]]
    facets: Mapping[str, str]
    hints: Mapping[str, str]
    syntax: Mapping[str, Mapping[str, str]]
    forms: Mapping[str, Any]

    def fault(
        self,
        kind: str,
        spot: Spot = Spot(),
        *,
        severity: Severity = "error",
        value: str | None = None,
        facet: str = "",
        limit: str = "",
        allowed: Sequence[str] = (),
        **arguments: object,
    ) -> TechnicalFault:
        """A fault of `kind` at `spot`; `arguments` fill the sentence beside label, value, line and limit."""
        filled = {"label": spot.label, "line": str(spot.line), "limit": limit, "value": quoted(value or "")}
        filled |= {name: str(argument) for name, argument in arguments.items()}
        return TechnicalFault(
            kind=kind,
            code=self.facets.get(facet) or self.kinds[kind]["code"],
            text=self.render(kind, filled, spot.context),
            severity=severity,
            xpath=spot.xpath,
            line=spot.line,
            column=spot.column,
            element=spot.element,
            label=spot.label,
            context=spot.context,
            value=value,
            facet=facet,
            limit=limit,
            allowed=tuple(allowed),
            arguments=tuple(sorted(filled.items())),
        )

    def render(self, kind: str, arguments: Mapping[str, str], context: str = "") -> str:
        """The sentence of `kind`: `context` first ("Goods item 3: …"), its first letter a capital."""
        text = self.kinds[kind]["text"].format_map(arguments)
        return capitalised(f"{context}: {text}" if context else text)

    def hint(self, name: str, **arguments: str) -> str:
        """An addition to a sentence, such as the nearest known name."""
        return self.hints[name].format_map(arguments)


def quoted(value: str) -> str:
    """`value` in quotes for a sentence: control characters escaped, cut to 60 characters and then their number told."""
    kept = value[: QUOTED_CHARACTERS + 1]
    shown = "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in kept)
    if len(shown) <= QUOTED_CHARACTERS:
        return f"'{shown}'"
    number = f" ({len(value):,} characters)" if len(value) > QUOTED_CHARACTERS else ""
    return f"'{shown[: QUOTED_CHARACTERS - 1]}…'{number}"


def capitalised(text: str) -> str:
    """`text` with a capital first letter; the rest as it is."""
    return text[:1].upper() + text[1:]


@cache
def shipped_texts() -> FaultTexts:
    """The catalogue that comes with the library, read once."""
    return load_texts(schemas_folder() / "errors" / "xml.yaml")


def load_texts(path: Path) -> FaultTexts:
    """Read a catalogue; raises MappingError where a kind has no code or no sentence."""
    read = read_data(path)
    for kind, entry in read["kinds"].items():
        if not (entry.get("code") and entry.get("text")):
            raise MappingError(f"fault kind {kind!r} needs a code and a text", place=place_of(path))
    return FaultTexts(read["kinds"], read["facets"], read["hints"], read["syntax"], read["forms"])
