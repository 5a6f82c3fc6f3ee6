"""Code lists as the EU and HMRC give them out: forms, names, dates, and what is refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from casrules import Engine
from casrules.errors import PackError, UsageError
from casrules.packs import load_code_lists, shipped_code_lists
from casrules.packs.given_lists import load_given_lists


def written(path: Path, content: Any) -> Path:
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


def rd2(**lists: Any) -> dict[str, Any]:
    told = {name: {"listName": name, "listEntries": entries} for name, entries in lists.items()}
    return {"messageInformation": {"messageID": "1", "snapshotDate": "2025-02-12"}, "lists": told}


def test_csv_with_dates_and_states(tmp_path: Path) -> None:
    rows = (
        "code,description,state,active_from,active_to\nAT,Austria,valid,2020-01-01,\nBE,Belgium,invalid,2020-01-01,\n"
    )
    given = load_given_lists(
        written(tmp_path / "CL010_Countries.csv", rows + "GB,Britain,valid,2020-01-01,2020-12-31\n")
    )
    lists = given.lists
    assert lists.get("CL010", "2020-12-31") == {"AT", "GB"}
    assert lists.get("CL010", "2021-01-01") == {"AT"}
    assert lists.get("CL010", "2019-12-31") is None
    assert lists.name_of("CL010", "AT") == "Austria"
    assert len(given.digests["CL010"]) == 64


def test_offices_are_rows_with_an_id(tmp_path: Path) -> None:
    path = written(tmp_path / "CL141_CustomsOffices.csv", "id,country,name\nGB000001,GB,Office\n")
    assert load_given_lists(path).lists.get("CL141", "2025-01-01") == {"GB000001"}


def test_rd2_json_has_many_lists(tmp_path: Path) -> None:
    entry = {"code": "AT", "description": "Austria", "state": "valid", "activeFrom": "2020-01-01"}
    office = {"id": "AT320300", "name": "Office", "state": "valid", "activeFrom": "2020-01-01", "countryId": "AT"}
    content = rd2(CountryCodesCommunity=[entry, {**entry, "code": "XX", "state": "invalid"}], customsOffices=[office])
    lists = load_given_lists(written(tmp_path / "export.json", content)).lists
    assert lists.names() == {"CL010", "CL141"}
    assert lists.get("CL010", "2025-01-01") == {"AT"}
    assert lists.lists["CL010"].as_of == "2025-02-12"


@pytest.mark.parametrize(
    ("entries", "name"),
    [
        ([{"code": "GB000001", "en": "Office", "cy": "Swyddfa"}], "Office"),
        ([{"value": "GB000001", "display": "Office"}], "Office"),
        ([{"id": "GB000001", "description": "Office"}], "Office"),
    ],
)
def test_hmrc_json_is_called_by_its_file(tmp_path: Path, entries: list[dict[str, str]], name: str) -> None:
    lists = load_given_lists(written(tmp_path / "officeOfExits.json", entries)).lists
    assert lists.get("GB.exit_offices", "2025-01-01") == {"GB000001"}
    assert lists.name_of("GB.exit_offices", "GB000001") == name


def test_a_name_nobody_knows_is_the_id(tmp_path: Path) -> None:
    assert load_given_lists(written(tmp_path / "house.list.csv", "code\nA\n")).lists.names() == {"house.list"}


def test_a_folder_is_all_its_files(tmp_path: Path) -> None:
    written(tmp_path / "CL010.csv", "code\nAT\n")
    written(tmp_path / "countryCodes.json", [{"code": "AD", "en": "Andorra"}])
    (tmp_path / "notes.txt").write_text("nothing", "utf-8")
    assert load_given_lists(tmp_path).lists.names() == {"CL010", "GB.countries"}


def test_our_own_form_is_read_as_it_is(tmp_path: Path) -> None:
    written(tmp_path / "index.yaml", "lists:\n- {id: A, title: A, source: test, partial: true}\n")
    written(tmp_path / "A.csv", "code\nX\n")
    given = load_given_lists(tmp_path)
    assert given.lists.lists == load_code_lists(tmp_path).lists
    assert set(given.digests) == {"A"}


@pytest.mark.parametrize(
    ("name", "content", "line", "said"),
    [
        ("a.csv", "code,name\nA,x\n,y\n", 3, "row 3 has no code"),
        ("a.csv", "code,from\nA,1.1.2025\n", 2, "row 2: '1.1.2025' is not a date"),
        ("a.csv", "code,from,to\nA,2025-01-02,2025-01-01\n", 2, "'A' ends before it begins"),
        ("a.csv", "parent,child\nA,B\n", 1, "this is no code list"),
        ("a.csv", "code,name\nA,x,y\n", 2, "more cells than columns"),
        ("a.csv", 'code\n"A\n', 2, "not a CSV file"),
        ("a.json", "[\n{]", 2, "this is not JSON"),
        ("a.json", [{"code": "A"}, {"en": "B"}], None, "entry 2 has no code"),
        ("a.json", [{"parentCode": "A", "childCodes": []}], None, "entry 1 has no code"),
        ("a.json", ["A"], None, "entry 1 is no entry"),
        ("a.json", {"code": "A"}, None, "the file is no list of entries"),
        (
            "a.json",
            rd2(CountryCodesCommunity=[{"description": "x"}]),
            None,
            "lists.CountryCodesCommunity[0] has no code",
        ),
        ("a.json", {"lists": {"X": []}}, None, "lists.X is no list of entries"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(
    tmp_path: Path, name: str, content: Any, line: int | None, said: str
) -> None:
    with pytest.raises(PackError) as error:
        load_given_lists(written(tmp_path / name, content))
    assert said in error.value.problem
    assert error.value.place is not None
    assert (Path(error.value.place.file).name, error.value.place.line) == (name, line)
    assert error.value.remedy


def test_other_mistakes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        load_given_lists(tmp_path / "none")
    with pytest.raises(PackError, match="no code lists"):
        load_given_lists(tmp_path)
    written(tmp_path / "CL010_a.csv", "code\nA\n")
    written(tmp_path / "CL010_b.csv", "code\nB\n")
    with pytest.raises(PackError, match="CL010 stands twice"):
        load_given_lists(tmp_path)


def test_offices_ship_as_a_sample() -> None:
    shipped = shipped_code_lists()
    assert shipped.lists["CL141"].partial
    assert len(shipped.get("CL141") or ()) > 100
    assert not shipped.completed().lists["CL141"].partial


OFFICE = """
rules:
  - id: office
    title: The office is in the list
    scope: {message: ncts.CC015C}
    for: declaration
    require: listed(declaration.office_of_departure.reference, "CL141")
    message: "The office {declaration.office_of_departure.reference} is not in the list."
    remedy: Look it up.
"""


def test_only_the_full_list_says_that_an_office_is_none(tmp_path: Path) -> None:
    pack, lists = tmp_path / "own", tmp_path / "CL141_CustomsOffices.csv"
    pack.mkdir()
    written(pack / "pack.yaml", "id: own\ntitle: Own\nversion: 1.0.0\n")
    written(pack / "rules.yaml", OFFICE)
    written(lists, "id\nFR000001\n")
    sent = {"format": "ncts.CC015C", "office_of_departure": {"reference": "DE999999"}}
    sampled = Engine(packs=[pack]).validate(sent, as_of="2025-06-01", rule_runs=True)
    assert [(run.rule, run.status) for run in sampled.rule_runs or ()] == [("own.office", "inconclusive")]
    known = Engine(packs=[pack], codelists=lists)
    assert "own.office" in known.validate(sent, as_of="2025-06-01").by_rule()
    (reference,) = known.validate(sent, as_of="2025-06-01").reference_data
    assert (reference.kind, reference.id) == ("code list", "CL141")
    sent["office_of_departure"] = {"reference": "FR000001"}
    assert "own.office" not in known.validate(sent, as_of="2025-06-01").by_rule()


@pytest.mark.corpus
def test_the_official_exports_load_as_they_are(corpus: Path) -> None:
    folder = corpus / "eu" / "codelists"
    for path in sorted(folder.glob("CL[0-9]*.csv")):
        (found,) = load_given_lists(path).lists.lists.values()
        assert found.id == path.name[:5]
        assert found.codes[-1]
    offices = load_given_lists(folder / "CL141_CustomsOffices.csv").lists.get("CL141", "2025-06-01")
    assert len(offices or ()) > 4000


@pytest.mark.corpus
def test_hmrc_lists_load_as_they_are(corpus: Path) -> None:
    folder = corpus / "uk" / "codelists"
    named = {
        "exports-frontend/officeOfExits.json": "GB.exit_offices",
        "exports-frontend/customsOffices.json": "GB.supervising_offices",
        "exports-frontend/procedureCodes/procedureCodes.json": "GB.export_procedures",
        "wco-dec/incoterm-codes.json": "GB.delivery_terms",
        "trade-tariff/preference_codes.json": "GB.preferences",
    }
    for name, list_id in named.items():
        found = load_given_lists(folder / name).lists
        assert found.get(list_id, "2025-06-01") == shipped_code_lists().completed().get(list_id, "2025-06-01")
