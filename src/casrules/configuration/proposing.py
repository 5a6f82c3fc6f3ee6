"""Suggestions of a report as configuration rules: values filled in where they are known, the others named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from casrules.configuration.loading import ASK
from casrules.configuration.memory import Memory, Values
from casrules.configuration.statements import Statements, shipped_statements
from casrules.dictionary import Dictionary, shipped_dictionary
from casrules.errors import DictionaryError
from casrules.findings import Suggestion
from casrules.packs.yaml_text import parse_yaml
from casrules.packs.yaml_writing import write_yaml

Source = Literal["alternatives", "declaration", "memory"]
SHOWN: Final = 5
"""How many candidates are told."""
_NOWHERE: Final = Path("suggestion")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Values that could be given together, by path; `source` is where they are from, `count` how often seen there."""

    values: Mapping[str, str]
    source: Source
    count: int = 1

    @property
    def origin(self) -> str:
        """Where the values are from, in words."""
        words = {"alternatives": "by the rule", "declaration": "in this declaration", "memory": "accepted before"}
        return words[self.source] + (f", {self.count} times" if self.count > 1 else "")

    def __str__(self) -> str:
        """`C506 GBDPO123 (accepted before, 12 times)`."""
        return f"{' '.join(self.values.values())} ({self.origin})"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A suggested configuration rule as far as it is known.

    `rule` is the rule as YAML of a pack, `mode: ask`: it is a proposal. `given` are the values that were filled in, by
    path, `open` the paths that a person must give, each with what there is to choose from. `stated` tells why the rule
    may only ask, ever: it makes a statement of the declarant; empty where a person may let it be applied unasked.
    """

    title: str
    rule: str
    given: Mapping[str, Candidate]
    open: Mapping[str, tuple[Candidate, ...]]
    stated: str = ""

    @property
    def complete(self) -> bool:
        """Whether no value is missing."""
        return not self.open

    def lines(self) -> Iterator[str]:
        """For people: what was filled in and from where, and what must be given."""
        for path, candidate in self.given.items():
            yield f"{path} = {candidate.values[path]} ({candidate.origin})"
        for path, candidates in self.open.items():
            known = "; ".join(map(str, candidates[:SHOWN]))
            yield f"give {path}{', for example ' if known else ''}{known}"
        if self.stated:
            yield f"always asked: {self.stated}"


def complete(
    suggestion: Suggestion,
    memory: Memory | None = None,
    *,
    alternatives: Sequence[str] = (),
    declaration: Memory | None = None,
    dictionary: Dictionary | None = None,
    statements: Statements | None = None,
) -> Proposal:
    """The configuration rule that a suggestion comes to.

    A value is filled in where one source gives it alone: the `alternatives` of the violation, `declaration`, the other
    entities of the same declaration, or `memory`, what was accepted before at the same conditions. Entries that the
    declaration has already are not what it lacks. What no source, or more than one value of it, tells stays open.
    """
    rule = parse_yaml(suggestion.rule_data, _NOWHERE).content
    work = _Completion(rule, dictionary or shipped_dictionary(), memory, declaration, alternatives)
    for action in ("set", "default"):
        for path, value in rule.get(action, {}).items():
            if value == ASK:
                work.fill([path], {}, rule[action], {path: path})
    for holder, fields in rule.get("add", {}).items():
        names = {f"{holder}.{name}": name for name in fields}
        wanted = [path for path, name in names.items() if fields[name] == ASK]
        if wanted:
            fixed = {path: fields[name] for path, name in names.items() if fields[name] != ASK}
            work.fill(wanted, fixed, fields, names, joining=True)
    rule["mode"] = ASK
    stated = work.stated(statements or shipped_statements())
    return Proposal(suggestion.title, write_yaml(rule), work.given, work.open, stated)


@dataclass
class _Completion:
    """The work on one suggestion."""

    rule: dict[str, Any]
    dictionary: Dictionary
    memory: Memory | None
    declaration: Memory | None
    alternatives: Sequence[str]

    def __post_init__(self) -> None:
        self.given: dict[str, Candidate] = {}
        self.open: dict[str, tuple[Candidate, ...]] = {}

    def fill(
        self,
        wanted: Sequence[str],
        fixed: Mapping[str, str],
        target: dict[str, str],
        names: Mapping[str, str],
        *,
        joining: bool = False,
    ) -> None:
        """Fill in values that belong together: `wanted` paths, given the `fixed` ones of the same entity."""
        candidates = self._candidates(wanted, fixed, joining)
        alone = candidates[0] if len(candidates) == 1 else None
        agreed = alone.values if alone is not None else _agreed(candidates)
        for path in wanted:
            if path in agreed:
                source = alone or next(one for one in candidates if path in one.values)
                target[names[path]] = agreed[path]
                self.given[path] = source
            else:
                self.open[path] = tuple(one for one in candidates if path in one.values)

    def _candidates(self, wanted: Sequence[str], fixed: Mapping[str, str], joining: bool) -> list[Candidate]:
        paths = [*fixed, *wanted]
        named = set(self.alternatives)
        there = set(self._remembered(self.declaration, paths, {})) if joining else set()
        sources: list[tuple[Memory | None, Source]] = [(self.memory, "memory")]
        if not joining:
            sources.append((self.declaration, "declaration"))
        for memory, source in sources:
            found = [
                Candidate(_known(wanted, values[len(fixed) :]), source, count)
                for values, count in self._remembered(memory, paths, self._match()).items()
                if values[: len(fixed)] == tuple(fixed.values())
                and values not in there
                and (not named or named & set(values))
            ]
            found = [one for one in found if one.values]
            if found:
                return sorted(found, key=lambda one: (-one.count, sorted(one.values.items())))
        codes = [path for path in wanted if self._is_code(path)]
        return [Candidate({path: text}, "alternatives") for path in codes[:1] for text in self.alternatives]

    def _remembered(
        self, memory: Memory | None, paths: Sequence[str], match: Mapping[str, str]
    ) -> Mapping[Values, int]:
        return memory.remembered(self.rule["for"], paths, match) if memory is not None else {}

    def _match(self) -> dict[str, str]:
        """The values the conditions ask for; a cell that is more than one value is left out."""
        found = {path: _value(cell) for path, cell in self.rule.get("match", {}).items()}
        return {path: value for path, value in found.items() if value is not None}

    def _is_code(self, path: str) -> bool:
        element = self._element(path)
        return element is not None and element.type == "code"

    def _element(self, path: str) -> Any:
        scope, *names = path.split(".")
        for chain in self.dictionary.chains_to(self.rule["for"]):
            if scope in chain.scopes:
                steps = chain.steps[: chain.scopes[scope]]
                try:
                    entity = steps[-1].element.type if steps else self.dictionary.root
                    return self.dictionary.resolve(entity, names)[-1]
                except DictionaryError:
                    continue
        return None

    def stated(self, statements: Statements) -> str:
        """Why the rule may never be applied unasked; "" where it may."""
        values = {**self.rule.get("set", {}), **self.rule.get("default", {})}
        for holder, fields in self.rule.get("add", {}).items():
            values.update({f"{holder}.{name}": value for name, value in fields.items()})
        for path, value in values.items():
            element = self._element(path)
            why = statements.why(element.entity, element.name, "" if value == ASK else value) if element else ""
            if why:
                return why
        return ""


def _known(paths: Sequence[str], values: Values) -> dict[str, str]:
    return {path: value for path, value in zip(paths, values, strict=True) if value is not None}


def _agreed(candidates: Sequence[Candidate]) -> dict[str, str]:
    """What all candidates say alike."""
    if not candidates:
        return {}
    first, *others = candidates
    return {path: value for path, value in first.values.items() if all(one.values.get(path) == value for one in others)}


def _value(cell: str) -> str | None:
    """The one value that a cell of a suggestion asks for."""
    text = cell.removeprefix("= ")
    return text[1:-1] if text[:1] == text[-1:] and text[:1] in ("'", '"') else text
