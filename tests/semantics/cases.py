"""The cases of the semantics suite: read from the YAML files beside this one, made ready to run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from casrules.declaration import read_value
from casrules.dictionary import Invalid, shipped_dictionary
from casrules.language import BranchSource, CheckedRule, EvaluationContext, RuleSource, check_rule
from casrules.testing.declarations import expand

FOLDER = Path(__file__).parent
TODAY = "2025-06-01"
VALUES = {"true": "passed", "false": "failed", "unknown": "inconclusive", "not_evaluated": "not_evaluated"}
"""The outcomes of a rule that requires a condition of this value."""
UNREADABLE = "(unreadable)"
"""How a text begins that stands for one that could not be read."""
FILE_KEYS = {"feature", "about", "for", "lists", "tables", "cases"}
CASE_KEYS = {
    "shows", "given", "for", "when", "require", "condition", "branches", "let", "params", "as_of", "outcome", "value",
}  # fmt: skip
Record = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One case. `expected` are the outcomes of the visited entities in document order; one for all of them, if one.

    `written` is the record with None where something blank was written, `record` what rules see of it.
    """

    feature: str
    number: int
    shows: str
    text: str
    rule: CheckedRule = field(repr=False)
    written: Record
    expected: tuple[str, ...]
    context: EvaluationContext = field(repr=False)

    @property
    def record(self) -> Record:
        """The declaration as rules see it."""
        found: Record = _without_blanks(self.written)
        return found

    @property
    def invalid(self) -> frozenset[tuple[str, str]]:
        """The (entity, element) pairs that hold a value that cannot be read."""
        return frozenset(_invalid(self.written, shipped_dictionary().root))

    def outcomes(self, visits: int) -> tuple[str, ...]:
        """What is expected of so many visits."""
        return self.expected * visits if len(self.expected) == 1 else self.expected


@lru_cache(maxsize=1)
def all_cases() -> tuple[Case, ...]:
    """The cases of all files."""
    return tuple(case for path in sorted(FOLDER.glob("*.yaml")) for case in _file(path))


def _file(path: Path) -> Iterator[Case]:
    content = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)  # every scalar is a text, as in a pack
    _only(content, FILE_KEYS, path.name)
    for number, case in enumerate(content["cases"], 1):
        _only(case, CASE_KEYS, f"{path.name}, case {number}")
        yield _case(case, content, number)


def _only(keys: Mapping[str, Any], known: set[str], where: str) -> None:
    if strange := set(keys) - known:
        raise ValueError(f"{where}: unknown {sorted(strange)}")


def _case(case: Mapping[str, Any], content: Mapping[str, Any], number: int) -> Case:
    require = case.get("condition", case.get("require"))
    expected = case["outcome"] if "outcome" in case else VALUES[case["value"]]
    if ("condition" in case) != ("value" in case):
        raise ValueError(f"{case['shows']}: a condition has a value, a rule has an outcome")
    source = RuleSource(
        f"{content['feature']}.{number}",
        case.get("for", content["for"]),
        require,
        case.get("when"),
        tuple(BranchSource(one["require"], one["key"], one.get("when")) for one in case.get("branches", ())),
        case.get("let", {}),
        {name: tuple(value) if isinstance(value, list) else value for name, value in case.get("params", {}).items()},
    )
    texts = (case.get("when"), require, *(one["require"] for one in case.get("branches", ())))
    return Case(
        content["feature"],
        number,
        case["shows"],
        " ⇒ ".join(text for text in texts if text),
        check_rule(
            source,
            shipped_dictionary(),
            code_lists=set(content.get("lists", {})),
            tables={name: table["columns"] for name, table in content.get("tables", {}).items()},
        ),
        _with_unreadable(expand(case.get("given") or {}, shipped_dictionary())),
        tuple(expected) if isinstance(expected, list) else (expected,),
        _context(content, case.get("as_of", TODAY)),
    )


def _context(content: Mapping[str, Any], day: str) -> EvaluationContext:
    """`unavailable` in place of codes or rows: nobody has the list or table."""
    lists = {name: frozenset(codes) for name, codes in content.get("lists", {}).items() if codes != "unavailable"}
    tables = {
        name: {
            key: {column: read_value(table["columns"][column], text) for column, text in row.items()}
            for key, row in table["rows"].items()
        }
        for name, table in content.get("tables", {}).items()
        if table["rows"] != "unavailable"
    }
    return EvaluationContext(None if day == "unknown" else day, lists.get, tables.get)  # type: ignore[arg-type]


def _with_unreadable(value: Any) -> Any:
    """Texts and codes are always readable by themselves; those put together from parts need not be."""
    if isinstance(value, dict):
        return {name: _with_unreadable(below) for name, below in value.items()}
    if isinstance(value, list):
        return [_with_unreadable(entry) for entry in value]
    return Invalid(value) if isinstance(value, str) and value.startswith(UNREADABLE) else value


def _without_blanks(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_blanks(below) for name, below in value.items() if below is not None}
    return [_without_blanks(entry) for entry in value] if isinstance(value, list) else value


def _invalid(values: Record, entity: str) -> Iterator[tuple[str, str]]:
    dictionary = shipped_dictionary()
    for name, value in values.items():
        if isinstance(value, Invalid):
            yield entity, name
        for below in value if isinstance(value, list) else [value]:
            if isinstance(below, dict):
                yield from _invalid(below, dictionary.element(entity, name).type)
