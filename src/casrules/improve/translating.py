"""A suggestion as a configuration rule of a pack: dictionary names, cells, edits, tests, evidence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from casrules.configuration import Statements, shipped_statements
from casrules.dictionary import Dictionary, Element, shipped_dictionary
from casrules.errors import UsageError
from casrules.improve.field_map import FieldMap, ListPlace, scope_of
from casrules.improve.schema import Action, Condition
from casrules.improve.suggestion import HistoryTest, Suggestion
from casrules.packs.decision_cells import exact_cell, quoted

ASK = "ask"
TESTS = 3
"""Tests of each kind that go into the pack."""


@dataclass
class _Parts:
    """What the conditions and the action of a suggestion come to."""

    match: dict[str, str] = field(default_factory=dict)
    when: list[str] = field(default_factory=list)
    edits: dict[str, Any] = field(default_factory=dict)
    paths: list[str] = field(default_factory=list)
    visits: str = ""
    statement: str = ""

    def test(self, path: str, cell: str | None, expression: str) -> None:
        """A condition: as a cell where one can say it and the path has none yet, else as an expression."""
        self.paths.append(path)
        if cell is not None and path not in self.match:
            self.match[path] = cell
        else:
            self.when.append(expression)


class Translator:
    """Translates the suggestions of one history; `fields` maps its fields to the dictionary."""

    def __init__(
        self, fields: FieldMap, dictionary: Dictionary | None = None, statements: Statements | None = None
    ) -> None:
        self._fields = fields
        self._dictionary = dictionary or shipped_dictionary()
        self._statements = statements or shipped_statements()

    def rule(self, suggestion: Suggestion, name: str = "") -> dict[str, Any]:
        """The configuration rule as plain pack data, its keys in the order of the documentation.

        Raises UsageError for a field that the map does not name and an edit that no rule can make.
        """
        parts = _Parts()
        self._act(suggestion.action, parts)
        for condition in suggestion.conditions:
            self._test(condition, parts)
        mode = ASK if suggestion.mode == ASK or parts.statement else "apply"
        valid = {"from": suggestion.valid_from, "to": suggestion.valid_to}
        content: dict[str, Any] = {
            "id": name or suggestion.id,
            "title": suggestion.text,
            "valid": {key: day.isoformat() for key, day in valid.items() if day is not None},
            "law": [{"act": basis} for basis in suggestion.legal_basis],
            "for": parts.visits or scope_of(parts.paths),
            "match": parts.match,
            "when": " and ".join(parts.when),
            "mode": mode,
            **parts.edits,
            "evidence": _evidence(suggestion),
            "examples": self._examples(suggestion, parts),
        }
        return {key: value for key, value in content.items() if value}

    def _act(self, action: Action, parts: _Parts) -> None:
        match action.op:
            case "set" | "change":
                path = self._fields.path(_given(action.field))
                value = _given(action.to if action.op == "change" else action.value)
                if action.op == "change":
                    self._test(Condition(field=_given(action.field), op="eq", value=action.source), parts)
                parts.edits["default" if action.only_if_empty else "set"] = {path: value}
                self._stated(path, value, parts)
            case "copy":
                path, source = (self._fields.path(_given(name)) for name in (action.field, action.source))
                parts.edits["copy"] = {path: source}
                parts.paths.append(source)
                self._stated(path, None, parts)
            case "add_doc" | "add_info":
                self._add(action, parts)
            case "remove_doc" | "remove_info":
                self._remove(action, parts)

    def _add(self, action: Action, parts: _Parts) -> None:
        place, key = self._list(action)
        values = {place.key: key}
        if action.ref is not None and action.ref.mode != "none":
            if not place.reference:
                raise UsageError(f"{place.list}: the field map names no reference", remedy="write reference: ELEMENT")
            values[place.reference] = action.ref.value or ASK
        parts.edits["add"] = {place.list: values}
        self._stated(f"{place.list}.{place.key}", key, parts)

    def _remove(self, action: Action, parts: _Parts) -> None:
        place, key = self._list(action)
        visited = self._element(place.list)
        parts.visits = visited.singular or visited.type
        parts.match[f"{parts.visits}.{place.key}"] = exact_cell(key) or quoted(key)
        parts.edits["remove"] = parts.visits
        self._stated(f"{place.list}.{place.key}", key, parts)

    def _list(self, action: Action) -> tuple[ListPlace, str]:
        wanted = action.list or next(
            (name for name, place in self._fields.fields.items() if self._fits(place, action)), ""
        )
        place = self._fields.entries(wanted)
        parts = action.type if action.type is not None else action.code
        return place, _given(parts)

    @staticmethod
    def _fits(place: str | ListPlace, action: Action) -> bool:
        return isinstance(place, ListPlace) and bool(place.reference) == (action.type is not None)

    def _stated(self, path: str, value: str | None, parts: _Parts) -> None:
        parts.paths.append(path)
        element = self._element(path)
        parts.statement = parts.statement or self._statements.why(element.entity, element.name, value)

    def _element(self, path: str) -> Element:
        scope, *names = path.split(".")
        entity = next(chain.entity for chain in self._dictionary.chains_to(scope))
        return self._dictionary.resolve(entity, names)[-1]

    def _test(self, condition: Condition, parts: _Parts) -> None:
        if condition.op in ("has", "not_has"):
            place = self._fields.entries(condition.field)
            among = " or ".join(f"entry.{place.key} == {quoted(value)}" for value in condition.values)
            word = "any" if condition.op == "has" else "none"
            parts.paths.append(place.list)
            parts.when.append(f"{word}({among} for entry in {place.list})")
            return
        path = self._fields.path(condition.field)
        kind = self._element(path).type
        negated = condition.op in ("ne", "not_in", "not_prefix")
        cell, expression = _tested(path, kind, condition)
        if negated:  # what is missing is none of the values: a cell would leave it open
            parts.paths.append(path)
            parts.when.append(f"(missing({path}) or not ({expression}))")
        else:
            parts.test(path, cell, expression)

    def _examples(self, suggestion: Suggestion, parts: _Parts) -> dict[str, Any]:
        found: dict[str, list[dict[str, Any]]] = {"changes": [], "untouched": []}
        for test in suggestion.tests:
            kind = "changes" if test.kind == "fixes" else "untouched"
            if len(found[kind]) < TESTS:
                found[kind].append(self._example(test))
        return {kind: tests for kind, tests in found.items() if tests}

    def _example(self, test: HistoryTest) -> dict[str, Any]:
        given: dict[str, Any] = {}
        for name, value in test.before.items():
            place = self._fields.known(name)
            if place is None:
                continue
            if isinstance(place, ListPlace):
                entries = [_entry(place, text) for text in ([value] if isinstance(value, str) else value)]
                _put(given, place.list, entries)
            else:
                _put(given, place, value if isinstance(value, str) else value[0])
        return {"given": given, "why": f"{test.declaration}, item {test.item}", "as_of": test.date.isoformat()}


def _tested(path: str, kind: str, condition: Condition) -> tuple[str | None, str]:
    """A condition that is not negated, as a cell and as an expression."""
    values = tuple(dict.fromkeys(condition.values))
    if condition.op in ("is_null", "not_null"):
        word = "missing" if condition.op == "is_null" else "present"
        return word, f"{word}({path})"
    if condition.op in ("prefix", "not_prefix"):
        cell = f"{values[0]}*" if len(values) == 1 and values[0].isalnum() else None
        return cell, "(" + " or ".join(f"startswith({path}, {quoted(value)})" for value in values) + ")"
    cells = [exact_cell(value, kind) for value in values]
    known = "|".join(cell for cell in cells if cell is not None)
    texts = kind in ("code", "text") or len(values) == 1
    return known if None not in cells and texts else None, f"{path} in {{{', '.join(map(quoted, values))}}}"


def _put(given: dict[str, Any], path: str, value: Any) -> None:
    """`item.x` under the short form of examples; what begins with `declaration` stands at the top."""
    names = path.split(".")
    at = given
    for name in names[1 if names[0] == "declaration" else 0 : -1]:
        at = at.setdefault(name, {})
    at[names[-1]] = value


def _entry(place: ListPlace, text: str) -> dict[str, str]:
    key, _, reference = text.partition("|")
    return {place.key: key, **({place.reference: reference} if reference and place.reference else {})}


def _evidence(suggestion: Suggestion) -> dict[str, str]:
    found = suggestion.evidence
    told = {
        "suggestion": suggestion.id,
        "right": str(found.support),
        "wrong": str(found.wrong),
        "declarations": str(found.declarations),
        "confidence_lower": f"{found.confidence_lower:.3f}",
        "expected_per_month": f"{found.expected_per_month:.2f}",
        "prevents": ", ".join(f"{alert.code} ({alert.count})" for alert in found.prevented),
        "first_seen": str(found.first_seen or ""),
        "last_seen": str(found.last_seen or ""),
        "backtest": "" if suggestion.backtest is None else _tried(suggestion),
        "review_by": str(suggestion.review_by or ""),
    }
    return {name: text for name, text in told.items() if text}


def _tried(suggestion: Suggestion) -> str:
    test = suggestion.backtest
    assert test is not None, "only a suggestion with a backtest tells of it"
    return f"mined before {test.mined_until}: {test.right} right, {test.wrong} wrong, {test.missed} missed after it"


def _given(value: str | None) -> str:
    if value is None:
        raise UsageError("the suggestion does not say what its edit writes", remedy="mine the history again")
    return value
