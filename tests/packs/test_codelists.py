"""Code lists: what a list has on a day, folders that cannot be read, and what is shipped."""

from __future__ import annotations

import csv
import importlib.util
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casrules.errors import PackError
from casrules.packs.codelists import CodeLists, load_code_lists, shipped_code_lists
from casrules.resources import schemas_folder

ENTRY = "  - {{id: {id}, title: A list, source: made up{more}}}\n"


def folder_of(tmp_path: Path, files: dict[str, str], entries: tuple[str, ...] = ("X",), name: str = "lists") -> Path:
    """A folder of code lists; an entry is an id, and may have more keys behind a comma."""
    folder = tmp_path / name
    folder.mkdir(parents=True)
    split = [entry.partition(",") for entry in entries]
    lines = [ENTRY.format(id=own, more=f",{more}" if more else "") for own, _, more in split]
    (folder / "index.yaml").write_text("lists:\n" + "".join(lines), encoding="utf-8")
    for file, text in files.items():
        (folder / file).write_text(text, encoding="utf-8")
    return folder


def test_undated_lists_hold_on_every_day(tmp_path: Path) -> None:
    lists = load_code_lists(folder_of(tmp_path, {"X.csv": "code,name\nA,first\nB,\n"}))
    assert lists.names() == {"X"}
    assert lists.get("X", "1990-01-01") == lists.get("X", None) == lists.get("X", "2050-01-01T10:00:00Z")
    assert lists.get("X") == frozenset("AB")
    assert lists.dates() == ()


def test_unknown_lists_and_codes_are_none_not_empty(tmp_path: Path) -> None:
    lists = load_code_lists(folder_of(tmp_path, {"X.csv": "code,name\nA,first\nB,\n"}))
    assert lists.get("Y") is None
    assert (lists.name_of("X", "A"), lists.name_of("X", "B"), lists.name_of("X", "C")) == ("first", None, None)
    assert lists.name_of("Y", "A") is None


def test_codes_begin_and_cease_on_their_days(tmp_path: Path) -> None:
    text = "code,name,from,to\nA,,,2025-12-31\nB,,2026-01-01,\nC,,,\n"
    lists = load_code_lists(folder_of(tmp_path, {"X.csv": text}))
    assert lists.get("X", "2025-12-31") == {"A", "C"}
    assert lists.get("X", "2025-12-31T23:59:59+01:00") == {"A", "C"}
    assert lists.get("X", "2026-01-01") == {"B", "C"}
    assert lists.get("X", None) == {"B", "C"}
    assert lists.dates() == ("2026-01-01",)


def test_periods_of_a_list_follow_each_other(tmp_path: Path) -> None:
    entries = (
        "X, valid_from: 2024-01-01, valid_to: 2024-06-30, file: old.csv",
        "X, valid_from: 2024-07-01, valid_to: 2024-12-31, file: new.csv",
    )
    files = {"old.csv": "code,name\nA,then\n", "new.csv": "code,name\nA,now\nB,\n"}
    lists = load_code_lists(folder_of(tmp_path, files, entries))
    assert lists.get("X", "2023-12-31") is None
    assert lists.get("X", "2024-01-01") == lists.get("X", "2024-06-30") == {"A"}
    assert lists.get("X", "2024-07-01") == {"A", "B"}
    assert lists.get("X", "2025-01-01") is None
    assert lists.get("X", None) == {"A", "B"}
    assert lists.name_of("X", "A") == "now"
    assert lists.dates() == ("2024-01-01", "2024-07-01", "2025-01-01")


DAY = st.dates(date(2023, 1, 1), date(2023, 3, 1))
ROW = st.tuples(st.sampled_from("ABCDE"), st.none() | DAY, st.none() | DAY)


@given(st.lists(ROW, min_size=1, max_size=8, unique_by=lambda row: (row[0], row[1])), DAY)
def test_a_code_is_listed_exactly_on_its_days(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, date | None, date | None]], day: date
) -> None:
    rows = [(code, first, last if not first or not last or first <= last else first) for code, first, last in rows]
    lines = [f"{code},{first or ''},{last or ''}" for code, first, last in rows]
    text = "\n".join(["code,from,to", *lines])
    lists = load_code_lists(folder_of(tmp_path_factory.mktemp("dated"), {"X.csv": text}))
    expected = {code for code, first, last in rows if (first is None or first <= day) and (last is None or day <= last)}
    assert lists.get("X", day.isoformat()) == expected
    changes = set(lists.dates())
    tomorrow = (day + timedelta(days=1)).isoformat()
    if lists.get("X", day.isoformat()) != lists.get("X", tomorrow):
        assert tomorrow in changes


def test_a_customers_lists_come_first(tmp_path: Path) -> None:
    shipped = load_code_lists(folder_of(tmp_path, {"X.csv": "code\nA\n", "Y.csv": "code\nB\n"}, ("X", "Y")))
    own = folder_of(tmp_path, {"X.csv": "code\nZ\n", "V.csv": "code\nC\n"}, ("X", "V"), "own")
    both = shipped.extend(own)
    assert both.names() == {"X", "Y", "V"}
    assert (both.get("X"), both.get("Y"), both.get("V")) == ({"Z"}, {"B"}, {"C"})
    assert shipped.get("X") == {"A"}
    assert shipped.get("V") is None


BROKEN = {
    "a code that stands twice": ({"X.csv": "code,name\nA,\nB,\nA,again\n"}, ("X",), "X.csv:4", "twice"),
    "a row without a code": ({"X.csv": "code,name\nA,\n,nameless\n"}, ("X",), "X.csv:3", "without a code"),
    "too many cells": ({"X.csv": "code,name\nA,one,two\n"}, ("X",), "X.csv:2", "more cells"),
    "an unknown column": ({"X.csv": "code,label\nA,\n"}, ("X",), "X.csv:1", "label"),
    "no code column": ({"X.csv": "name\nA\n"}, ("X",), "X.csv:1", "name"),
    "a day that is none": ({"X.csv": "code,from\nA,2025-02-30\n"}, ("X",), "X.csv:2", ""),
    "a code that ends first": (
        {"X.csv": "code,from,to\nA,2025-02-02,2025-02-01\n"},
        ("X",),
        "X.csv:2",
        "before it begins",
    ),
    "a file that is not there": ({}, ("X",), "index.yaml:2", "no file"),
    "a file outside the folder": ({}, ("X, file: ../lists/index.yaml",), "index.yaml:2", "no file"),
    "a stranger": ({"X.csv": "code\nA\n", "Y.csv": "code\nB\n"}, ("X",), "Y.csv", "nobody loads"),
    "a period that ends first": (
        {"X.csv": "code\nA\n"},
        ("X, valid_from: 2025-02-02, valid_to: 2025-02-01",),
        "index.yaml:2",
        "before it begins",
    ),
    "periods that overlap": (
        {"a.csv": "code\nA\n", "b.csv": "code\nB\n"},
        ("X, file: a.csv", "X, valid_from: 2025-01-01, file: b.csv"),
        "index.yaml:3",
        "same days",
    ),
    "an unknown key": ({"X.csv": "code\nA\n"}, ("X, vailid_from: 2025-01-01",), "index.yaml:2", ""),
    "an unreadable date": ({"X.csv": "code\nA\n"}, ("X, valid_from: soon",), "index.yaml:2", "date"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_folders_are_told_with_file_and_line(tmp_path: Path, case: str) -> None:
    files, entries, place, words = BROKEN[case]
    with pytest.raises(PackError) as caught:
        load_code_lists(folder_of(tmp_path, files, entries))
    assert str(caught.value.place).endswith(place)
    assert words in caught.value.problem
    assert caught.value.remedy


def test_a_folder_without_an_index_is_told(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"no index\.yaml"):
        load_code_lists(tmp_path)


def test_a_file_that_is_not_text_is_told(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, {})
    (folder / "X.csv").write_bytes(b"code\n\xff\xfe\n")
    with pytest.raises(PackError) as caught:
        load_code_lists(folder)
    assert "X.csv" in str(caught.value.place)


SHIPPED: dict[str, tuple[int, str, str]] = {
    "CL008": (265, "DE", "XX"),
    "CL010": (36, "IE", "GB"),
    "CL017": (406, "BX", "ZZ9"),
    "CL042": (2, "D", "C"),
    "CL090": (13, "FCA", "FOT"),
    "CL112": (8, "GB", "DE"),
    "CL180": (11, "14", "18"),
    "CL181": (7, "VQ", "BX"),
    "CL182": (3, "NE", "VQ"),
    "CL231": (6, "T2SM", "EX"),
    "CL251": (12, "B", "Z"),
    "CL505": (55, "AE", "DE"),
    "CL750": (10, "30", "99"),
    "AES.CL042": (12, "C", "T"),
    "AES.CL092": (8, "10", "40"),
    "AES.CL231": (2, "EX", "T1"),
    "CCI.CL092": (19, "40", "10"),
    "CCI.CL251": (17, "F", "A"),
    "GB.currencies": (155, "GBP", "ABC"),
}


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_lists_have_their_codes(name: str) -> None:
    size, member, stranger = SHIPPED[name]
    codes = shipped_code_lists().get(name, "2025-06-01")
    assert codes is not None
    assert (len(codes), member in codes, stranger in codes) == (size, True, False)


def test_what_held_in_the_transition_only_no_longer_holds() -> None:
    before, after = (shipped_code_lists().get("CL750", day) for day in ("2025-01-21", "2025-01-22"))
    assert before is not None
    assert after is not None
    assert before - after == {"99"}


def test_lists_of_one_kind_agree_with_each_other() -> None:
    lists = shipped_code_lists()

    def codes(name: str) -> frozenset[str]:
        found = lists.get(name, "2025-06-01")
        assert found is not None
        return found

    assert codes("CL181") | codes("CL182") <= codes("CL017")
    assert codes("CL286") <= codes("CL076") <= codes("CL251")
    assert codes("CL229") | codes("CL230") <= codes("CL251")
    assert codes("CL234") <= codes("CL380")
    assert codes("CL178") <= codes("CL214")
    assert codes("CL010") | codes("CL112") <= codes("CL008")
    assert codes("CL198") <= codes("CL190")


def test_shipped_names_are_short_and_the_lists_small() -> None:
    folder = schemas_folder() / "codelists"
    names = [
        row["name"] for path in folder.glob("*.csv") for row in csv.DictReader(path.read_text("utf-8").splitlines())
    ]
    assert max(map(len, names)) <= 70
    assert sum(path.stat().st_size for path in folder.iterdir()) < 400_000


def test_shipped_lists_are_read_once() -> None:
    assert shipped_code_lists() is shipped_code_lists()
    assert isinstance(shipped_code_lists(), CodeLists)


@pytest.mark.corpus
def test_shipped_lists_are_what_the_tool_derives(corpus: Path) -> None:
    tool = schemas_folder().parent / "tools" / "derive_codelists.py"
    spec = importlib.util.spec_from_file_location("derive_codelists", tool)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    shipped = {path.name: path.read_text("utf-8") for path in (schemas_folder() / "codelists").iterdir()}
    assert module.derive(corpus) == shipped
