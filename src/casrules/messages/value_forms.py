"""The form a schema gives a value, read once from its simple type, and what is wrong with a text under it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

import re2

XSD = "{http://www.w3.org/2001/XMLSchema}"
NUMBERS = frozenset({"decimal"})
DATES = frozenset({"date", "dateTime", "time", "gYear", "gYearMonth", "duration"})
SLOW_PATTERN_CHARACTERS = 2_000
_BLANKS = re.compile(r"[ \t\r\n]+")
_BOUNDS = ("minInclusive", "maxInclusive", "minExclusive", "maxExclusive")


@dataclass(frozen=True, slots=True)
class Breach:
    """The facet that a text breaks, and its limit; `type` if the text is not of the built-in type at all."""

    facet: str
    limit: str = ""
    patterns: tuple[str, ...] = ()


@dataclass(frozen=True)
class ValueForm:
    """All facets of a simple type and of the types it restricts.

    `primitive` is the built-in type at its root (decimal, string, date, …). Each entry of `patterns` is one level
    of restriction: one of its alternatives must fit, and every level must hold.
    """

    simple: Any
    primitive: str
    is_whole: bool
    white_space: str
    facets: dict[str, str]
    enumeration: tuple[str, ...]
    patterns: tuple[tuple[str, ...], ...]
    _matchers: tuple[Any, ...] = field(repr=False)

    def normalised(self, text: str) -> str:
        """The text after the type's handling of white space."""
        if self.white_space == "preserve":
            return text
        if self.white_space == "replace":
            return re.sub(r"[\t\r\n]", " ", text)
        return _BLANKS.sub(" ", text).strip(" ")

    def breach(self, text: str) -> Breach | None:
        """The facet that tells most about what is wrong with `text`; None if it is as it should be."""
        value = self.normalised(text)
        if self.enumeration and value not in self.enumeration and not self._equals_a_code(value):
            return Breach("enumeration")
        if self.primitive != "string" and not self._is_of_type(value):
            return Breach("type")
        found = self._length_breach(value) or self._pattern_breach(value)
        if found is None and self.primitive in NUMBERS:
            found = self._number_breach(value)
        if found is None and len(value) <= SLOW_PATTERN_CHARACTERS and not self.simple.is_valid(value):
            return Breach("type")
        return found

    def _equals_a_code(self, value: str) -> bool:
        if self.primitive not in NUMBERS:
            return False
        try:
            return Decimal(value) in {Decimal(code) for code in self.enumeration}
        except InvalidOperation:
            return False

    def _is_of_type(self, value: str) -> bool:
        return len(value) <= SLOW_PATTERN_CHARACTERS and bool(self._builtin.is_valid(value))

    @cached_property
    def _builtin(self) -> Any:
        simple = self.simple
        while simple is not None and not (simple.name or "").startswith(XSD):
            simple = simple.base_type
        return simple if simple is not None else self.simple

    def _length_breach(self, value: str) -> Breach | None:
        if self.primitive in NUMBERS or self.primitive in DATES:
            return None
        tests: tuple[tuple[str, Callable[[int], bool]], ...] = (
            ("length", lambda limit: len(value) == limit),
            ("minLength", lambda limit: len(value) >= limit),
            ("maxLength", lambda limit: len(value) <= limit),
        )
        for facet, holds in tests:
            if facet in self.facets and not holds(int(self.facets[facet])):
                return Breach(facet, self.facets[facet])
        return None

    def _pattern_breach(self, value: str) -> Breach | None:
        for patterns, matches in zip(self.patterns, self._matchers, strict=True):
            if not matches(value):
                return Breach("pattern", patterns=patterns)
        return None

    def _number_breach(self, value: str) -> Breach | None:
        number = Decimal(value)
        trimmed = value.lstrip("+-").rstrip("0") if "." in value else value.lstrip("+-")
        significant = len(trimmed.replace(".", "").lstrip("0")) or 1
        counts = {"totalDigits": significant, "fractionDigits": len(trimmed.partition(".")[2])}
        for facet, count in counts.items():
            if facet in self.facets and count > int(self.facets[facet]):
                return Breach(facet, self.facets[facet])
        for facet in _BOUNDS:
            if facet in self.facets and not _within(facet, number, Decimal(self.facets[facet])):
                return Breach(facet, self.facets[facet])
        return None


def _within(facet: str, number: Decimal, bound: Decimal) -> bool:
    if facet == "minInclusive":
        return number >= bound
    if facet == "maxInclusive":
        return number <= bound
    return number > bound if facet == "minExclusive" else number < bound


def form_of(simple: Any) -> ValueForm:
    """The form of a simple type of xmlschema."""
    facets: dict[str, str] = {}
    enumeration: tuple[str, ...] = ()
    patterns: list[tuple[str, ...]] = []
    matchers: list[Any] = []
    kind: Any = simple
    whole = False
    while kind is not None:
        if kind.is_complex():
            kind = kind.content
        whole = whole or kind.name == f"{XSD}integer"
        for name, facet in kind.facets.items():
            local = (name or "").removeprefix(XSD)
            if local == "pattern":
                if not (kind.name or "").startswith(XSD):
                    patterns.append(tuple(facet.regexps))
                    matchers.append(_matcher(facet.patterns))
            elif local == "enumeration":
                codes = (str(code) for code in facet.enumeration)
                enumeration = enumeration or tuple(dict.fromkeys(codes))
            elif local and getattr(facet, "value", None) is not None:
                facets.setdefault(local, str(facet.value))
        kind = kind.base_type if kind.is_simple() and kind.is_restriction() else None
    primitive = getattr(simple, "primitive_type", None)
    root = (primitive.name or "").removeprefix(XSD) if primitive is not None else "other"
    return ValueForm(
        simple, root, whole, simple.white_space or "preserve", facets, enumeration, tuple(patterns), tuple(matchers)
    )


def _matcher(compiled: Sequence[re.Pattern[str]]) -> Any:
    """A test of one level of patterns; long texts only run on an engine whose time is linear."""

    def matches(value: str) -> bool:
        if len(value) <= SLOW_PATTERN_CHARACTERS:
            return any(pattern.fullmatch(value) for pattern in compiled)
        try:
            return any(re2.fullmatch(pattern.pattern, value) for pattern in compiled)
        except re2.error:
            return False

    return matches
