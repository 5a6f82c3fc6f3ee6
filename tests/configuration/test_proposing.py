"""Suggestions become configuration rules; what nobody knows is named, and statements are always asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from casrules import Engine
from casrules.configuration import Proposal, RecordMemory, complete
from casrules.dictionary import shipped_dictionary
from casrules.engine.configuring import configurer
from casrules.engine.proposing import memory_of, propose
from casrules.findings import Suggestion
from casrules.packs.yaml_writing import write_yaml


def suggestion(**actions: Any) -> Suggestion:
    content = {
        "id": "x-1", "title": "T", "for": "item",
        "match": {"declaration.importer.id": "GB1", "item.commodity_code": "8471300000"}, "mode": "ask", **actions,
        "because": "uk.x",
    }  # fmt: skip
    return Suggestion(title="T", rule_data=write_yaml(content))


def item(commodity: str = "8471300000", **values: Any) -> dict[str, Any]:
    return {"commodity_code": commodity, **values}


def record(*items: dict[str, Any], importer: str = "GB1") -> dict[str, Any]:
    return {"importer": {"id": importer}, "consignment": {"houses": [{"items": list(items)}]}}


def memory(*records: Mapping[str, Any]) -> RecordMemory:
    return RecordMemory(records, shipped_dictionary())


def rule(found: Proposal) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(found.rule)
    return loaded


ORIGIN = suggestion(default={"item.country_of_origin": "ask"})
DOCUMENT = suggestion(add={"item.supporting_documents": {"type": "ask", "reference": "ask"}})


def documents(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"type": kind, "reference": reference} for kind, reference in pairs]


def test_without_sources_everything_is_open() -> None:
    found = complete(ORIGIN)
    assert not found.complete and set(found.open) == {"item.country_of_origin"}
    assert rule(found)["default"] == {"item.country_of_origin": "ask"}
    assert list(found.lines()) == ["give item.country_of_origin"]


def test_what_was_accepted_for_the_same_importer_and_commodity_is_filled_in() -> None:
    known = memory(
        record(item(country_of_origin="JP"), item(country_of_origin="JP"), item("01", country_of_origin="FR")),
        record(item(country_of_origin="CN"), importer="GB2"),
    )
    found = complete(ORIGIN, known)
    assert found.complete and rule(found)["default"] == {"item.country_of_origin": "JP"}
    assert list(found.lines()) == ["item.country_of_origin = JP (accepted before, 2 times)"]
    assert rule(found)["mode"] == "ask" and found.stated == ""


def test_sources_that_disagree_leave_the_choice_to_a_person_the_most_frequent_first() -> None:
    known = memory(record(*(item(country_of_origin=origin) for origin in ("CN", "JP", "JP"))))
    found = complete(ORIGIN, known)
    assert [str(one) for one in found.open["item.country_of_origin"]] == [
        "JP (accepted before, 2 times)",
        "CN (accepted before)",
    ]
    assert rule(found)["default"] == {"item.country_of_origin": "ask"}


def test_the_other_items_of_the_declaration_know_too() -> None:
    found = complete(ORIGIN, declaration=memory(record(item(country_of_origin="JP"), item())))
    assert found.given["item.country_of_origin"].source == "declaration"


def test_values_of_one_entity_belong_together_and_what_is_there_is_not_what_lacks() -> None:
    known = memory(record(item(supporting_documents=documents(("N935", "INV"), ("C506", "DPO7")))))
    here = memory(record(item(supporting_documents=documents(("N935", "INV")))))
    found = complete(DOCUMENT, known, declaration=here)
    assert rule(found)["add"] == {"item.supporting_documents": {"type": "C506", "reference": "DPO7"}}


def test_alternatives_choose_among_what_is_remembered_and_stand_in_for_it() -> None:
    known = memory(record(item(supporting_documents=documents(("N935", "INV"), ("C506", "DPO7"), ("C506", "DPO8")))))
    found = complete(DOCUMENT, known, alternatives=["C506"])
    assert rule(found)["add"]["item.supporting_documents"] == {"type": "C506", "reference": "ask"}
    assert len(found.open["item.supporting_documents.reference"]) == 2
    alone = complete(DOCUMENT, alternatives=["C506"])
    assert rule(alone)["add"]["item.supporting_documents"] == {"type": "C506", "reference": "ask"}
    assert set(alone.open) == {"item.supporting_documents.reference"}
    assert set(complete(DOCUMENT, alternatives=["C506", "C505"]).open) == {
        "item.supporting_documents.type", "item.supporting_documents.reference",
    }  # fmt: skip


def test_a_value_that_is_given_must_fit() -> None:
    wanted = suggestion(add={"item.supporting_documents": {"type": "C506", "reference": "ask"}})
    known = memory(record(item(supporting_documents=documents(("N935", "INV"), ("C506", "DPO7")))))
    assert rule(complete(wanted, known))["add"]["item.supporting_documents"]["reference"] == "DPO7"


@pytest.mark.parametrize(
    ("actions", "stated"),
    [
        ({"default": {"item.preference": "100"}}, "a preference"),
        ({"default": {"item.preference": "ask"}}, "a preference"),
        ({"set": {"item.procedure": "4000"}}, "procedure"),
        ({"default": {"item.valuation_method": "1"}}, "valuation"),
        ({"add": {"item.supporting_documents": {"type": "Y923"}}}, "a Y code"),
        ({"add": {"item.supporting_documents": {"type": "999L"}}}, "waiver"),
        ({"add": {"item.supporting_documents": {"type": "C644", "status": "XW"}}}, "not needed"),
        ({"add": {"item.additional_information": {"code": "00500"}}}, "additional information"),
        ({"default": {"declaration.representative.status": "2"}}, "acts for whom"),
        ({"default": {"item.quota_order_number": "050331"}}, "quota"),
        ({"add": {"item.supporting_documents": {"type": "C506"}}}, ""),
        ({"add": {"item.supporting_documents": {"type": "ask"}}}, ""),
        ({"default": {"item.country_of_origin": "JP"}}, ""),
    ],
)
def test_statements_of_the_declarant_are_always_asked(actions: dict[str, Any], stated: str) -> None:
    found = complete(suggestion(**actions))
    assert stated in found.stated and bool(found.stated) == bool(stated)
    assert rule(found)["mode"] == "ask"


def test_another_memory_fits_the_protocol() -> None:
    class Fixed:
        def remembered(
            self, target: str, paths: Sequence[str], match: Mapping[str, str]
        ) -> Mapping[tuple[str | None, ...], int]:
            assert target == "item" and match["declaration.importer.id"] == "GB1"
            return {("JP",): 12}

    assert rule(complete(ORIGIN, Fixed()))["default"] == {"item.country_of_origin": "JP"}


@pytest.mark.parametrize("name", ["cds/import-h1-slips.xml", "ncts/cc015c-slips.xml", "aes/cc515c-slips.xml"])
def test_proposals_for_a_message_load_as_configuration_rules(repository: Path, tmp_path: Path, name: str) -> None:
    engine = Engine()
    earlier = memory_of(engine, [repository / "examples" / name])
    found = list(propose(engine, repository / "examples" / name, memory=earlier))
    assert found and len({proposal.rule for _, proposal in found}) == len(found)
    (tmp_path / "pack.yaml").write_text("id: acme\ntitle: Acme\nversion: 1.0.0\n", encoding="utf-8")
    content = {"configuration": [rule(proposal) for _, proposal in found]}
    (tmp_path / "rules.yaml").write_text(write_yaml(content), encoding="utf-8")
    assert configurer([tmp_path]) is not None
