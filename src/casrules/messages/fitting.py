"""Which of several mapping rows a new entity belongs to: the one whose place says what the entity says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casrules.messages.converters import Constant
from casrules.messages.message_mapping import EntityAt


def fitting_row(place: EntityAt, name: str, values: Mapping[str, Any]) -> EntityAt | None:
    """The row for a new entity `name` with `values` below `place`; None where no row can hold such an entity.

    A row's place gives values of its own: constants, and what its conditions ask for. The row that contradicts the
    fewest of `values` and can hold the most of them wins, the first of equals.
    """
    rows = [row for row in place.below if row.names[-1] == name]
    if len(rows) < 2:
        return rows[0] if rows else None
    return min(rows, key=lambda row: _misfit(row, values))


def _misfit(row: EntityAt, values: Mapping[str, Any]) -> tuple[int, int]:
    """How many values the row's place contradicts, and how many it cannot hold."""
    given = given_by(row)
    wrong = sum(1 for name, value in given.items() if values.get(name, value) != value)
    held = {value.element.name for value in row.values} | {below.names[-1] for below in row.below} | set(given)
    return wrong, sum(1 for name in values if name not in held)


def given_by(row: EntityAt) -> dict[str, Any]:
    """The values that the row's place alone gives an entity: constants, and conditions on what values are read from."""
    found: dict[str, Any] = dict(row.constants)
    conditions = row.path.steps[-1].conditions if row.path.steps else ()
    asked = {"/".join(one.target): one.value for one in conditions if one.test == "equals"}
    for value in row.values:
        if isinstance(value.converter, Constant):
            found.setdefault(value.element.name, value.converter.value)
        elif len(value.paths) == 1 and (written := _as_target(value.paths[0])) in asked:
            read = value.converter.read((asked[written],))
            found.setdefault(value.element.name, read)
    return found


def _as_target(path: Any) -> str:
    """A path as a condition names it."""
    steps = [step.name for step in path.steps]
    return "/".join([*steps, f"@{path.attribute}"] if path.attribute else steps)
