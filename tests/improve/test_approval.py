"""From a suggestion to a rule of a customer's pack, and what people decided."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from casrules.cli import main
from casrules.configuration import configuration_set, shipped_statements
from casrules.dictionary import shipped_dictionary
from casrules.errors import PackError, UsageError
from casrules.improve import Suggestion
from casrules.improve.approval import approve, reject
from casrules.improve.field_map import FieldMap
from casrules.improve.ledger import Ledger
from casrules.improve.translating import Translator
from casrules.packs import load_pack

DAY = date(2026, 1, 5)
FIELDS = FieldMap.model_validate(
    {
        "fields": {
            "importer": "declaration.importer.id",
            "goods": "item.commodity_code",
            "land": "item.country_of_origin",
            "dispatch": "consignment.country_of_dispatch",
            "regime": "item.procedure",
            "mass": "item.gross_mass",
            "papers": {"list": "item.supporting_documents", "key": "type", "reference": "reference"},
            "remarks": {"list": "item.additional_information", "key": "code"},
        }
    }
)
SET_LAND: dict[str, Any] = {"op": "set", "field": "land", "value": "JP", "only_if_empty": True}


def suggestion(action: dict[str, Any] = SET_LAND, *conditions: dict[str, Any], **more: Any) -> Suggestion:
    evidence = {
        "support": 20, "wrong": 1, "precision": 0.95, "confidence_lower": 0.86, "declarations": 18, "days": 15,
        "expected_per_month": 1.5, **more.pop("evidence", {}),
    }  # fmt: skip
    content = {"id": "S1", "mode": "apply", "text": "A sentence.", "conditions": conditions, "action": action}
    return Suggestion.model_validate({**content, "evidence": evidence, **more})


def rule(action: dict[str, Any] = SET_LAND, *conditions: dict[str, Any], **more: Any) -> dict[str, Any]:
    return Translator(FIELDS).rule(suggestion(action, *conditions, **more))


CONDITIONS = [
    ({"field": "goods", "op": "prefix", "value": "8471"}, {"match": {"item.commodity_code": "8471*"}}),
    ({"field": "land", "op": "in", "value": ["JP", "NL"]}, {"match": {"item.country_of_origin": "JP|NL"}}),
    ({"field": "land", "op": "is_null"}, {"match": {"item.country_of_origin": "missing"}}),
    (
        {"field": "goods", "op": "prefix", "value": ["84", "85"]},
        {"when": '(startswith(item.commodity_code, "84") or startswith(item.commodity_code, "85"))'},
    ),
    (
        {"field": "importer", "op": "not_in", "value": ["GB1", "GB2"]},
        {"when": '(missing(declaration.importer.id) or not (declaration.importer.id in {"GB1", "GB2"}))'},
    ),
    (
        {"field": "papers", "op": "has", "value": "N380"},
        {"when": 'any(entry.type == "N380" for entry in item.supporting_documents)'},
    ),
]


@pytest.mark.parametrize(("condition", "expected"), CONDITIONS)
def test_conditions_become_cells_where_a_cell_can_say_them(condition: dict[str, Any], expected: dict[str, Any]) -> None:
    found = rule(SET_LAND, condition)
    assert {key: found[key] for key in expected} == expected and found["for"] == "item"


ACTIONS = [
    (SET_LAND, "apply", {"default": {"item.country_of_origin": "JP"}}),
    ({"op": "set", "field": "land", "value": "JP"}, "apply", {"set": {"item.country_of_origin": "JP"}}),
    ({"op": "set", "field": "regime", "value": "4000"}, "ask", {"set": {"item.procedure": "4000"}}),
    (
        {"op": "change", "field": "land", "from": "GB", "to": "XI"},
        "apply",
        {"match": {"item.country_of_origin": "GB"}, "set": {"item.country_of_origin": "XI"}},
    ),
    (
        {"op": "copy", "from": "dispatch", "field": "land"},
        "apply",
        {"copy": {"item.country_of_origin": "consignment.country_of_dispatch"}},
    ),
    (
        {"op": "add_doc", "type": "N853", "ref": {"mode": "constant", "value": "GB1"}},
        "apply",
        {"add": {"item.supporting_documents": {"type": "N853", "reference": "GB1"}}},
    ),
    (
        {"op": "add_doc", "type": "N853", "ref": {"mode": "prompt"}},
        "apply",
        {"add": {"item.supporting_documents": {"type": "N853", "reference": "ask"}}},
    ),
    ({"op": "add_doc", "type": "Y923"}, "ask", {"add": {"item.supporting_documents": {"type": "Y923"}}}),
    ({"op": "add_info", "code": "00500"}, "ask", {"add": {"item.additional_information": {"code": "00500"}}}),
    (
        {"op": "remove_doc", "type": "N380"},
        "apply",
        {"for": "supporting_document", "match": {"supporting_document.type": "N380"}, "remove": "supporting_document"},
    ),
]


@pytest.mark.parametrize(("action", "mode", "expected"), ACTIONS)
def test_actions_become_edits_and_statements_are_asked(
    action: dict[str, Any], mode: str, expected: dict[str, Any], tmp_path: Path
) -> None:
    found = rule(action)
    assert {key: found[key] for key in expected} == expected and found["mode"] == mode
    done = approve(suggestion(action), FIELDS, tmp_path / "acme", Ledger(tmp_path / "l"), by="A", reason="B", on=DAY)
    assert load_pack(tmp_path / "acme").configuration.keys() == {done.rule} == {"acme.S1"}


def test_the_pack_keeps_who_why_and_on_what_evidence(tmp_path: Path) -> None:
    pack, ledger = tmp_path / "acme", Ledger(tmp_path / "decisions.jsonl")
    dated = suggestion(valid_to="2026-06-30", legal_basis=["2024/1"])
    approve(dated, FIELDS, pack, ledger, by="A. Broker", reason="checked", on=DAY)
    approve(suggestion(id="S2"), FIELDS, pack, ledger, by="A. Broker", reason="too", on=DAY)
    first, second = yaml.safe_load((pack / "approved.yaml").read_text())["configuration"]
    assert first["approved"] == {"by": "A. Broker", "reason": "checked", "on": "2026-01-05"}
    assert first["evidence"]["right"] == "20" and first["law"] == [{"act": "2024/1"}]
    assert first["valid"] == {"to": "2026-06-30"} and second["id"] == "S2"
    assert yaml.safe_load((pack / "pack.yaml").read_text())["version"] == "0.2.0"
    assert [(it.suggestion, it.decision, it.rule) for it in ledger] == [
        ("S1", "approved", "acme.S1"), ("S2", "approved", "acme.S2"),
    ]  # fmt: skip


def test_a_rule_that_would_break_the_pack_changes_nothing(tmp_path: Path) -> None:
    pack, ledger = tmp_path / "acme", Ledger(tmp_path / "decisions.jsonl")
    approve(suggestion(), FIELDS, pack, ledger, by="A", reason="B", on=DAY)
    before = {path.name: path.read_bytes() for path in pack.iterdir()}
    wrong = suggestion({"op": "set", "field": "mass", "value": "heavy"}, id="S3")
    with pytest.raises(PackError, match="heavy"):
        approve(wrong, FIELDS, pack, ledger, by="A", reason="B", on=DAY)
    assert {path.name: path.read_bytes() for path in pack.iterdir()} == before and len(list(ledger)) == 1


def test_what_cannot_be_said_is_named() -> None:
    with pytest.raises(UsageError, match="does not name 'colour'"):
        rule(SET_LAND, {"field": "colour", "op": "eq", "value": "red"})
    with pytest.raises(UsageError, match="name and a reason"):
        reject(suggestion(), Ledger(Path("nowhere")), by=" ", reason="x", on=DAY)


def test_decided_suggestions_do_not_come_back_unless_the_evidence_is_better(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "decisions.jsonl")
    reject(suggestion(), ledger, by="A", reason="not so", on=DAY)
    approve(suggestion(id="S2"), FIELDS, tmp_path / "acme", ledger, by="A", reason="B", on=DAY)
    same = [suggestion(), suggestion(id="S2"), suggestion(id="S4")]
    assert [it.id for it in ledger.open_ones(same)] == ["S4"]
    grown = suggestion(evidence={"support": 30})
    worse = suggestion(evidence={"support": 60, "confidence_lower": 0.7})
    assert ledger.open_ones([grown]) == [grown] and ledger.open_ones([worse]) == []


def test_a_broken_line_of_the_ledger_is_named(tmp_path: Path) -> None:
    (tmp_path / "l").write_text("{}\n")
    with pytest.raises(UsageError, match="no decision"):
        list(Ledger(tmp_path / "l"))


values = st.text(st.characters(codec="ascii", min_codepoint=33, max_codepoint=126), min_size=1, max_size=8)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["importer", "goods", "land"]),
            st.sampled_from(["eq", "ne", "in", "not_in", "prefix", "not_prefix", "is_null", "not_null"]),
            st.lists(values.filter(lambda text: not ('"' in text and "'" in text)), min_size=1, max_size=3),
        ),
        max_size=4,
    )
)
def test_every_condition_gives_a_rule_that_loads(tmp_path_factory: pytest.TempPathFactory, found: Any) -> None:
    conditions = [
        {"field": name, "op": op, "value": list(texts) if op in ("in", "not_in", "prefix", "not_prefix") else texts[0]}
        for name, op, texts in found
    ]
    pack = tmp_path_factory.mktemp("packs") / "acme"
    pack.mkdir()
    (pack / "pack.yaml").write_text("id: acme\ntitle: A\nversion: 1.0.0\n")
    (pack / "t.yaml").write_text(yaml.safe_dump({"configuration": [rule(SET_LAND, *conditions)]}))
    assert configuration_set([load_pack(pack)], shipped_dictionary(), shipped_statements()).rules


def test_the_commands_approve_and_reject(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = [suggestion().model_dump(mode="json", by_alias=True), suggestion(id="S2").model_dump(mode="json")]
    (tmp_path / "s.json").write_text(json.dumps({"suggestions": content}))
    (tmp_path / "f.yaml").write_text(yaml.safe_dump(FIELDS.model_dump()))
    who = ["--by", "A. Broker", "--reason", "checked", "--on", "2026-01-05", "--pack", str(tmp_path / "acme")]
    assert main(["approve", str(tmp_path / "s.json"), "S1", "--fields", str(tmp_path / "f.yaml"), *who]) == 0
    assert main(["reject", str(tmp_path / "s.json"), "S2", *who]) == 0
    assert main(["reject", str(tmp_path / "s.json"), "S9", *who]) == 2
    told = capsys.readouterr()
    assert "approved: acme.S1 stands in" in told.out and "comes back only with better evidence" in told.out
    assert "there is no suggestion 'S9'" in told.err and "one of S1, S2" in told.err
    decisions = [it.decision for it in Ledger(tmp_path / "acme.decisions.jsonl")]
    assert decisions == ["approved", "rejected"]
