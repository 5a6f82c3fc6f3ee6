"""What only the declarant may state: a configuration rule asks for it, and never fills it in unseen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from casrules.packs.model_errors import read_model
from casrules.packs.models import PackModel
from casrules.packs.yaml_text import read_yaml
from casrules.resources import rulesets_folder


class Statement(PackModel):
    """An element whose value is a statement; with `matches` only where the whole value matches the expression."""

    entity: str
    element: str
    matches: str = ""
    why: str


class _File(PackModel):
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Statements:
    """All statements of a declarant."""

    entries: tuple[Statement, ...]

    @classmethod
    def load(cls, path: Path) -> Statements:
        """The statements in a YAML file; raises PackError with file and line."""
        return cls(read_model(_File, read_yaml(path).lines).statements)

    def why(self, entity: str, element: str, value: str | None) -> str:
        """Why writing `value` (None: whatever it is) to the element states something; empty where it does not."""
        for entry in self.entries:
            if (entry.entity, entry.element) == (entity, element) and (
                value is None or not entry.matches or re.fullmatch(entry.matches, value)
            ):
                return entry.why
        return ""


@cache
def shipped_statements() -> Statements:
    """The statements that come with the library."""
    return Statements.load(rulesets_folder() / "configuration" / "statements.yaml")
