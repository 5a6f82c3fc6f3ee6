"""What configuration rules make of a declaration."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casrules.configuration import Settled
from casrules.declaration import AddEntity, RemoveEntity, SetValue, apply_edits
from casrules.engine.configuring import configurer

from .conftest import settle_with

Settle = Callable[..., Settled]


def items(*found: dict[str, Any], **above: Any) -> dict[str, Any]:
    return {**above, "consignment": {"houses": [{"items": list(found)}]}}


def first_item(found: Settled) -> dict[str, Any]:
    return found.record["consignment"]["houses"][0]["items"][0]


FILL = """
configuration:
  - id: origin
    title: Goods of this importer come from Japan
    for: item
    match: {declaration.importer.id: GB1, item.commodity_code: 8471*}
    mode: apply
    default: {item.country_of_origin: JP}
"""


def test_a_default_fills_what_is_missing_where_the_conditions_hold(settled: Settle) -> None:
    found = settled(FILL, items({"commodity_code": "8471300000"}, importer={"id": "GB1"}))
    assert first_item(found)["country_of_origin"] == "JP"
    (edit,) = found.edits
    assert isinstance(edit, SetValue) and edit.value == "JP" and found.author(edit) == "acme.origin"


@pytest.mark.parametrize(
    "record",
    [
        items({"commodity_code": "8471300000", "country_of_origin": "CN"}, importer={"id": "GB1"}),
        items({"commodity_code": "8517620000"}, importer={"id": "GB1"}),
        items({"commodity_code": "8471300000"}, importer={"id": "GB2"}),
        items({"commodity_code": "8471300000"}),
        items({}),
    ],
)
def test_what_is_there_and_what_is_not_meant_stays(settled: Settle, record: dict[str, Any]) -> None:
    found = settled(FILL, record)
    assert found.record == record and not found.edits and not found.writers


def test_a_set_overrides_and_a_copy_takes_from_above(settled: Settle) -> None:
    found = settled(
        """
configuration:
  - {id: one, title: Origin is always Japan, for: item, mode: apply, set: {item.country_of_origin: JP}}
  - id: two
    title: The items have the declaration's nature of transaction
    for: item
    mode: apply
    copy: {item.country_of_dispatch: consignment.country_of_dispatch}
""",
        {"consignment": {"country_of_dispatch": "11", "houses": [{"items": [{"country_of_origin": "CN"}]}]}},
    )
    assert first_item(found) == {"country_of_origin": "JP", "country_of_dispatch": "11"}


ADD = """
configuration:
  - id: waiver
    title: The confirmation that the goods are not listed
    for: item
    mode: apply
    add: {item.supporting_documents: {type: N935, reference: INV}}
"""


def test_an_entity_is_added_once(settled: Settle) -> None:
    found = settled(ADD, items({"supporting_documents": [{"type": "N935", "reference": "OTHER"}]}, {}))
    documents = [item.get("supporting_documents") for item in found.record["consignment"]["houses"][0]["items"]]
    assert [len(entries) for entries in documents] == [2, 1]
    assert all(isinstance(edit, AddEntity) for edit in found.edits)
    again = settled(ADD, found.record)
    assert not again.edits


def test_an_entity_is_removed_by_visiting_it(settled: Settle) -> None:
    record = items({"supporting_documents": [{"type": "N935"}, {"type": "N380"}, {"type": "N935"}]})
    found = settled(
        """
configuration:
  - id: no-invoice
    title: Invoices are not declared
    for: supporting_document
    match: {supporting_document.type: N935}
    mode: apply
    remove: supporting_document
""",
        record,
    )
    assert first_item(found) == {"supporting_documents": [{"type": "N380"}]}
    assert [type(edit) for edit in found.edits] == [RemoveEntity, RemoveEntity]
    assert apply_edits(record, found.edits) == found.record


CHAIN = """
configuration:
  - id: c
    title: The third
    for: item
    mode: apply
    match: {item.invoice_currency: EUR}
    default: {item.country_of_dispatch: "11"}
  - {id: a, title: The first, for: item, mode: apply, default: {item.country_of_origin: JP}}
  - id: b
    title: The second
    for: item
    mode: apply
    match: {item.country_of_origin: JP}
    default: {item.invoice_currency: EUR}
"""


def test_rules_build_upon_each_other_whatever_their_order(settled: Settle) -> None:
    found = settled(CHAIN, items({}))
    assert first_item(found) == {"country_of_origin": "JP", "invoice_currency": "EUR", "country_of_dispatch": "11"}


def ranked(first: int, second: int) -> str:
    return f"""
configuration:
  - {{id: a, title: Japan, for: item, mode: apply, rank: {first}, set: {{item.country_of_origin: JP}}}}
  - {{id: b, title: China, for: item, mode: apply, rank: {second}, set: {{item.country_of_origin: CN}}}}
"""


def test_the_stronger_rule_wins(settled: Settle) -> None:
    assert first_item(settled(ranked(10, 20), items({})))["country_of_origin"] == "JP"
    assert first_item(settled(ranked(20, 10), items({})))["country_of_origin"] == "CN"
    # also where the stronger finds its value there already
    assert first_item(settled(ranked(10, 20), items({"country_of_origin": "JP"})))["country_of_origin"] == "JP"


def test_rules_of_one_rank_that_disagree_leave_the_place_alone_and_are_named(settled: Settle) -> None:
    found = settled(ranked(100, 100), items({"country_of_origin": "FR"}))
    assert first_item(found)["country_of_origin"] == "FR" and not found.edits
    (clash,) = found.clashes
    assert [rule.id for rule in clash.rules] == ["acme.a", "acme.b"] and set(clash.values) == {"JP", "CN"}


def test_a_rule_that_feeds_on_itself_is_a_clash_not_a_loop(settled: Settle) -> None:
    found = settled(
        """
configuration:
  - id: more
    title: One more each time
    for: item
    mode: apply
    compute: {item.gross_mass: item.gross_mass + 1}
""",
        items({"gross_mass": Decimal(5)}),
    )
    assert first_item(found) == {"gross_mass": Decimal(5)}
    assert [rule.id for rule in found.clashes[0].rules] == ["acme.more"]


def test_rules_that_feed_on_each_other_are_a_clash(settled: Settle) -> None:
    found = settled(
        """
configuration:
  - id: a
    title: To China
    for: item
    mode: apply
    match: {item.country_of_origin: JP}
    set: {item.country_of_origin: CN}
  - id: b
    title: To Japan
    for: item
    mode: apply
    match: {item.country_of_origin: CN}
    set: {item.country_of_origin: JP}
""",
        items({"country_of_origin": "JP"}),
    )
    assert first_item(found)["country_of_origin"] == "JP"
    assert {rule.id for clash in found.clashes for rule in clash.rules} == {"acme.a", "acme.b"}


def test_adding_and_removing_the_same_is_a_clash(settled: Settle) -> None:
    found = settled(
        ADD
        + """
  - id: no-invoice
    title: Invoices are not declared
    for: supporting_document
    match: {supporting_document.type: N935}
    mode: apply
    remove: supporting_document
""",
        items({}),
    )
    assert "supporting_documents" not in first_item(found)
    assert {rule.id for clash in found.clashes for rule in clash.rules} == {"acme.waiver", "acme.no-invoice"}


ASK = """
configuration:
  - id: y923
    title: Confirm that the goods do not fall under the ozone regulation
    for: item
    match: {item.commodity_code: 8471*}
    add: {item.supporting_documents: {type: Y923}}
"""


def test_a_question_changes_nothing_and_is_put_once_for_each_entity(settled: Settle) -> None:
    record = items({"commodity_code": "8471300000"}, {"commodity_code": "8471300000"}, {"commodity_code": "01012100"})
    found = settled(ASK, record)
    assert found.record == record
    assert [question.rule.id for question in found.questions] == ["acme.y923"] * 2


def test_a_question_that_is_answered_is_not_put(settled: Settle) -> None:
    there = {"commodity_code": "8471300000", "supporting_documents": [{"type": "Y923"}]}
    assert not settled(ASK, items(there)).questions


def test_a_table_is_as_many_rules_as_it_has_rows(settled: Settle) -> None:
    found = settled(
        """
configuration_tables:
  - id: origins
    title: Where the goods come from
    for: item
    mode: apply
    hit: first
    conditions: {importer: declaration.importer.id, commodity: item.commodity_code}
    file: origins.csv
    default: {item.country_of_origin: "{origin}", item.invoice_currency: "{currency}"}
""",
        items({"commodity_code": "8471300000"}, importer={"id": "GB1"}),
        origins="id,importer,commodity,origin,currency\nr1,GB2,8471*,CN,\nr2,GB1,8471*,JP,\nr3,-,-,FR,EUR\n",
    )
    assert first_item(found) == {"commodity_code": "8471300000", "country_of_origin": "JP"}
    assert found.author(found.edits[0]) == "acme.origins.r2"


countries = st.sampled_from(["JP", "CN", "FR"])
written = st.fixed_dictionaries(
    {},
    optional={
        "country_of_origin": countries,
        "invoice_currency": st.sampled_from(["EUR", "USD"]),
        "commodity_code": st.just("8471"),
    },
)
read = st.sampled_from(["item.country_of_origin", "item.invoice_currency"])
targets = st.sampled_from(["item.country_of_origin", "item.invoice_currency", "item.country_of_dispatch"])
values = st.sampled_from(["JP", "CN", "EUR"])
made = st.lists(
    st.tuples(read, countries, targets, values, st.sampled_from(["set", "default"]), st.sampled_from([10, 100])),
    min_size=1,
    max_size=6,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rules=made, found=st.lists(written, min_size=1, max_size=3))
def test_applying_again_changes_nothing_and_edits_lead_to_the_record(
    acme: Callable[..., Any], rules: list[tuple[str, str, str, str, str, int]], found: list[dict[str, str]]
) -> None:
    topic = "configuration:\n" + "".join(
        f"  - {{id: r{number}, title: R, for: item, mode: apply, rank: {rank}, match: {{{field}: {value}}}, "
        f"{action}: {{{target}: {result}}}}}\n"
        for number, (field, value, target, result, action, rank) in enumerate(rules)
    )
    using = configurer([acme(topic)])
    assert using is not None
    record = items(*found)
    once = settle_with(using, record)
    assert apply_edits(record, once.edits) == once.record
    twice = settle_with(using, once.record)
    assert twice.record == once.record or once.clashes


CHANGED = """
configuration:
  - {id: packed, title: A crate, for: item, mode: apply, rank: FIRST, add: {item.packages: {type: PK, marks: M}}}
  - {id: marks, title: No marks, for: package, mode: apply, rank: SECOND, set: {package.marks: NONE}}
"""


@pytest.mark.parametrize(
    ("ranks", "marks", "clashing"),
    [
        ((100, 100), ["M"], {"acme.packed", "acme.marks"}),
        ((10, 100), ["M"], set()),
        ((100, 10), [], {"acme.packed"}),
    ],
)
def test_what_an_added_entity_was_added_with_is_held_like_any_other_value(
    settled: Settle, ranks: tuple[int, int], marks: list[str], clashing: set[str]
) -> None:
    topic = CHANGED.replace("FIRST", str(ranks[0])).replace("SECOND", str(ranks[1]))
    found = settled(topic, items({}))
    assert [package["marks"] for package in first_item(found).get("packages", [])] == marks
    assert {rule.id for clash in found.clashes for rule in clash.rules} == clashing
    assert settled(topic, found.record).record == found.record


def test_a_rule_follows_what_it_reads(settled: Settle) -> None:
    topic = """
configuration:
  - {id: a, title: Net is gross, for: item, mode: apply, copy: {item.net_mass: item.gross_mass}}
  - {id: b, title: Gross is seven and a half, for: item, mode: apply, set: {item.gross_mass: "7.5"}}
"""
    found = settled(topic, items({"gross_mass": Decimal(5), "net_mass": Decimal(4)}))
    assert first_item(found) == {"gross_mass": Decimal("7.5"), "net_mass": Decimal("7.5")} and not found.clashes
    assert not settled(topic, found.record).edits


@pytest.mark.parametrize(("adds", "removes", "left"), [(10, 100, 1), (100, 10, 0), (100, 100, 1)])
def test_what_a_rule_wants_there_is_removed_only_by_a_stronger_one(
    settled: Settle, adds: int, removes: int, left: int
) -> None:
    topic = f"""
configuration:
  - {{id: a, title: Packed, for: item, mode: apply, rank: {adds}, add: {{item.packages: {{type: PK, marks: M}}}}}}
  - {{id: b, title: Unpacked, for: package, mode: apply, rank: {removes}, remove: package}}
"""
    found = settled(topic, items({"packages": [{"type": "PK", "marks": "M"}]}))
    assert len(first_item(found).get("packages", [])) == left
    assert bool(found.clashes) is (adds >= removes)
