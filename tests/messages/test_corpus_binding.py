"""Binding, tracing, projecting and writing held against every real message of the corpus that we have a mapping for."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from casrules.declaration import RecordPath, SetValue, apply_edits, walk
from casrules.dictionary import Invalid, shipped_dictionary
from casrules.errors import UsageError
from casrules.messages.binding import binder_for
from casrules.messages.detection import detect
from casrules.messages.family import Families
from casrules.messages.json_form import read_json, write_json
from casrules.messages.mapping import load_mapping
from casrules.messages.message_mapping import MessageMapping
from casrules.messages.origins import Origins
from casrules.messages.reading import Intake, read
from casrules.messages.schema_tables import load_tables
from casrules.messages.writing import write_edits
from casrules.resources import schemas_folder

pytestmark = pytest.mark.corpus
AT_LEAST = 400
Bound = tuple[Path, Intake, MessageMapping]


@cache
def families() -> Families:
    return Families.load(schemas_folder() / "families")


@cache
def mapped(family: str, message: str, preferred: str) -> MessageMapping:
    """The message's mapping over the preferred set, or over the first that has the message."""
    found = next(known for known in families() if known.id == family)
    entry = found.message(message)
    assert entry is not None
    mapping = load_mapping(found.folder, shipped_dictionary())
    for tables in (preferred, *(known.id for known in found.sets)):
        loaded = load_tables(schemas_folder() / "tables" / tables)
        if (entry.table or message) in loaded.structures:
            return mapping.for_message(entry, loaded)
    raise AssertionError(f"no tables of {family} have {message}")


@pytest.fixture(scope="module")
def messages(corpus: Path) -> list[Bound]:
    return list(_messages(corpus))


def _messages(corpus: Path) -> Iterator[Bound]:
    for file in sorted(corpus.glob("*/messages/**/*.xml")):
        intake = read(file.read_bytes())
        if intake.tree is None:
            continue
        found = detect(intake, families())
        if found.family and found.message and found.schema_set and not found.unsupported:
            yield file, intake, mapped(found.family.id, found.message.id, found.schema_set.id)


def test_there_are_messages_to_hold_against(messages: list[Bound]) -> None:
    assert len(messages) > AT_LEAST
    assert len({mapping.message for _, _, mapping in messages}) > 10


def test_tracing_binds_the_same_and_every_value_is_where_it_says(messages: list[Bound]) -> None:
    chance = random.Random(1)
    for file, intake, mapping in messages:
        assert intake.tree is not None
        root = intake.tree.getroot()
        binder = binder_for(mapping)
        record = binder.bind(root).record
        assert binder.trace(root)[0] == record, file
        origins = Origins(intake.tree, mapping, intake.text)
        paths = list(walk(record))
        for path, value in chance.sample(paths, min(5, len(paths))):
            origin = origins.locate(path)
            nodes: Any = root.xpath(origin.xpath, namespaces=dict(origins.namespaces))
            assert len(nodes) == 1, (file, path)
            if isinstance(value, str) and origin.text is not None and not origin.others:
                assert value[:4] in origin.text.strip().upper() + origin.text, (file, path)


def test_projections_are_parts_of_the_record(messages: list[Bound]) -> None:
    chance = random.Random(2)
    for file, intake, mapping in messages[::3]:
        assert intake.tree is not None
        root = intake.tree.getroot()
        whole = binder_for(mapping).bind(root).record
        needed = chance.sample(sorted(mapping.carried), 12)
        part = binder_for(mapping, needed).bind(root).record
        assert_within(part, whole, file)
        for path in needed:
            assert values_of(part, path) == values_of(whole, path), (file, path)


def assert_within(part: Any, whole: Any, file: Path) -> None:
    if isinstance(part, dict):
        for name, value in part.items():
            assert_within(value, whole[name], file)
    elif isinstance(part, list):
        assert len(part) == len(whole), file
        for one, other in zip(part, whole, strict=True):
            assert_within(one, other, file)
    else:
        assert part == whole, file


def values_of(record: dict[str, Any], path: str) -> list[Any]:
    level: list[Any] = [record]
    for name in path.split("."):
        found = [entry[name] for entry in level if name in entry]
        level = [below for value in found for below in (value if isinstance(value, list) else [value])]
    return ["entity" if isinstance(value, dict) else value for value in level]


def test_the_record_goes_to_json_and_back(messages: list[Bound]) -> None:
    for file, intake, mapping in messages[::3]:
        assert intake.tree is not None
        bound = binder_for(mapping).bind(intake.tree.getroot())
        if not bound.invalid:
            read_back = read_json(write_json(bound.record))
            assert (read_back.record, read_back.faults) == (bound.record, ()), file


def test_writing_a_value_again_changes_no_byte_and_another_changes_only_it(messages: list[Bound]) -> None:
    chance = random.Random(3)
    written = 0
    for file, intake, mapping in messages[::2]:
        assert intake.tree is not None
        record = binder_for(mapping).bind(intake.tree.getroot()).record
        values = [(path, value) for path, value in walk(record) if editable(path, value)]
        for path, value in chance.sample(values, min(2, len(values))):
            try:
                same = write_edits(intake.source, mapping, [SetValue(path, value)])
            except UsageError as error:
                assert "always" in str(error) or "cannot carry" in str(error), (file, path)
                continue
            assert differences(record_of(same, mapping), record) == set(), (file, path)
            other = SetValue(path, f"{value}"[::-1] if isinstance(value, str) else value + 1)
            if isinstance(value, str) and ("date" in path[-1][0] or not str(other.value).strip()):
                continue
            changed = write_edits(intake.source, mapping, [other])
            assert len(different_lines(intake.source, changed)) <= 2, (file, path)
            expected = apply_edits(record, [other])
            if len(list(mapping.values_at(tuple(name for name, _ in path)))) == 1:
                assert differences(record_of(changed, mapping), expected) <= {path[-1][0]}, (file, path)
            written += 1
    assert written > 100


def editable(path: RecordPath, value: Any) -> bool:
    own_scope = any(name in ("cds", "ens") for name, _ in path)
    return not own_scope and not isinstance(value, dict | Invalid | bool) and path[-1][0] not in ("kind", "level")


def record_of(source: bytes, mapping: MessageMapping) -> dict[str, Any]:
    intake = read(source)
    assert intake.tree is not None
    return binder_for(mapping).bind(intake.tree.getroot()).record


def different_lines(one: bytes, other: bytes) -> set[bytes]:
    return set(other.splitlines()) - set(one.splitlines())


def differences(one: dict[str, Any], other: dict[str, Any]) -> set[str]:
    """Names of values in which two records differ, those of one family's own scope left out.

    A family's own elements (`item.cds…`) repeat XML that other elements read as well.
    """
    first, second = dict(walk(one)), dict(walk(other))
    differing = {path for path in first.keys() | second.keys() if first.get(path) != second.get(path)}
    return {path[-1][0] for path in differing if not any(name in ("cds", "ens") for name, _ in path)}
