from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casrules.errors import RuleError
from casrules.packs import load_pack
from casrules.packs.decision_cells import Cell, Interval, Opaque, Presence, Texts, read_cell
from casrules.packs.decision_cover import overlapping_rows, shadowed_rows

from .conftest import WritePack, ruleset_of

HEAD = """\
  - id: grn
    title: The guarantee reference follows the guarantee type
    law: [{act: "2015/2446", place: "Annex B, 99 03 069 000"}]
    for: guarantee_reference
    hit: HIT
    conditions: {type: guarantee.type, amount: guarantee_reference.amount}
    results: {grn: guarantee_reference.grn}
    remedy: See the certificate.
    examples:
      with: {valid: [{given: {guarantees: [{type: "1", references: [{grn: A}]}]}}]}
"""
ROWS = """\
    rows:
      - {id: with, type: "0|1|2", grn: present, message: "Type {guarantee.type} needs a GRN."}
      - id: without
        from: 2025-01-21
        type: "3"
        amount: ">= 10.5"
        grn: missing
        severity: warning
        message: "Type {guarantee.type} takes no GRN."
"""
CSV = """\
id,from,type,amount,grn,severity,message
with,,0|1|2,,present,,Type {guarantee.type} needs a GRN.

without,2025-01-21,3,>= 10.5,missing,warning,Type {guarantee.type} takes no GRN.
"""
BY_HAND = """\
rules:
  - id: grn.with
    title: The guarantee reference follows the guarantee type
    law: [{act: "2015/2446", place: "Annex B, 99 03 069 000"}]
    for: guarantee_reference
    when: guarantee.type in {"0", "1", "2"}
    require: present(guarantee_reference.grn)
    at: guarantee_reference.grn
    message: "Type {guarantee.type} needs a GRN."
    remedy: See the certificate.
    examples: {valid: [{given: {guarantees: [{type: "1", references: [{grn: A}]}]}}]}
  - id: grn.without
    title: The guarantee reference follows the guarantee type
    severity: warning
    law: [{act: "2015/2446", place: "Annex B, 99 03 069 000"}]
    valid: {from: 2025-01-21}
    for: guarantee_reference
    when: guarantee.type == "3" and guarantee_reference.amount >= 10.5EXTRA
    require: missing(guarantee_reference.grn)
    at: guarantee_reference.grn
    message: "Type {guarantee.type} takes no GRN."
    remedy: See the certificate.
"""


@pytest.mark.parametrize(
    ("hit", "extra"),
    [("unique", ""), ("all", ""), ("first", ' and not (guarantee.type in {"0", "1", "2"})')],
)
def test_rows_in_yaml_and_csv_are_the_rules_written_by_hand(write_pack: WritePack, hit: str, extra: str) -> None:
    head = "decisions:\n" + HEAD.replace("HIT", hit)
    in_yaml = load_pack(write_pack(topic=head + ROWS, folder="y"))
    csv = {"decisions/grn.csv": CSV}
    in_csv = load_pack(write_pack(topic=head + "    file: grn.csv\n", files=csv, folder="c"))
    by_hand = load_pack(write_pack(topic=BY_HAND.replace("EXTRA", extra), folder="h"))
    rules = [{name: rule.rule for name, rule in pack.rules.items()} for pack in (in_yaml, in_csv, by_hand)]
    assert rules[0] == rules[1] == rules[2]
    checked = [{n: r.checked for n, r in ruleset_of(pack).rules.items()} for pack in (in_yaml, in_csv, by_hand)]
    assert checked[0] == checked[1] == checked[2]
    assert in_yaml.rules["made.up.grn.without"].table == "grn"


def test_places_are_the_rows_lines(write_pack: WritePack) -> None:
    head = "decisions:\n" + HEAD.replace("HIT", "unique")
    in_yaml = load_pack(write_pack(topic=head + ROWS, folder="y"))
    in_csv = load_pack(write_pack(topic=head + "    file: grn.csv\n", files={"decisions/grn.csv": CSV}, folder="c"))
    places = [pack.rules["made.up.grn.without"].place("when") for pack in (in_yaml, in_csv)]
    assert [(Path(place.file).name, place.line) for place in places] == [("topic.yaml", 14), ("grn.csv", 4)]


def test_an_error_in_a_cell_is_told_with_the_rows_line(write_pack: WritePack) -> None:
    rows = ROWS.replace("guarantee.type} needs", "guarantee.typo} needs")
    with pytest.raises(RuleError, match="typo") as caught:
        ruleset_of(load_pack(write_pack(topic="decisions:\n" + HEAD.replace("HIT", "unique") + rows)))
    assert caught.value.place is not None and caught.value.place.line == 13


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("id: without", "id: with", "exists twice"),
        ("- id: without\n        from", "- from", "has no id"),
        ('type: "3"', "typ: '3'", "unknown column 'typ'"),
        ('">= 10.5"', '">= ten"', "neither a number nor a date"),
        ('">= 10.5"', '"10..5"', "ends before"),
        ('"3"', "'3|3'", "twice"),
        ("        grn: missing\n", "", "demands nothing"),
        ("severity: warning", "severity: bad", "severity"),
        ("from: 2025-01-21", "from: 2025-02-30", "valid.from"),
        ('type: "3"', "type: '2|3'", "match the same declarations"),
    ],
)
def test_a_wrong_row_is_an_error_at_its_line(write_pack: WritePack, old: str, new: str, problem: str) -> None:
    assert old in ROWS
    topic = "decisions:\n" + HEAD.replace("HIT", "unique") + ROWS.replace(old, new)
    if problem == "match the same declarations":
        topic = topic.replace('        amount: ">= 10.5"\n', "")
    with pytest.raises(RuleError, match=problem) as caught:
        load_pack(write_pack(topic=topic))
    assert caught.value.place is not None and caught.value.place.line == 14


@pytest.mark.parametrize(
    ("head", "problem"),
    [
        (HEAD.replace("      with:", "      wiht:"), "no row is called 'wiht'"),
        (HEAD.replace("{type:", "{message:"), "is taken"),
        (HEAD.replace("results: {grn:", "results: {type:"), "is taken"),
        (HEAD.replace("HIT", "any"), "hit"),
        (HEAD.replace("    conditions", "    condition"), "unknown key 'condition'"),
    ],
)
def test_a_wrong_head_is_an_error(write_pack: WritePack, head: str, problem: str) -> None:
    with pytest.raises(RuleError, match=problem):
        load_pack(write_pack(topic="decisions:\n" + head.replace("HIT", "unique") + ROWS))


def test_files_of_rows_are_named_and_used(write_pack: WritePack) -> None:
    head = "decisions:\n" + HEAD.replace("HIT", "unique")
    with pytest.raises(RuleError, match=r"no decisions/gnr\.csv"):
        load_pack(write_pack(topic=head + "    file: gnr.csv\n", files={"decisions/grn.csv": CSV}))
    with pytest.raises(Exception, match=r"nobody loads grn\.csv"):
        load_pack(write_pack(topic=head + ROWS, files={"decisions/grn.csv": CSV}))


@pytest.mark.parametrize(
    ("text", "expression", "test"),
    [
        ("A", 'x.y == "A"', Texts(frozenset("A"))),
        ("A|B", 'x.y in {"A", "B"}', Texts(frozenset("AB"))),
        ("not A|B", 'x.y not in {"A", "B"}', Texts(frozenset("AB"), negated=True)),
        ('"present"', 'x.y == "present"', Texts(frozenset({"present"}))),
        ("'a|b'", 'x.y == "a|b"', Texts(frozenset({"a|b"}))),
        ("present", "present(x.y)", Presence(True)),
        ("true", "x.y", Opaque("", True)),
        ("false", "not x.y", Opaque("", False)),
        ("listed CL010", 'listed(x.y, "CL010")', Opaque('listed(x.y, "CL010")')),
        ("not listed CL010", 'not listed(x.y, "CL010")', Opaque('listed(x.y, "CL010")', False)),
        ("matches [A-Z]{2}", 'matches(x.y, "[A-Z]{2}")', Opaque('matches(x.y, "[A-Z]{2}")')),
        ("< 2025-01-21", 'x.y < date("2025-01-21")', Interval(None, "2025-01-21", False, False)),
        (
            "2024-01-01..2025-01-21",
            'date("2024-01-01") <= x.y <= date("2025-01-21")',
            Interval("2024-01-01", "2025-01-21"),
        ),
    ],
)
def test_cells(text: str, expression: str, test: object) -> None:
    cell = read_cell(text, "x.y")
    assert cell is not None
    assert (cell.expression, cell.test) == (expression, test)


def test_an_empty_cell_says_nothing() -> None:
    assert read_cell(None, "x") is read_cell(" ", "x") is read_cell("-", "x") is None


@pytest.mark.parametrize("text", ["= x", "A||B", "5..2025-01-01", '"a\' "b', "not"])
def test_what_is_no_cell_is_refused(text: str) -> None:
    if text == "not":
        assert read_cell(text, "x") == Cell('x == "not"', Texts(frozenset({"not"})))
        return
    with pytest.raises(ValueError, match=r"."):
        read_cell(text, "x")


VALUES = (None, "A", "B", "C", "D")
cells = st.sampled_from(["", "A", "B", "A|B", "not A", "not A|C", "present", "missing"])
NUMBERS = (None, 0, 1, 2, 3, 4, 5)
bounds = st.sampled_from(["", "= 2", ">= 2", "< 2", "> 4", "2..4", "<= 4", "missing", "present"])
tables = st.lists(st.tuples(cells, bounds), min_size=1, max_size=6)


def _text_passes(cell: str, value: str | None) -> bool:
    if cell in ("", "present", "missing"):
        return cell == "" or (value is None) == (cell == "missing")
    named = set(cell.removeprefix("not ").split("|"))
    return value is not None and (value not in named if cell.startswith("not ") else value in named)


def _number_passes(cell: str, value: int | None) -> bool:
    if cell in ("", "present", "missing"):
        return cell == "" or (value is None) == (cell == "missing")
    if value is None:
        return False
    low, dots, high = cell.partition("..")
    if dots:
        return int(low) <= value <= int(high)
    operator, bound = cell.split()
    return {"=": value == int(bound), ">=": value >= int(bound), "<": value < int(bound), ">": value > int(bound),
            "<=": value <= int(bound)}[operator]  # fmt: skip


@given(tables)
def test_shadowed_and_overlapping_rows_are_those_that_trying_every_value_finds(table: list[tuple[str, str]]) -> None:
    rows = [(read_cell(text, "x"), read_cell(number, "y")) for text, number in table]
    matches = [
        {
            point
            for point in product(VALUES, NUMBERS)
            if _text_passes(text, point[0]) and _number_passes(number, point[1])
        }
        for text, number in table
    ]
    covered = [n for n in range(len(table)) if matches[n] <= set().union(*matches[:n])]
    assert [position for position, _ in shadowed_rows(rows)] == covered
    for position, by in shadowed_rows(rows):
        assert matches[position] <= set().union(*(matches[other] for other in by))
    overlapping = [(a, b) for b in range(len(table)) for a in range(b) if matches[a] & matches[b]]
    assert overlapping_rows(rows) == overlapping


def test_rows_told_apart_by_opaque_tests_are_not_called_overlapping() -> None:
    listed, other = read_cell("listed CL010", "x"), read_cell("A", "x")
    assert overlapping_rows([(listed,), (other,)]) == []
    assert overlapping_rows([(listed,), (listed,)]) == [(0, 1)]
    assert overlapping_rows([(listed,), (read_cell("not listed CL010", "x"),)]) == []
    assert shadowed_rows([(listed,), (read_cell("not listed CL010", "x"),), (other,)]) == []


def test_a_row_after_one_that_matches_everything_is_shadowed(write_pack: WritePack) -> None:
    rows = ROWS.replace('type: "0|1|2"', "type: '-'").replace("        from: 2025-01-21\n", "")
    pack = load_pack(write_pack(topic="decisions:\n" + HEAD.replace("HIT", "first") + rows))
    (found,) = pack.shadowed
    assert (found.row, found.by, found.place.line) == ("without", ("with",), 14)
