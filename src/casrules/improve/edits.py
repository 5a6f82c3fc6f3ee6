"""What people changed, as typed edits: which occur often enough to be looked into."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from casrules.improve.arrays import Codes, Counts, Mask
from casrules.improve.coding import Coded, CodedField, CodedList
from casrules.improve.schema import Action


@dataclass(frozen=True, slots=True)
class Edit:
    """An action that people did `fixes` times in accepted messages; `header`: it counts once a declaration."""

    action: Action
    header: bool
    fixes: int

    @property
    def target(self) -> str:
        """What the action changes; actions of one target compete."""
        action = self.action
        return action.field or f"{action.list}|{action.type or action.code}"


def find_edits(coded: Coded, least: int) -> list[Edit]:
    """All edits that were made at least `least` times, copies before constants, often before rare ones.

    Lists are aligned by key: another reference under the same key is a correction of it, no added entry.
    """
    found: list[Edit] = []
    for field in coded.fields:
        changed = coded.accepted & (field.before != field.after) & (field.after != 0)
        if field.spec.level == "header":
            changed &= coded.first
        if np.count_nonzero(changed) >= least:
            found.extend(_copies(coded, field, changed, least))
            found.extend(_constants(field, changed, least))
    for entries in coded.lists:
        found.extend(_entries(coded, entries, least))
    return sorted(found, key=_order)


def _order(edit: Edit) -> tuple[bool, int, str]:
    return (edit.action.op != "copy", -edit.fixes, edit.action.model_dump_json(exclude_none=True))


def _copies(coded: Coded, field: CodedField, changed: Mask, least: int) -> Iterator[Edit]:
    header = field.spec.level == "header"
    for source in coded.fields:
        if source is field or (header and source.spec.level != "header"):
            continue
        same = translated(source, field)[changed] == field.after[changed]
        if (fixes := int(np.count_nonzero(same))) >= least:
            action = Action(op="copy", source=source.spec.name, field=field.spec.name)
            yield Edit(action, header, fixes)


def _constants(field: CodedField, changed: Mask, least: int) -> Iterator[Edit]:
    often = np.bincount(field.after[changed], minlength=len(field.values) + 1)
    for code in np.flatnonzero(often >= least):
        action = Action(op="set", field=field.spec.name, value=field.values[code - 1])
        yield Edit(action, field.spec.level == "header", int(often[code]))


def _entries(coded: Coded, entries: CodedList, least: int) -> Iterator[Edit]:
    header = entries.spec.level == "header"
    counted = coded.accepted & coded.first if header else coded.accepted
    size = len(entries.values) + 1
    before, after = (
        distinct(side.rows.astype(np.int64) * size + side.keys) for side in (entries.before, entries.after)
    )
    added, removed = _without(after, before), _without(before, after)
    adding, removing = ("add_doc", "remove_doc") if entries.spec.referenced else ("add_info", "remove_info")
    for pairs, op in ((added, adding), (removed, removing)):
        often = np.bincount((pairs % size)[counted[pairs // size]], minlength=size)
        for key in np.flatnonzero(often >= least):
            name = {"type" if entries.spec.referenced else "code": entries.values[key - 1]}
            action = Action.model_validate({"op": op, "list": entries.spec.name, **name})
            yield Edit(action, header, int(often[key]))


def translated(source: CodedField, field: CodedField) -> Codes:
    """What `source` holds before, in the codes of `field`; 0 where it is empty, -1 where `field` never has it."""
    place = {value: code for code, value in enumerate(field.values, 1)}
    codes = np.array([0, *(place.get(value, -1) for value in source.values)], np.int32)
    return codes[source.before]


def distinct(values: Counts) -> Counts:
    """The values in ascending order, each once; fast for nearly sorted ones."""
    ordered = np.sort(values, kind="stable")
    first = np.ones(len(ordered), bool)
    first[1:] = ordered[1:] != ordered[:-1]
    found: Counts = ordered[first]
    return found


def _without(values: Counts, others: Counts) -> Counts:
    """The values that are not among the others; both ascending and distinct."""
    places = np.searchsorted(others, values)
    known = places < len(others)
    known[known] = others[places[known]] == values[known]
    found: Counts = values[~known]
    return found
