"""The mapping of the entry summary declaration: every leaf bound once, in both messages and both variants."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from casrules.dictionary import shipped_dictionary
from casrules.messages.binding import Binder, binder_for
from casrules.messages.detection import detect
from casrules.messages.family import Families
from casrules.messages.mapping import load_mapping
from casrules.messages.reading import read

from .mapping_walk import SCHEMAS, Bound, Family

ENS = Family("ens")
VARIANTS = {"CC315A": "CC315A", "CC313A": "CC313A", "CC315A-gb": "CC315A", "CC313A-gb": "CC313A"}
EXAMPLE = SCHEMAS.parent / "examples" / "ens" / "cc315a.xml"
RECORD = {
    "message": {
        "sender": "GB388104527000/0000000000",
        "recipient": "GBCD1234",
        "preparation_datetime": "2025-11-03T15:42:00",
        "id": "BSL251103-0088",
        "type": "CC315A",
    },
    "ens": {
        "item_count_text": "2",
        "total_packages_text": "412",
        "gross_mass_text": "16842.5",
        "declaration_place": "Ipswich",
        "declaration_place_language": "EN",
        "seals": [{"id": "MAL0093317"}],
    },
    "lrn": "BSL25110300088",
    "item_count": 2,
    "total_packages": 412,
    "submission_datetime": "2025-11-03T15:40:00",
    "declarant": {"id": "GB388104527000"},
    "office_of_first_entry": {"reference": "GB000051", "arrival_datetime": "2025-11-10T16:30:00"},
    "consignment": {
        "gross_mass": Decimal("16842.5"),
        "border_mode_of_transport": "1",
        "border_transport_means": [{"kind": "border", "id": "9526928", "conveyance_reference": "MAL2544W"}],
        "place_of_loading": {"location": "TRIZM"},
        "place_of_unloading": {"location": "GBFXT"},
        "routing_countries": [{"code": "TR"}, {"code": "GB"}],
        "carrier": {
            "id": "DE448190277361",
            "name": "Meridian Atlantic Lines",
            "address": {"street": "Baumwall 5", "postcode": "20459", "city": "Hamburg", "country": "DE"},
        },
        "consignee": {"id": "GB290655718000"},
        "houses": [
            {
                "items": [
                    {
                        "number": 1,
                        "description": "Cotton bed linen, printed",
                        "gross_mass": Decimal(9400),
                        "commodity_code": "630221",
                        "supporting_documents": [
                            {
                                "kind": "supporting",
                                "level": "item",
                                "type": "N705",
                                "reference": "MALIZM25117702",
                            }
                        ],
                        "consignor": {
                            "name": "Yildiz Tekstil AS",
                            "address": {
                                "street": "Organize Sanayi 4",
                                "postcode": "20085",
                                "city": "Denizli",
                                "country": "TR",
                            },
                        },
                        "transport_equipments": [{"container_number": "TCLU4419082"}],
                        "packages": [
                            {
                                "type": "CT",
                                "count": 380,
                                "marks": "ASHDOWN AW25 1-380",
                                "ens": {"marks_language": "EN", "count_text": "380"},
                            }
                        ],
                        "ens": {"description_language": "EN", "number_text": "1", "gross_mass_text": "9400"},
                    },
                    {
                        "number": 2,
                        "description": "Steel saucepans",
                        "gross_mass": Decimal("7442.5"),
                        "commodity_code": "732393",
                        "supporting_documents": [
                            {
                                "kind": "supporting",
                                "level": "item",
                                "type": "N705",
                                "reference": "MALIZM25117703",
                            }
                        ],
                        "consignor": {
                            "name": "Ege Mutfak Sanayi Ltd",
                            "address": {
                                "street": "Ataturk Caddesi 118",
                                "postcode": "35620",
                                "city": "Izmir",
                                "country": "TR",
                            },
                        },
                        "transport_equipments": [{"container_number": "TCLU4419082"}],
                        "packages": [
                            {
                                "type": "PX",
                                "count": 32,
                                "marks": "ASHDOWN KITCHEN 1-32",
                                "ens": {"count_text": "32"},
                            }
                        ],
                        "ens": {"number_text": "2", "gross_mass_text": "7442.5"},
                    },
                ]
            }
        ],
    },
}


AS_WRITTEN = frozenset(
    {"item_count_text", "total_packages_text", "gross_mass_text", "number_text", "count_text", "pieces_text"}
)
"""Numbers that are read a second time, as they are written: leading zeros and signs are faults of their own."""


@cache
def bound(variant: str) -> tuple[Bound, ...]:
    return tuple(ENS.bindings(VARIANTS[variant], variant, "."))


@cache
def families() -> Families:
    return Families.load(SCHEMAS / "families")


@cache
def binder(message: str) -> Binder:
    mapping = load_mapping(SCHEMAS / "families" / "ens", shipped_dictionary())
    entry = families().by_id["ens"].message(message)
    assert entry is not None
    return binder_for(mapping.for_message(entry, ENS.tables))


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_leaf_is_bound_exactly_once(variant: str) -> None:
    values = [found for found in bound(variant) if found.element.is_scalar]
    counts = Counter(found.path for found in values if found.element.name not in AS_WRITTEN)
    assert set(counts) == {"/".join(leaf) for leaf in ENS.leaves(variant)}
    assert set(counts.values()) == {1}


@pytest.mark.parametrize("variant", VARIANTS)
def test_what_is_read_as_written_is_read_as_a_number_as_well(variant: str) -> None:
    written = {found.path for found in bound(variant) if found.element.name in AS_WRITTEN}
    numbers = {found.path for found in bound(variant) if found.element.type in ("integer", "decimal")}
    assert len(written) == 7
    assert written == numbers


@pytest.mark.parametrize("variant", VARIANTS)
def test_what_repeats_is_a_list(variant: str) -> None:
    assert [found.path for found in bound(variant) if found.max != 1 and not found.element.many] == []


def test_every_row_is_used() -> None:
    used = {found.row.line for variant in VARIANTS for found in bound(variant)}
    assert [row for row in ENS.rows if row.line not in used] == []


def test_nothing_in_a_record_comes_from_two_places() -> None:
    assert Counter((row.context, row.element) for row in ENS.rows).most_common(1)[0][1] == 1


@pytest.mark.parametrize("variant", VARIANTS)
def test_numbers_are_read_from_digits_and_masses_from_decimals(variant: str) -> None:
    digits = re.compile(r"\[0-9\]\{1,[57]\}")
    wrong = []
    for found in bound(variant):
        simple = ENS.tables.simple_type(found.type) if found.element.is_scalar else None
        if simple is None or found.row.convert or found.element.name in AS_WRITTEN:
            continue
        pattern = "".join(alternative for level in simple.patterns for alternative in level)
        if found.element.type == "integer" and not digits.fullmatch(pattern):
            wrong.append((found.path, pattern))
        if (found.element.type == "decimal") != (simple.base == "xs:decimal"):
            wrong.append((found.path, simple.base))
    assert wrong == []


def test_the_example_by_hand() -> None:
    intake = read(EXAMPLE.read_bytes())
    assert intake.tree is not None
    assert detect(intake, families()).format == "ens.CC315A"
    found = binder("CC315A").bind(intake.tree.getroot())
    assert found.record == RECORD
    assert found.invalid == frozenset()


@pytest.mark.parametrize("name", ["cc315a.xsd", "cc315a-gb.xsd"])
def test_the_example_is_valid(name: str) -> None:
    schema = etree.XMLSchema(file=str(SCHEMAS / "xsd" / "ens" / name))
    message = etree.parse(EXAMPLE)
    schema.validate(message)
    assert [fault.message for fault in schema.error_log] == []
    message.find("PERLODSUMDEC").tag = "PERLOD"
    assert not schema.validate(message)


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["CC315A-v11-2.xsd", "CC315A-v11-2-New.xsd"])
def test_the_example_is_valid_under_the_official_schemas(name: str, corpus: Path) -> None:
    schema = etree.XMLSchema(file=str(corpus / "eu/xsd/ics1_ens_v11.2" / name))
    schema.validate(etree.parse(EXAMPLE))
    assert [fault.message for fault in schema.error_log] == []


def test_an_amendment_names_its_declaration_and_its_moment() -> None:
    root = etree.fromstring(
        '<e:CC313A xmlns:e="http://ics.dgtaxud.ec/CC313A"><HEAHEA><DocNumHEA5>25GB00005100448216</DocNumHEA5>'
        "<AmdPlaHEA598>Ipswich</AmdPlaHEA598><DatTimAmeHEA113>202511041015</DatTimAmeHEA113></HEAHEA></e:CC313A>"
    )
    assert binder("CC313A").bind(root).record == {
        "mrn": "25GB00005100448216",
        "amendment_submission_datetime": "2025-11-04T10:15:00",
        "ens": {"amendment_place": "Ipswich"},
    }


@pytest.mark.corpus
@pytest.mark.parametrize("folder", ["ens_cc315a_rules", "ens_cc313a_rules", "ens_samples"])
def test_real_messages_are_recognised_and_readable(folder: str, corpus: Path) -> None:
    kinds: Counter[str] = Counter()
    for path in sorted((corpus / "eu/messages" / folder).rglob("*.xml")):
        intake = read(path.read_bytes())
        if intake.tree is None or "schemaInvalid" in path.name:
            continue
        found = detect(intake, families())
        if found.format in ("ens.CC315A", "ens.CC313A") and found.detected_by == "root":
            kinds[found.format] += 1
            message = found.format.partition(".")[2]
            assert binder(message).bind(intake.tree.getroot()).invalid == frozenset(), path.name
    assert kinds.total() >= 4
