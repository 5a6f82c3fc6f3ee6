"""What elements are called in a sentence: by the dictionary, else by the schema set, else by their own name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Labeller = Callable[[str], str | None]
NAMED_PARENTS = 2
_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


@dataclass(frozen=True, slots=True)
class Part:
    """One ancestor of an element, as a sentence may name it."""

    label: str
    is_repeated: bool
    is_named: bool
    is_one_of_several: bool


@dataclass(frozen=True, slots=True)
class Trail:
    """The way from the root to an element: its XPath, the local names below the root, its ancestors."""

    xpath: str
    names: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()

    @property
    def context(self) -> str:
        """Where an element below this one is: "goods item 3, packaging 1"; empty if that goes without saying."""
        innermost = max((index for index, part in enumerate(self.parts) if part.is_repeated), default=-1)
        named = [part.label for part in self.parts[innermost + 1 :] if part.is_named]
        repeated = [
            part.label
            for index, part in enumerate(self.parts)
            if part.is_repeated and (part.is_one_of_several or index == innermost)
        ]
        return ", ".join((*repeated, *named[-NAMED_PARENTS:]))


@dataclass(frozen=True)
class Labels:
    """Finds labels; `start` are the local names that lead to the declaration, where the dictionary's paths begin."""

    by_path: Labeller | None = None
    by_name: Mapping[str, str] = field(default_factory=dict)
    start: tuple[str, ...] = ()
    _found: dict[tuple[str, ...], tuple[str, bool]] = field(default_factory=dict, repr=False)

    def label(self, names: tuple[str, ...]) -> tuple[str, bool]:
        """The label of the element at local `names` below the root, and whether the dictionary knows it."""
        if names not in self._found:
            self._found[names] = self._look_up(names)
        return self._found[names]

    def _look_up(self, names: tuple[str, ...]) -> tuple[str, bool]:
        size = len(self.start)
        path = "/".join(names[size:] if names[:size] == self.start else names)
        known = self.by_path(path) if self.by_path and path else None
        if known:
            return known, True
        name = names[-1] if names else ""
        return self.by_name.get(name) or in_words(name), False


def in_words(name: str) -> str:
    """An element's name split into words: `grossMass` → "gross mass", `LRN` stays, `EORINumber` → "EORI number"."""
    words = _WORDS.findall(name.lstrip("@"))
    return " ".join(word if word.isupper() and len(word) > 1 else word.lower() for word in words) or name
