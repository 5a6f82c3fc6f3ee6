"""What a rule proposes when it fails: edits of this message, and the configuration rule against the next time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from casrules.declaration import value_at, write_value
from casrules.declaration.edits import element_at
from casrules.dictionary import Chain, Invalid
from casrules.findings import (
    AddEntity,
    CopyValue,
    DefaultValue,
    Edit,
    FieldValue,
    Fix,
    Match,
    PathWriter,
    RecordPath,
    RemoveEntity,
    SetValue,
    Suggestion,
    Target,
    to_pointer,
)
from casrules.language import EvaluationContext
from casrules.language.explain import arguments
from casrules.packs import FixPlan, SuggestPlan
from casrules.packs.decision_cells import exact_cell, quoted
from casrules.packs.yaml_writing import write_yaml
from casrules.rules.failures import Failure

ASK, MISSING = "ask", "missing"


class Changes:
    """Resolves the paths of one failure's fixes and suggestions."""

    def __init__(
        self, failure: Failure, record: Mapping[str, Any], context: EvaluationContext, paths: PathWriter
    ) -> None:
        self._failure = failure
        self._record = record
        self._context = context
        self._paths = paths
        self._chain: Chain = failure.rule.checked.chains[failure.chain]

    def fixes(self) -> tuple[Fix, ...]:
        """The fixes whose values are known; one that needs a value nobody has is left out."""
        rule = self._failure.rule
        found = ((plan, self._edits(plan)) for plan in rule.packed.rule.fix)
        return tuple(
            Fix(title=plan.title, applicability=plan.applicability, edits=tuple(edits), rule=rule.id)
            for plan, edits in found
            if edits
        )

    def suggestions(self) -> tuple[Suggestion, ...]:
        """The configuration rules that would have prevented the failure, as plain pack data."""
        return tuple(self._suggestion(plan) for plan in self._failure.rule.packed.rule.suggest)

    def _edits(self, plan: FixPlan) -> list[Edit] | None:
        """The typed edits of a fix; None where a value to copy or compute is missing."""
        edits: list[Edit] = [SetValue(target=self._target(path), value=value) for path, value in plan.set.items()]
        edits += [DefaultValue(target=self._target(path), value=value) for path, value in plan.default.items()]
        for path, source in plan.copy_.items():
            if _text(value_at(self._record, self._path(source))) is None:
                return None
            edits.append(CopyValue(target=self._target(path), source=self._target(source)))
        for path, expression in plan.compute.items():
            value = _text(self._computed(expression))
            if value is None:
                return None
            edits.append(SetValue(target=self._target(path), value=value))
        for path, fields in plan.add.items():
            values = tuple(FieldValue(name=name, value=value) for name, value in fields.items())
            edits.append(AddEntity(target=self._target(path), fields=values))
        edits += [RemoveEntity(target=self._target(path)) for path in plan.remove]
        return edits

    def _suggestion(self, plan: SuggestPlan) -> Suggestion:
        matches = tuple(Match(field=path, value=_text(value_at(self._record, self._path(path)))) for path in plan.match)
        actions = {
            name: values
            for name, values in (
                ("set", plan.set), ("default", plan.default), ("copy", plan.copy_), ("compute", plan.compute),
                ("add", plan.add),
            )
            if values
        }  # fmt: skip
        asked = plan.mode == ASK or any(ASK in _leaves(values) for values in actions.values())
        given = {match.field: match for match in matches}
        beside = list(filter(None, (self._among(given.pop(field)) for field in self._out_of_sight(plan, list(given)))))
        conditions = {field: self._cell(match) for field, match in given.items()}
        content = {
            "title": plan.title,
            "for": plan.for_ or self._failure.rule.packed.rule.for_,
            "match": {field: cell for field, cell in conditions.items() if cell is not None},
            **({"when": " and ".join(beside)} if beside else {}),
            "mode": ASK if asked else "apply",
            **{name: dict(values) for name, values in actions.items()},
            "because": self._failure.rule.id,
        }
        content = {"id": _suggested_id(self._failure.rule.packed.rule.id, content), **content}
        return Suggestion(
            title=plan.title,
            mode=ASK if asked else "apply",
            match=matches,
            rule_data=write_yaml(content),
            ask=tuple(_asked(actions)),
        )

    def _out_of_sight(self, plan: SuggestPlan, fields: Iterable[str]) -> list[str]:
        """The fields that the suggested rule does not see from what it visits."""
        if not plan.for_:
            return []
        chains = self._paths.dictionary.chains_to(plan.for_)
        return [field for field in fields if not any(field.partition(".")[0] in chain.scopes for chain in chains)]

    def _among(self, match: Match) -> str:
        """The condition that some entity of the kind has the value that the failing one has here; "" for none."""
        value = match.value
        if value is None or ('"' in value and "'" in value):
            return ""
        scope, _, names = match.field.partition(".")
        steps = self._chain.steps[: self._chain.scopes.get(scope, 0)]
        way = ".".join(("declaration", *(step.name for step in steps)))
        return f"any(one.{names} == {quoted(value)} for one in {way})"

    def _cell(self, match: Match) -> str | None:
        """The condition that the field has the value it has here, or has none, as here."""
        if match.value is None:
            return MISSING
        element = element_at(self._path(match.field), self._paths.dictionary)
        return exact_cell(match.value or "", element.type)

    def _computed(self, expression: str) -> Any:
        checked = self._failure.rule.computations[expression]
        way = next(number for number, chain in enumerate(checked.chains) if chain.path == self._chain.path)
        return arguments(checked, self._record, self._context, instance=self._failure.instance, chain=way)[0]

    def _target(self, text: str) -> Target:
        path = self._path(text)
        return Target(path=self._paths.text(path), record=to_pointer(path))

    def _path(self, text: str) -> RecordPath:
        """The record path of `item.gross_mass`, its scope being on the failure's way."""
        scope, *names = text.split(".")
        depth = self._chain.scopes.get(scope, 0)
        return (*self._failure.instance[:depth], *((name, None) for name in names))


def _suggested_id(rule: str, content: Mapping[str, Any]) -> str:
    """An id that stays the same for the same conditions and actions."""
    return f"{rule}-{hashlib.sha256(json.dumps(content).encode()).hexdigest()[:8]}"


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, (dict, list)):
        return None
    return value.raw if isinstance(value, Invalid) else write_value(value)


def _leaves(values: Mapping[str, Any]) -> list[str]:
    return [leaf for value in values.values() for leaf in (_leaves(value) if isinstance(value, Mapping) else [value])]


def _asked(actions: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
    for values in actions.values():
        for path, value in values.items():
            if isinstance(value, Mapping):
                yield from (f"{path}.{name}" for name, given in value.items() if given == ASK)
            elif value == ASK:
                yield path
