"""Shapes and codes are data that is checked: what ships is whole, what is broken says file and line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from casrules import Engine
from casrules.alerts import Knowledge, load_knowledge
from casrules.dictionary import shipped_dictionary
from casrules.errors import PackError

SHAPE = """shapes:
  - id: x.answer
    title: An answer
    system: X
    recognise: {{root: Answer}}
    entries: [{{path: ./Error, {entry}}}]
"""
CODES = """system: X
list: L
title: t
source: s
codes:
  "1":
    title: one
    meaning: It is one.
"""


def test_everything_that_ships_loads(knowledge: Knowledge) -> None:
    assert len(knowledge.shapes) >= 15
    assert sum(key[:2] == ("CDS", "CDS") for key in knowledge.codes) == 243


def test_every_code_says_what_to_do(knowledge: Knowledge) -> None:
    assert [key for key, entry in knowledge.codes.items() if not entry.remedy and entry.cause == "message"] == []


def test_companions_are_codes_of_the_list(knowledge: Knowledge) -> None:
    missing = [
        (key, other)
        for key, entry in knowledge.codes.items()
        for other in entry.beside
        if (key[0], key[1], other) not in knowledge.codes
    ]
    assert missing == []


def test_rules_that_explanations_name_exist(knowledge: Knowledge, engine: Engine) -> None:
    known = {page.id for page in engine.rules()}
    assert {rule for entry in knowledge.codes.values() for rule in entry.rules} - known == set()


def test_usual_places_are_in_the_dictionary(knowledge: Knowledge) -> None:
    dictionary = shipped_dictionary()
    for entry in knowledge.codes.values():
        for path in entry.where:
            assert dictionary.resolve(dictionary.root, path.split("."))


def test_the_messages_that_shapes_name_exist(knowledge: Knowledge, engine: Engine) -> None:
    families = engine._tools.plans.catalog.families
    for shape in knowledge.shapes:
        for name in shape.declarations:
            assert families.parse_format(name)[1] is not None


@pytest.mark.parametrize(
    ("entry", "wrong"),
    [
        ("cod: ./x", "unknown key 'cod'"),
        ("code: ./x//y", "cannot read the path"),
        ("code: {path: ./x, match: '('}", "no regular expression"),
        ("pointer: {path: ./p, scheme: wco}", "needs a `table`"),
        ("pointer: {path: ./p, scheme: wco, table: nobody}", "no pointer table 'nobody'"),
        ("pointer: {path: ./p, scheme: guess}", "scheme"),
    ],
)
def test_a_broken_shape_says_where(write: Callable[..., Path], entry: str, wrong: str) -> None:
    with pytest.raises(PackError, match=wrong) as caught:
        load_knowledge(write(shapes_x=SHAPE.format(entry=entry)))
    assert caught.value.place is not None
    assert caught.value.place.file.endswith("shapes/x.yaml")
    assert caught.value.place.line


def test_nothing_is_there_twice(write: Callable[..., Path]) -> None:
    with pytest.raises(PackError, match="explained twice"):
        load_knowledge(write(codes_a=CODES, codes_b=CODES))
    shape = SHAPE.format(entry="code: ./x")
    with pytest.raises(PackError, match="is there twice"):
        load_knowledge(write(codes_b=CODES.replace("list: L", "list: M"), shapes_a=shape, shapes_b=shape))


def test_systems_may_share_a_list(write: Callable[..., Path]) -> None:
    found = load_knowledge(write(codes_a=CODES.replace("system: X", "system: [X, Y]")))
    assert found.explain("X", "L", "1") == found.explain("Y", "L", "1") is not None
    assert found.explain("Z", "L", "1") is None
