"""The CDS mapping: every leaf of a declaration is bound, but for the exceptions named here, and rightly typed."""

from __future__ import annotations

import csv
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from casrules.dictionary import shipped_dictionary
from casrules.messages.family import load_family
from casrules.messages.mapping import load_mapping

from .mapping_walk import SCHEMAS, Bound, Family

CDS = Family("cds", default="dec")
MANIFEST = load_family(SCHEMAS / "families" / "cds")
DECLARATIONS = ("IMPORT", "EXPORT", "EXPORT-CO")
REQUESTS = ("COR", "INV", "GPR")
ITEM = "dec:Declaration/dec:GoodsShipment/dec:GovernmentAgencyGoodsItem"
HEADER = "dec:Declaration/dec:AdditionalInformation"

# Attributes of the core data types that describe where a code list or an identifier scheme is kept, or the
# language of a name. They say nothing of the goods, customs reads none, and no known declaration has one.
DESCRIPTIVE = {
    *("listID", "listName", "listVersionID", "listAgencyID", "listAgencyName", "listURI", "listSchemeURI"),
    *("schemeID", "schemeName", "schemeVersionID", "schemeAgencyID", "schemeAgencyName"),
    *("schemeDataURI", "schemeURI", "name", "languageID"),
}
TWICE = {
    "dec:Declaration/dec:TypeCode": "one element is declaration type and additional declaration type",
    f"{HEADER}/dec:StatementCode": "a typed statement belongs to a request, another to the goods",
    f"{HEADER}/dec:StatementDescription": "a typed statement belongs to a request, another to the goods",
    f"{HEADER}/dec:StatementTypeCode": "bound where there is one; documents without one share the context",
    f"{ITEM}/dec:GovernmentProcedure/dec:CurrentCode": "with a previous one the procedure, else additional",
    f"{ITEM}/dec:Origin/dec:CountryCode": "by type: origin, preferential origin; and all as declared",
    f"{ITEM}/dec:Origin/dec:RegionID": "region of the first origin; and all as declared",
    f"{ITEM}/dec:Commodity/dec:Classification/dec:ID": "by type: code, additional, CUS; and as declared",
    f"{ITEM}/dec:Commodity/dec:Classification/dec:IdentificationTypeCode": "additional codes; and as declared",
    f"{ITEM}/dec:Commodity/dec:DutyTaxFee/dec:DutyRegimeCode": "the item's preference; and that of each duty",
    f"{ITEM}/dec:Commodity/dec:DutyTaxFee/dec:QuotaOrderID": "the item's quota; and that of each duty",
    **{
        f"dec:Declaration/{path}/ds:DateTimeString": "the usual form, another form, and a form that is not said"
        for path in (
            "dec:AcceptanceDateTime",
            "dec:IssueDateTime",
            "dec:GoodsShipment/dec:ExitDateTime",
            "dec:GoodsShipment/dec:Invoice/dec:IssueDateTime",
            "dec:GoodsShipment/dec:GovernmentAgencyGoodsItem/dec:AdditionalDocument/dec:EffectiveDateTime",
        )
    },
}
ANSWER_ONLY = {
    "res:AdditionalInformation": "read by the decoder of answers",
    "res:Amendment": "read by the decoder of answers",
    "res:AppealOffice": "read by the decoder of answers",
    "res:Bank": "read by the decoder of answers",
    "res:ContactOffice": "read by the decoder of answers",
    "res:Error": "read into findings by the decoder of answers",
    "res:Declaration/res:DutyTaxFee": "what customs assessed, read by the decoder of answers",
    "res:Declaration/res:GoodsShipment": "what customs assessed, read by the decoder of answers",
    "res:Status/res:Pointer": "read by the decoder of answers",
    "dec:Declaration": "the amended values that an answer may repeat; a declaration of its own",
}
ONE_OF_MANY = {"dec:Declaration/dec:CurrencyExchange": "customs takes one; the data element occurs once"}


@cache
def bound(message: str) -> tuple[Bound, ...]:
    entry = MANIFEST.message(message)
    assert entry is not None and entry.table is not None
    return tuple(CDS.bindings(message, entry.table, entry.start))


def leaves(message: str) -> set[str]:
    """The leaves of the envelope and of the message's own branch, without descriptive attributes."""
    entry = MANIFEST.message(message)
    assert entry is not None and entry.table is not None
    other = "dec:Declaration" if message == "RES" else "res:Response"
    paths = {leaf for leaf in CDS.leaves(entry.table) if leaf[0] != other}
    return {"/".join(leaf) for leaf in paths if leaf[-1].removeprefix("@") not in DESCRIPTIVE or "@" not in leaf[-1]}


def counted(message: str) -> Counter[str]:
    return Counter(found.path for found in bound(message) if found.element.is_scalar)


@pytest.mark.parametrize("message", (*DECLARATIONS, *REQUESTS))
def test_every_leaf_is_bound(message: str) -> None:
    assert leaves(message) == set(counted(message))


@pytest.mark.corpus
def test_every_pointer_of_customs_leads_to_the_record(corpus: Path) -> None:
    with (corpus / "uk/errors/wco_pointers.csv").open(encoding="utf-8", newline="") as stream:
        tags = {row["xpath"] for row in csv.DictReader(stream) if row["kind"] == "tag"}
    plain = {"/" + "/".join(step.rpartition(":")[2] for step in found.steps) for found in bound("IMPORT")}
    assert len(tags) > 300
    assert tags <= {path.removesuffix("/DateTimeString") for path in plain}


@pytest.mark.parametrize("message", (*DECLARATIONS, *REQUESTS))
def test_only_named_leaves_are_bound_twice(message: str) -> None:
    assert {path for path, count in counted(message).items() if count > 1} <= set(TWICE)


def test_every_exception_is_needed() -> None:
    found = {path for message in DECLARATIONS for path, count in counted(message).items() if count > 1}
    assert found == set(TWICE)


def test_attributes_left_out_carry_nothing_but_their_code_lists() -> None:
    names = {leaf[-1] for leaf in CDS.leaves("dec:Declaration") if leaf[-1].startswith("@")}
    assert names - {f"@{name}" for name in DESCRIPTIVE} == {"@currencyID", "@unitCode", "@formatCode"}


def test_an_answer_binds_what_identifies_the_declaration_and_its_state() -> None:
    names = {found.element.name for found in bound("RES") if found.element.is_scalar}
    assert names >= {"lrn", "mrn", "version", "state", "acceptance_datetime", "rejection_datetime", "code"}
    left = {path for path in leaves("RES") - set(counted("RES")) if not path.endswith("@formatCode")}
    branches = {path.removeprefix("res:Response/") for path in left}
    assert all(any(path.startswith(branch) for branch in ANSWER_ONLY) for path in branches)
    assert all(any(path.startswith(branch) for path in branches) for branch in ANSWER_ONLY)


def test_what_repeats_is_a_list() -> None:
    single = {
        found.path
        for message in (*DECLARATIONS, "RES")
        for found in bound(message)
        if not found.element.is_scalar and not found.element.many and found.max != 1
    }
    assert single == set(ONE_OF_MANY)


def test_a_single_value_of_many_elements_is_told_by_a_condition_or_is_the_first() -> None:
    first = {found.path for found in bound("IMPORT") if found.element.is_scalar and found.max != 1}
    assert first - set(TWICE) == {f"{ITEM}/dec:GovernmentProcedure/dec:PreviousCode"}


def test_every_row_is_used_by_a_message() -> None:
    used = {found.row.line for message in MANIFEST.messages for found in bound(message.id)}
    assert [row for row in CDS.rows if row.line not in used] == []


@pytest.mark.parametrize("message", ("IMPORT", "RES"))
def test_formats_fit_the_dictionary(message: str) -> None:
    wrong = []
    for found in bound(message):
        if not found.element.is_scalar:
            continue
        simple = CDS.tables.simple_type(found.type)
        whole = simple.facets.get("fractionDigits") == "0"
        kinds = {"xs:decimal": {"decimal", "integer"} if whole else {"decimal"}}.get(
            simple.base, {"text", "code", "flag"} if set(simple.codes) == {"0", "1"} else {"text", "code"}
        )
        if found.element.type not in kinds and not found.row.convert.startswith("date"):
            wrong.append((found.path, simple.base, found.element.type))
    assert wrong == []


def test_date_times_say_their_form_in_the_row() -> None:
    forms = {
        (found.row.convert.partition("(")[2], str(path).partition("[")[2])
        for found in bound("IMPORT") + bound("RES")
        for path in found.row.paths
        if found.steps[-1].endswith(":DateTimeString")
    }
    assert forms == {
        ("304)", ""),
        ("304)", "@formatCode='304']"),
        ("102)", "@formatCode='102']"),
        ("102)", ""),
    }


def test_the_library_lays_out_every_message_and_uses_every_row() -> None:
    mapping = load_mapping(SCHEMAS / "families" / "cds", shipped_dictionary())
    laid_out = {message.id: mapping.for_message(message, CDS.tables) for message in MANIFEST.messages}
    assert mapping.unused_rows(laid_out.values()) == []
    for message in DECLARATIONS:
        own = {".".join(value.names) for place in laid_out[message].top.walk() for value in place.values}
        names = Counter(path.rpartition(".")[2] for path in own)
        assert Counter(found.element.name for found in bound(message) if found.element.is_scalar).keys() == names.keys()


@pytest.mark.parametrize(
    ("message", "carried", "missing"),
    [
        ("IMPORT", "declaration.country_of_dispatch", "declaration.country_of_export"),
        ("EXPORT", "items.country_of_export", "items.country_of_dispatch"),
        ("COR", "declaration.cds.request_type", "declaration.declaration_type"),
        ("INV", "declaration.cds.submitter.id", "declaration.consignment.gross_mass"),
        ("RES", "declaration.state", "declaration.total_packages"),
    ],
)
def test_a_message_carries_its_own_elements(message: str, carried: str, missing: str) -> None:
    mapping = load_mapping(SCHEMAS / "families" / "cds", shipped_dictionary())
    entry = MANIFEST.message(message)
    assert entry is not None
    laid_out = mapping.for_message(entry, CDS.tables)
    assert laid_out.carries(carried)
    assert not laid_out.carries(missing)
