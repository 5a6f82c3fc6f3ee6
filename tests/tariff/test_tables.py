"""A tariff in our own tables: what is read, and what is refused with file and line."""

from decimal import Decimal
from pathlib import Path

import pytest

from casrules.errors import PackError, UsageError
from casrules.tariff import Alternative, Trade, load_tariff

HEAD = "measure,commodity,direction,role,document,most,currency,area,excluded,country,from,to,claim,group\n"
ROW = "M1,0101,import,document,C400,,,,,,,,,\n"
EXAMPLE = Path(__file__).parents[2] / "examples" / "tariff"


def tariff(folder: Path, rows: str, manifest: str = "id: t\nsource: test\n", areas: str = "") -> Path:
    (folder / "tariff.yaml").write_text(manifest, "utf-8")
    (folder / "measures.csv").write_text(HEAD + rows, "utf-8")
    if areas:
        (folder / "areas.csv").write_text(areas, "utf-8")
    return folder


def test_rows_of_one_measure_and_group_are_alternatives(tmp_path: Path) -> None:
    rows = ROW + "M1,0101,import,mass,,2.5,,,,,,,,\nM1,0101,import,waiver,Y900,,,,,,,,,Q\n"
    found = load_tariff(tariff(tmp_path, rows)).requirements(Trade("0101", "import"))
    assert found is not None
    assert [requirement.alternatives for requirement in found] == [
        (Alternative("document", "C400"), Alternative("mass", most=Decimal("2.5"))),
        (Alternative("waiver", "Y900"),),
    ]


def test_the_folder_and_its_manifest_are_the_same(tmp_path: Path) -> None:
    folder = tariff(tmp_path, ROW)
    assert load_tariff(folder).info == load_tariff(folder / "tariff.yaml").info


def test_the_digest_tells_any_change(tmp_path: Path) -> None:
    before = load_tariff(tariff(tmp_path, ROW)).info.digest
    after = load_tariff(tariff(tmp_path, ROW.replace("C400", "C401"))).info.digest
    assert len(before) == 64
    assert before != after


def test_a_country_is_the_origin_of_imports_and_the_destination_of_exports(tmp_path: Path) -> None:
    rows = "M1,0101,import,document,C400,,,RU,,,,,,\nM2,0101,export,document,C400,,,RU,,,,,,\n"
    found = load_tariff(tariff(tmp_path, rows))
    assert [measure.country for measure in found.measures] == ["origin", "destination"]


@pytest.mark.parametrize(
    ("row", "line", "said"),
    [
        ("M1,0101,imports,document,C400,,,,,,,,,\n", 2, "direction is 'imports'"),
        ("M1,010,import,document,C400,,,,,,,,,\n", 2, "no commodity code"),
        ("M1,0101,import,paper,C400,,,,,,,,,\n", 2, "role is 'paper'"),
        (",0101,import,document,C400,,,,,,,,,\n", 2, "without a measure"),
        (ROW + "M2,0101,import,document,,,,,,,,,,\n", 3, "document with or without a code"),
        (ROW + "M2,0101,import,mass,,,,,,,,,,\n", 3, "mass with or without `most`"),
        (ROW + "M2,0101,import,price,,20,,,,,,,,\n", 3, "price with or without a currency"),
        (ROW + "M2,0101,import,mass,,twenty,,,,,,,,\n", 3, "'twenty' is not a number"),
        (ROW + "M2,0101,import,mass,,-1,,,,,,,,\n", 3, "'-1' is not a number"),
        (ROW + "M2,0101,import,document,C400,,,,,,1.6.2025,,,\n", 3, "'1.6.2025' is not a date"),
        (ROW + "M2,0101,import,document,C400,,,,,,2025-06-02,2025-06-01,,\n", 3, "ends before it begins"),
        (ROW + "M2,0101,import,document,C400,,,,,sender,,,,\n", 3, "country is 'sender'"),
        (ROW + "M2,0101,import,document,C400,,,,,,,,quota,\n", 3, "claim is 'quota'"),
        (ROW + "M1,0101,import,document,C401,,,RU,,,,,,\n", 3, "area differs from the first row of measure M1"),
        (ROW + "M1,0101,import,document,C400,,,,,,,,,,\n", 3, "more cells than columns"),
        (ROW + '"M1,0101\n', 3, "not a CSV file"),
    ],
)
def test_a_broken_row_is_named_with_its_line(tmp_path: Path, row: str, line: int, said: str) -> None:
    with pytest.raises(PackError) as error:
        load_tariff(tariff(tmp_path, row))
    assert said in error.value.problem
    assert error.value.place is not None
    assert (Path(error.value.place.file).name, error.value.place.line) == ("measures.csv", line)
    assert error.value.remedy


def test_unknown_and_missing_columns_are_named(tmp_path: Path) -> None:
    folder = tariff(tmp_path, ROW)
    (folder / "measures.csv").write_text("measure,commodity,direction,role,documents\n", "utf-8")
    with pytest.raises(PackError, match="unknown column 'documents'"):
        load_tariff(folder)
    (folder / "measures.csv").write_text("measure,commodity,direction\n", "utf-8")
    with pytest.raises(PackError, match="no column 'role'"):
        load_tariff(folder)


def test_other_mistakes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no tariff"):
        load_tariff(tmp_path / "none")
    with pytest.raises(UsageError, match="no tariff reader"):
        load_tariff(tariff(tmp_path, ROW), "taric")
    with pytest.raises(PackError, match="names a group and one country"):
        load_tariff(tariff(tmp_path, ROW, areas="area,country\nG,\n"))
    with pytest.raises(PackError, match="title"):
        load_tariff(tariff(tmp_path, ROW, manifest="id: t\nsource: s\ntitel: x\n"))
    folder = tariff(tmp_path, ROW)
    (folder / "measures.csv").unlink()
    with pytest.raises(PackError, match=r"there is no measures\.csv"):
        load_tariff(folder)


def test_the_example_has_every_kind_of_measure() -> None:
    found = load_tariff(EXAMPLE)
    roles = {alternative.role for measure in found.measures for alternative in measure.requirement.alternatives}
    assert roles == {"document", "waiver", "mass", "price"}
    assert {measure.direction for measure in found.measures} == {"import", "export"}
    assert not found.undescribed
