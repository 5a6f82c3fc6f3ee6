"""Measures bind by commodity, direction, day, country and area."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casrules.tariff import Alternative, Area, Measure, MeasureTable, Requirement, TariffInfo, Trade
from casrules.tariff.table import areas_of, stem

NEEDED = Requirement("M1", (Alternative("document", "C400"),))
MEASURE = Measure(NEEDED, "0101", "import", "origin")
TRADE = Trade("0101210000", "import", "2025-06-01", origin="US", destination="GB")


def table(*measures: Measure, **settings: object) -> MeasureTable:
    return MeasureTable(TariffInfo("test"), measures, **settings)  # type: ignore[arg-type]


def asked(measure: Measure, trade: Trade = TRADE, **settings: object) -> bool:
    found = table(measure, **settings).requirements(trade)
    assert found is not None
    return list(found) == [measure.requirement]


@pytest.mark.parametrize(
    ("commodity", "declared", "binds"),
    [
        ("01", "0101210000", True),
        ("0100000000", "0101210000", True),
        ("0101210000", "01012100", True),
        ("0101210000", "010121", True),
        ("0101210000", "0101290000", False),
        ("0702000007", "0702000007", True),
        ("0702000007", "07020000", False),
        ("0702000007", "0702000099", False),
        ("93", "0101210000", False),
        ("010121", "0101", False),
    ],
)
def test_a_measure_holds_for_all_codes_below_its_own(commodity: str, declared: str, binds: bool) -> None:
    assert asked(replace(MEASURE, commodity=commodity), replace(TRADE, commodity=declared)) is binds


def test_general_measures_come_before_special_ones() -> None:
    general, special = replace(MEASURE, commodity="01"), replace(MEASURE, commodity="0101210000")
    special = replace(special, requirement=replace(NEEDED, measure="M2"))
    found = table(special, general).requirements(TRADE)
    assert found is not None
    assert [requirement.measure for requirement in found] == ["M1", "M2"]


@pytest.mark.parametrize(
    ("since", "until", "day", "binds"),
    [
        ("2025-06-01", "", "2025-06-01", True),
        ("2025-06-02", "", "2025-06-01", False),
        ("", "2025-06-01", "2025-06-01", True),
        ("", "2025-05-31", "2025-06-01", False),
        ("2025-06-02", "", None, True),
        ("", "2025-05-31", None, False),
    ],
)
def test_the_days_are_inclusive(since: str, until: str, day: str | None, binds: bool) -> None:
    assert asked(replace(MEASURE, since=since, until=until), replace(TRADE, on=day)) is binds


def test_directions_are_kept_apart() -> None:
    assert not asked(MEASURE, replace(TRADE, direction="export"))
    assert asked(replace(MEASURE, direction="export"), replace(TRADE, direction="export"))


@pytest.mark.parametrize(
    ("area", "excluded", "country", "binds"),
    [
        ("*", (), None, True),
        ("US", (), "US", True),
        ("US", (), "CA", False),
        ("US", (), None, False),
        ("*", ("US",), "US", False),
        ("*", ("US",), "CA", True),
        ("*", ("US",), None, False),
        ("G", (), "US", True),
        ("G", (), "CH", False),
        ("G", ("US",), "US", False),
        ("*", ("G",), "US", False),
        ("*", ("G",), "CH", True),
        ("T", (), "US", True),
        ("T", (), "GB", False),
        ("unknown", (), "US", False),
        ("*", ("unknown",), "US", False),
    ],
)
def test_areas_and_exclusions(area: str, excluded: tuple[str, ...], country: str | None, binds: bool) -> None:
    areas = {"G": Area(frozenset({"US", "CA"})), "T": Area(but=frozenset({"GB"}))}
    measure = replace(MEASURE, area=area, excluded=frozenset(excluded))
    assert asked(measure, replace(TRADE, origin=country), areas=areas) is binds


def test_groups_nobody_described_are_named() -> None:
    measure = replace(MEASURE, area="1013", excluded=frozenset({"US", "1014"}))
    assert table(measure, areas=areas_of([("1013", "US")])).undescribed == ("1014",)


@pytest.mark.parametrize("which", ["origin", "preferential_origin", "dispatch", "destination"])
def test_a_measure_says_which_country_it_looks_at(which: str) -> None:
    measure = replace(MEASURE, country=which, area="RU")
    elsewhere = Trade("0101210000", "import", "2025-06-01", "US", "US", "US", "US")
    assert not asked(measure, elsewhere)
    assert asked(measure, replace(elsewhere, **{which: "RU"}))


@pytest.mark.parametrize(("code", "known"), [("0101210000", True), ("93", False), ("93010000", False), ("01", False)])
def test_a_commodity_beyond_what_is_covered_is_unknown(code: str, known: bool) -> None:
    found = table(covers=frozenset({"0101"})).requirements(replace(TRADE, commodity=code))
    assert (found is not None) is known


@pytest.mark.parametrize("code", ["", "abc", "0101X", "0101 21"])
def test_what_is_no_code_is_unknown(code: str) -> None:
    assert table(MEASURE).requirements(replace(TRADE, commodity=code)) is None


@given(st.from_regex(r"[0-9]{2}([0-9]{2}){0,4}", fullmatch=True))
def test_filling_up_with_zeros_changes_nothing(code: str) -> None:
    assert stem(code.ljust(10, "0")) == stem(code)
    assert code.startswith(stem(code))


@given(st.text("0123456789", min_size=2, max_size=10), st.text("0123456789", min_size=2, max_size=10))
def test_a_measure_binds_just_where_its_stem_begins_the_code(commodity: str, declared: str) -> None:
    binds = declared.ljust(10, "0").startswith(stem(commodity))
    assert asked(replace(MEASURE, commodity=commodity), replace(TRADE, commodity=declared)) is binds
