"""From the database to what is mined, from tables to the database, and back."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from casrules.cli import main
from casrules.errors import UsageError
from casrules.history import (
    Correction,
    Found,
    Outcome,
    Redaction,
    Store,
    Violations,
    edits_between,
    export_events,
    export_table,
    import_history,
)
from casrules.improve import History, mine

from .samples import NOON, submission

HOUSE = "/consignment/houses/0"


def _declaration(number: int, *, with_document: bool, importer: str = "GB1") -> dict[str, str]:
    item = f"{HOUSE}/items/0"
    code = "8471300000" if number % 3 else "0201100000"
    values = {
        "/lrn": f"L{number}",
        "/message/id": f"M{number}",
        "/importer/id": importer,
        f"{HOUSE}/gross_mass": "12.5",
        f"{item}/number": "1",
        f"{item}/commodity_code": code,
        f"{item}/procedure": "4000",
        f"{item}/packages/0/type": "BX",
        f"{item}/packages/0/marks": f"mark {number}",
        f"{HOUSE}/items/1/number": "2",
        f"{HOUSE}/items/1/commodity_code": "9403600000",
    }
    if with_document:
        values |= {f"{item}/supporting_documents/0/type": "C644", f"{item}/supporting_documents/0/reference": "R1"}
    return values


def _filled(store: Store, count: int = 90) -> None:
    """Every machine of importer GB1 needs a document that people add by hand half the time."""
    for number in range(count):
        at, key = NOON + timedelta(days=number), f"d{number:03}"
        needs = number % 3 != 0
        before = _declaration(number, with_document=needs and number % 2 == 0, importer="GB1" if number % 5 else "GB2")
        after = _declaration(number, with_document=needs, importer="GB1" if number % 5 else "GB2")
        store.append(submission(key, at=at, lrn=f"L{number}", values=before))
        if before != after:
            place = f"{HOUSE}/items/0/supporting_documents"
            found = Found(rule="acme.c644", record=place, law=("2015/2446 Annex B",))
            store.append(Violations(document=key, at=at, found=(found,)))
            store.append(Correction(document=key, at=at, edits=edits_between(before, after), values=after))
        store.append(Outcome(document=key, at=at, outcome="accepted"))
    store.append(submission("open", values=_declaration(1, with_document=False)))


def test_declarations_become_rows_of_before_and_after(store: Store, tmp_path: Path) -> None:
    _filled(store, 9)
    export_table(store, tmp_path / "out")
    table = pl.read_parquet(tmp_path / "out/history.parquet").sort("decl_id", "item_no")
    assert table.height == 18, "two items a declaration; the open one is left out"
    row = table.row(2, named=True)
    assert (row["decl_id"], row["item_no"], row["outcome"]) == ("d001", 1, "accepted")
    assert row["violations"] == ["acme.c644@item.supporting_documents#2015/2446 Annex B"]
    assert (row["b_item.supporting_documents"], row["a_item.supporting_documents"]) == ([], ["C644|R1"])
    assert row["b_declaration.importer.id"] == "GB1" and row["b_house.gross_mass"] == 12.5
    assert table.row(3, named=True)["b_item.commodity_code"] == "9403600000"
    fields = {it["name"]: it for it in json.loads((tmp_path / "out/schema.json").read_text())["fields"]}
    assert fields["item.commodity_code"] == {
        "name": "item.commodity_code", "level": "item", "kind": "hierarchy", "prefix_levels": [2, 4, 6, 8, 10],
    }  # fmt: skip
    assert fields["item.procedure"]["statement"] is True
    assert fields["item.supporting_documents"]["entry"] == "KEY|REFERENCE"
    assert fields["house.gross_mass"] == {"name": "house.gross_mass", "level": "header", "kind": "number"}
    assert fields["item.packages"]["kind"] == "list"
    assert "declaration.lrn" not in fields, "a text that never repeats explains nothing"


def test_the_rule_behind_corrections_is_found(store: Store, tmp_path: Path) -> None:
    _filled(store)
    found = mine(History.open(export_table(store, tmp_path / "out")))
    rule = found.rules[0]
    assert (rule.action.op, rule.action.type) == ("add_doc", "C644")
    assert any(it.field == "item.commodity_code" for it in rule.conditions)
    assert rule.evidence.prevented[0].code == "acme.c644@item.supporting_documents"


def test_a_redacted_history_can_still_be_mined(url: str, tmp_path: Path) -> None:
    with Store.open(url, redaction=Redaction(key=b"a key of some length")) as store:
        _filled(store)
        found = mine(History.open(export_table(store, tmp_path / "out")))
    assert found.rules and found.rules[0].action.type == "C644"
    assert "GB1" not in found.to_json()


def test_items_keep_together_by_their_number(store: Store, tmp_path: Path) -> None:
    items = f"{HOUSE}/items"
    before = {"/lrn": "L", f"{items}/0/number": "1", f"{items}/1/number": "2", f"{items}/1/procedure": "4000"}
    after = {"/lrn": "L", f"{items}/0/number": "2", f"{items}/0/procedure": "5100"}
    store.append(submission("d", values=before))
    store.append(Correction(document="d", at=NOON, values=after))
    store.append(Outcome(document="d", at=NOON, outcome="amended"))
    table = pl.read_parquet(export_table(store, tmp_path / "out") / "history.parquet").sort("item_no")
    assert table["b_item.procedure"].to_list() == [None, "4000"]
    assert table["a_item.procedure"].to_list() == [None, "5100"]


def _folder(folder: Path, rows: int = 120) -> Path:
    """A table as other programs write it, with names of its own."""
    folder.mkdir()
    fields: list[dict[str, Any]] = [
        {"name": "trader", "level": "header", "kind": "code"},
        {"name": "hs", "level": "item", "kind": "hierarchy", "prefix_levels": [2, 4, 6]},
        {"name": "vat", "level": "item", "kind": "code"},
        {"name": "kg", "level": "item", "kind": "number"},
        {"name": "docs", "level": "item", "kind": "list", "entry": "TYPE|REFERENCE"},
    ]
    (folder / "schema.json").write_text(json.dumps({"fields": fields}))
    (folder / "existing_rules.json").write_text(json.dumps([]))
    bases = [{"id": "B1", "valid_from": "2020-01-01"}]
    (folder / "legal_bases.json").write_text(json.dumps(bases))
    lines = []
    for number in range(rows):
        hit = number % 2 == 0
        item = {"hs": "847130" if hit else "020110", "vat": None, "kg": 1.5, "docs": ["N380|7"]}
        done = {**item, "vat": "G"} if hit else item
        lines.append({
            "decl_id": f"D{number:04}", "time": (NOON + timedelta(days=number)).replace(tzinfo=None).isoformat(),
            "outcome": "accepted",
            "violations": [{"code": "V1", "path": "vat", "item": 1, "legal_basis": "B1"}] if hit else [],
            "before": {"header": {"trader": f"T{number % 4}"}, "items": [item, {**item, "hs": "940360"}]},
            "after": {"header": {"trader": f"T{number % 4}"}, "items": [done, {**item, "hs": "940360"}]},
        })  # fmt: skip
    (folder / "history.jsonl").write_text("".join(json.dumps(it) + "\n" for it in lines))
    return folder


@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
def test_a_table_goes_in_and_comes_out_as_it_was(store: Store, tmp_path: Path, kind: str) -> None:
    folder = _folder(tmp_path / "acme")
    wanted = mine(History.open(folder))
    assert wanted.rules, "there is a rule to find"
    if kind == "parquet":
        History.open(folder).table.frame.sample(fraction=1, shuffle=True, seed=1).write_parquet(  # type: ignore[attr-defined]
            folder / "history.parquet"
        )
        (folder / "history.jsonl").unlink()
    assert import_history(store, folder) == 120 * 3 + 60
    assert import_history(store, folder) == 0, "what is there already is not written again"
    assert tuple(store.vocabularies()) == ("acme",)
    out = export_table(store, tmp_path / "out")
    assert json.loads((out / "legal_bases.json").read_text()) == [{"id": "B1", "valid_from": "2020-01-01"}]
    assert mine(History.open(out)).to_json() == wanted.to_json()


def test_fields_of_another_vocabulary_are_business_unless_the_schema_says_otherwise(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "acme", 4)
    schema = json.loads((folder / "schema.json").read_text())
    classes = {"hs": "none", "trader": "personal"}
    for field in schema["fields"]:
        if field["name"] in classes:
            field["privacy"] = classes[field["name"]]
    (folder / "schema.json").write_text(json.dumps(schema))
    with Store.open(tmp_path / "h.db", redaction=Redaction(key=b"a key of some length")) as store:
        import_history(store, folder)
        values = next(store.declarations()).before or {}
    assert values["/items/1/hs"] == "940360" and values["/items/0/docs/0"].startswith("~")
    assert "/trader" not in values


def test_events_go_out_and_in_again(store: Store, tmp_path: Path) -> None:
    _filled(store, 5)
    count = export_events(store, tmp_path / "events.jsonl")
    with Store.open(tmp_path / "copy.db") as copy:
        assert import_history(copy, tmp_path / "events.jsonl") == count
        assert list(copy.declarations()) == sorted(store.declarations(), key=lambda it: it.document)


def test_what_cannot_be_imported_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text('{"kind": "outcome", "document": "d"}\n')
    (tmp_path / "empty").mkdir()
    with Store.open(tmp_path / "h.db") as store:
        with pytest.raises(UsageError, match="no event") as told:
            import_history(store, tmp_path / "bad.jsonl")
        assert told.value.place is not None and told.value.place.line == 1
        with pytest.raises(UsageError) as told:
            import_history(store, tmp_path / "empty")
        assert "schema.json" in str(told.value)
        with pytest.raises(UsageError, match="no such"):
            import_history(store, tmp_path / "none")
        folder = _folder(tmp_path / "acme", 2)
        import_history(store, folder)
        (folder / "schema.json").write_text(json.dumps({"fields": []}))
        with pytest.raises(UsageError, match="other fields under the name 'acme'"):
            import_history(store, folder)


def test_an_empty_history_has_nothing_to_export(store: Store, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="empty"):
        export_table(store, tmp_path / "out")
    store.append(submission())
    with pytest.raises(UsageError, match="has ended"):
        export_table(store, tmp_path / "out")


def test_several_vocabularies_are_told_apart(store: Store, tmp_path: Path) -> None:
    _filled(store, 3)
    import_history(store, _folder(tmp_path / "acme", 4))
    with pytest.raises(UsageError, match="several"):
        export_table(store, tmp_path / "out")
    assert pl.read_parquet(export_table(store, tmp_path / "a", vocabulary="acme") / "history.parquet").height == 8
    assert pl.read_parquet(export_table(store, tmp_path / "b", vocabulary="") / "history.parquet").height == 6
    with pytest.raises(UsageError, match="no fields called"):
        export_table(store, tmp_path / "out", vocabulary="nobody")


def test_the_command_line_mines_a_database(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = _folder(tmp_path / "acme")
    assert main(["history", "import", str(folder), "--history", url]) == 0
    assert capsys.readouterr().out == "420 events were new\n"
    assert main(["suggest", "--history", url, "--format", "json", "-o", str(tmp_path / "of-database.json")]) == 0
    assert main(["suggest", "--history", str(folder), "--format", "json", "-o", str(tmp_path / "of-folder.json")]) == 0
    assert (tmp_path / "of-database.json").read_bytes() == (tmp_path / "of-folder.json").read_bytes()
    capsys.readouterr()
    assert main(["history", "info", "--history", url]) == 0
    assert "120 declarations" in capsys.readouterr().out
    assert main(["history", "export", str(tmp_path / "e.jsonl"), "--history", url]) == 0
    assert main(["history", "export", str(tmp_path / "table"), "--history", url]) == 0
    dropped = ["--before", "2026-04-01", "--classes", "outcome", "--by", "dpo", "--at", "2026-05-01T00:00:00+00:00"]
    capsys.readouterr()
    assert main(["history", "drop", "--history", url, *dropped]) == 0
    assert capsys.readouterr().out == "        31 outcome dropped\n"


def test_the_command_line_tells_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["suggest", "--history", str(tmp_path / "none.db")]) == 2
    assert "no such folder or file" in capsys.readouterr().err
    assert main(["history", "info", "--history", str(tmp_path / "none.db")]) == 2
    assert not (tmp_path / "none.db").exists()
    Store.open(tmp_path / "h.db").close()
    given = ["--before", "2026-04-01", "--classes", "outcome", "--by", "dpo", "--at", "noon"]
    assert main(["history", "drop", "--history", str(tmp_path / "h.db"), *given]) == 2
    assert "offset" in capsys.readouterr().err
