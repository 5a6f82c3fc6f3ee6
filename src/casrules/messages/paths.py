"""The path language of mappings: `./A/B[C='x']/@d`, `.`, `/./p:Name`; read once, never run as XPath."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

Test = Literal["equals", "present", "absent", "position"]

_NAME = r"(?:[A-Za-z_][\w.-]*:)?[A-Za-z_][\w.-]*"
_TARGET = rf"(?:{_NAME}/)*@?{_NAME}"
_CONDITION = re.compile(
    rf"\[(?:(?P<position>[1-9]\d*)|not\((?P<absent>{_TARGET})\)"
    rf"|(?P<child>{_TARGET})\s*(?:=\s*(?:'(?P<single>[^']*)'|\"(?P<double>[^\"]*)\"))?)\]",
    re.ASCII,
)
_STEP = re.compile(rf"/(?P<attribute>@?)(?P<name>{_NAME})", re.ASCII)
_JOINER = re.compile(r"""\s\+\s(?=(?:[^'"]|'[^']*'|"[^"]*")*$)""")


@dataclass(frozen=True, slots=True)
class Condition:
    """A predicate of a step: `target` equals `value`, is there, or is absent; or a position."""

    test: Test
    target: tuple[str, ...] = ()
    value: str = ""

    def __str__(self) -> str:
        """The condition as it is written in a mapping."""
        target = "/".join(self.target)
        shown = {"equals": f"{target}='{self.value}'", "absent": f"not({target})", "position": self.value}
        return f"[{shown.get(self.test, target)}]"


@dataclass(frozen=True, slots=True)
class Step:
    """One child element, `prefix:Name`, with its conditions."""

    name: str
    conditions: tuple[Condition, ...] = ()

    @property
    def local(self) -> str:
        """The name without its prefix."""
        return self.name.rpartition(":")[2]

    def __str__(self) -> str:
        """The step as it is written in a mapping."""
        return self.name + "".join(map(str, self.conditions))


@dataclass(frozen=True, slots=True)
class Path:
    """Steps from the context's element (or the document's root), and the attribute at the end, if any."""

    steps: tuple[Step, ...] = ()
    attribute: str = ""
    absolute: bool = False

    @property
    def is_self(self) -> bool:
        """True for `.`: the context's own element."""
        return not (self.steps or self.attribute or self.absolute)

    @property
    def names(self) -> str:
        """The path for people: `Commodity/GoodsMeasure/grossMass`, without prefixes."""
        parts = [step.local for step in self.steps]
        return "/".join([*parts, f"@{self.attribute}"] if self.attribute else parts)

    def __str__(self) -> str:
        """The path as it is written in a mapping."""
        parts = [*map(str, self.steps), *([f"@{self.attribute}"] if self.attribute else [])]
        return "/".join(["/." if self.absolute else ".", *parts])


@cache
def parse_path(text: str) -> Path:
    """Read one path. Raises ValueError, with the position, for anything outside the path language."""
    absolute = text.startswith("/.")
    at = 2 if absolute else 1
    if not absolute and not text.startswith("."):
        raise ValueError("a path begins with `.` (the context's element) or `/.` (the document's root)")
    steps: list[Step] = []
    attribute = ""
    while at < len(text):
        match = _STEP.match(text, at)
        if match is None or attribute:
            raise ValueError(f"cannot read the path from character {at + 1} on: {text[at:]!r}")
        at = match.end()
        if match["attribute"]:
            attribute = match["name"]
            continue
        conditions: list[Condition] = []
        while at < len(text) and text[at] == "[":
            condition = _CONDITION.match(text, at)
            if condition is None:
                raise ValueError(f"cannot read the condition at character {at + 1}: {text[at:]!r}")
            conditions.append(_condition(condition))
            at = condition.end()
        steps.append(Step(match["name"], tuple(conditions)))
    return Path(tuple(steps), attribute, absolute)


def parse_paths(text: str) -> tuple[Path, ...]:
    """Read one or more paths separated by ` + `."""
    return tuple(parse_path(part.strip()) for part in _JOINER.split(text))


def qualified(name: str, namespaces: Mapping[str, str]) -> str:
    """lxml's name of an element: `{namespace}local`. Raises ValueError for an unknown prefix."""
    prefix, _, local = name.rpartition(":")
    if prefix and prefix not in namespaces:
        known = ", ".join(sorted(filter(None, namespaces))) or "none"
        raise ValueError(f"the prefix {prefix!r} is not in the manifest's namespaces (known: {known})")
    namespace = namespaces.get(prefix, "")
    return f"{{{namespace}}}{local}" if namespace else local


def qualified_attribute(name: str, namespaces: Mapping[str, str]) -> str:
    """lxml's name of an attribute; without a prefix it has no namespace."""
    return qualified(name, namespaces) if ":" in name else name


def _condition(match: re.Match[str]) -> Condition:
    if match["position"]:
        return Condition("position", value=match["position"])
    if match["absent"]:
        return Condition("absent", tuple(match["absent"].split("/")))
    value = match["single"] if match["single"] is not None else match["double"]
    target = tuple(match["child"].split("/"))
    return Condition("present", target) if value is None else Condition("equals", target, value)
