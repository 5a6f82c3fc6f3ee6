"""The reference evaluator and the compiled plan say the same, for random rules over random declarations."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, settings

from casrules.dictionary import Invalid, shipped_dictionary
from casrules.language import (
    CheckedRule,
    EvaluationContext,
    RuleSource,
    build_plan,
    check_rule,
    evaluate,
    explain,
)

DICTIONARY = shipped_dictionary()
CODES = {"CL1": frozenset({"4000", "N380", "BX"}), "CL2": frozenset({"5100"}), "GONE": None}
TABLES: dict[str, Any] = {"T": {"4000": {"name": "N380", "rate": Decimal("2.5")}, "BX": {"name": "BX"}}, "LOST": None}
COLUMNS = {"T": {"name": "code", "rate": "decimal"}, "LOST": {"name": "code", "rate": "decimal"}}
CONTEXT = EvaluationContext("2025-03-01", CODES.get, TABLES.get)

# --- declarations ------------------------------------------------------------------------------------------------

codes = st.sampled_from(["4000", "5100", "N380", "C601", "BX", "40"])
texts = st.sampled_from(["a", "b", "25GB000246TK0E6WJ1", "CSQU3054383", "GB123456789000"])
integers = st.integers(0, 3)
decimals = st.sampled_from([Decimal(n) for n in ("0", "1", "1.0", "2.5", "3", "-1", "0.005")])
dates = st.sampled_from(["2025-01-31", "2025-02-28", "2025-03-01", "2025-13-01"])
times = st.sampled_from(
    ["2025-02-28T23:00:00", "2025-03-01T00:00:00", "2025-03-01T01:00:00+01:00", "2025-03-01T00:00:00Z", "2025-99-01T0"]
)
VALUES = {"code": codes, "text": texts, "integer": integers, "decimal": decimals, "date": dates, "datetime": times,
          "flag": st.booleans()}  # fmt: skip

FIELDS: dict[str, dict[str, str]] = {
    "declaration": {"lrn": "text", "mrn": "code", "acceptance_date": "date", "submission_datetime": "datetime",
                    "acceptance_datetime": "datetime", "total_packages": "integer", "item_count": "integer"},
    "consignment": {"gross_mass": "decimal", "container_indicator": "flag"},
    "house": {"gross_mass": "decimal", "sequence_number": "integer"},
    "item": {"number": "integer", "gross_mass": "decimal", "net_mass": "decimal", "procedure": "code",
             "acceptance_date": "date", "description": "text"},
    "package": {"type": "code", "count": "integer", "marks": "text"},
    "document": {"type": "code", "reference": "text", "item_number": "integer", "validity_date": "date",
                 "quantity": "decimal"},
    "goods_reference": {"item_number": "integer"},
    "party": {"id": "code", "name": "text"},
}  # fmt: skip
SINGLE = {"declaration": {"declarant": "party", "consignment": "consignment"}, "item": {"consignee": "party"}}
LISTS = {
    "declaration": {"supporting_documents": "document"},
    "consignment": {"houses": "house"},
    "house": {"items": "item", "previous_documents": "document"},
    "item": {"packages": "package", "supporting_documents": "document", "previous_documents": "document"},
}


@st.composite
def records(draw: st.DrawFn, entity: str = "declaration", invalid: bool = False) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, kind in FIELDS[entity].items():
        if draw(st.integers(0, 3)):
            found[name] = draw(VALUES[kind])
            if invalid and kind in {"decimal", "integer", "date"} and not draw(st.integers(0, 9)):
                found[name] = Invalid("abc", "a number")
    for name, kind in SINGLE.get(entity, {}).items():
        if draw(st.integers(0, 5)):
            found[name] = draw(records(kind, invalid))
    for name, kind in LISTS.get(entity, {}).items():
        if draw(st.integers(0, 5)):
            found[name] = draw(st.lists(records(kind, invalid), max_size=3))
    return found


# --- rules -------------------------------------------------------------------------------------------------------

PATHS: dict[str, dict[str, list[str]]] = {
    entity: {
        kind: [name for name, own in fields.items() if own in kinds]
        for kind, kinds in {"text": {"code", "text"}, "number": {"integer", "decimal"}, "date": {"date"},
                            "time": {"datetime"}, "flag": {"flag"}}.items()
    }
    for entity, fields in FIELDS.items()
}  # fmt: skip
PATHS["declaration"]["text"] += ["declarant.id", "declarant.name"]
PATHS["declaration"]["number"] += ["consignment.gross_mass"]
PATHS["declaration"]["flag"] += ["consignment.container_indicator"]
PATHS["item"]["text"] += ["consignee.id"]
SOURCES = {
    "declaration": {"items": "item", "documents": "document", "items.packages": "package",
                    "consignment.houses": "house",
                    "items.documents": "document", "consignment.houses.documents": "document"},
    "consignment": {"items": "item", "houses": "house", "houses.items.packages": "package"},
    "house": {"items": "item", "previous_documents": "document", "items.documents": "document"},
    "item": {"packages": "package", "documents": "document", "supporting_documents": "document"},
}  # fmt: skip
TARGETS = {
    "declaration": ["declaration"],
    "house": ["declaration", "consignment", "house"],
    "item": ["declaration", "consignment", "house", "item"],
    "package": ["declaration", "consignment", "house", "item", "package"],
    "document": ["declaration", "document"],
}
Names = dict[str, str]


@st.composite
def path(draw: st.DrawFn, names: Names, kind: str) -> str:
    choices = [f"{name}.{own}" for name, entity in names.items() for own in PATHS[entity][kind]]
    return draw(st.sampled_from(choices)) if choices else LITERAL[kind]


LITERAL = {"text": '"4000"', "number": "1", "date": 'date("2025-02-28")', "time": "declaration.submission_datetime",
           "flag": "true"}  # fmt: skip


@st.composite
def text(draw: st.DrawFn, names: Names, depth: int) -> str:
    match draw(st.integers(0, 6 if depth else 3)):
        case 0 | 1 | 2:
            return draw(path(names, "text"))
        case 3:
            return f'"{draw(codes)}"'
        case 4:
            return f"{draw(path(names, 'text'))}[:{draw(st.integers(0, 3))}]"
        case 5:
            return f"upper({draw(text(names, 0))})[:2]"
        case _:
            return f'lookup("T", {draw(text(names, 0))}, "name")'


@st.composite
def number(draw: st.DrawFn, names: Names, depth: int) -> str:
    case = draw(st.integers(0, 11 if depth else 3))
    if case < 3:
        return draw(path(names, "number"))
    if case == 3:
        return draw(st.sampled_from(["0", "1", "2.5", "-1", "0.005"]))
    one, other = draw(number(names, depth - 1)), draw(number(names, depth - 1))
    if case < 6:
        return f"({one} {draw(st.sampled_from('+-*/'))} {other})"
    if case == 6:
        return draw(st.sampled_from([f"abs({one})", f"round({one}, 1)", f"length({draw(text(names, 0))})"]))
    if case == 7:
        return (
            f"days_between({draw(path(names, 'date'))}, {draw(st.sampled_from(['reference_date', LITERAL['date']]))})"
        )
    if case == 8:
        return f'lookup("T", {draw(text(names, 0))}, "rate")'
    return draw(quantifier(names, depth, st.sampled_from(["sum", "min", "max", "count"])))


@st.composite
def quantifier(draw: st.DrawFn, names: Names, depth: int, kinds: st.SearchStrategy[str]) -> str:
    kind = draw(kinds)
    choices = [
        (f"{name}.{own}", kind) for name, entity in names.items() for own, kind in SOURCES.get(entity, {}).items()
    ]
    if not choices:
        return "1" if kind in {"sum", "min", "max", "count"} else "true"
    source, entity = draw(st.sampled_from(choices))
    if kind == "count" and draw(st.booleans()):
        return f"count({source})"
    variable = f"x{len(names)}"
    inner = {**names, variable: entity}
    if kind in {"any", "all", "none"}:
        body = draw(condition(inner, depth - 1))
    elif kind in {"unique", "same"}:
        body = draw(st.sampled_from([f"{variable}.{PATHS[entity]['number'][0]}", _pair(variable, entity)]))
    elif kind == "count" and draw(st.booleans()):
        body = variable
    else:
        body = draw(path({variable: entity}, "number"))
    tested = ""
    if draw(st.booleans()):
        tested = f" if {draw(st.one_of(condition(inner, depth - 1), equality(names, variable, entity)))}"
    elif kind in {"any", "none"} and draw(st.booleans()):
        body = f"{draw(equality(names, variable, entity))} and {body}"
    return f"{kind}({body} for {variable} in {source}{tested})"


def _pair(variable: str, entity: str) -> str:
    fields = list(FIELDS[entity])[:2]
    return f"({variable}.{fields[0]}, {variable}.{fields[-1]})"


@st.composite
def equality(draw: st.DrawFn, names: Names, variable: str, entity: str) -> str:
    kind = draw(st.sampled_from(["number", "text"]))
    own = draw(path({variable: entity}, kind))
    return f"{own} == {draw(path(names, kind))}"


CHECKS = [
    'matches({}, "[0-9]{{4}}")',
    'matches({}, "(N|C)[0-9]+")',
    'startswith({}, "40")',
    'endswith({}, "0")',
    'valid_mrn({}, "NCTS")',
    *(f"valid_{name}({{}})" for name in ("mrn", "eori", "grn", "container", "ucr", "ducr", "commodity")),
]
OPERATORS = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])


@st.composite
def condition(draw: st.DrawFn, names: Names, depth: int) -> str:
    if depth > 0 and draw(st.integers(0, 2)):
        match draw(st.integers(0, 5)):
            case 0 | 1:
                join = draw(st.sampled_from([" and ", " or "]))
                return f"({join.join(draw(st.lists(condition(names, depth - 1), min_size=2, max_size=3)))})"
            case 2:
                return f"not {draw(condition(names, depth - 1))}"
            case _:
                kinds = ["any", "all", "none", "unique", "same"]
                return draw(quantifier(names, depth, st.sampled_from(kinds)))
    return draw(leaf(names, max(depth, 0)))


@st.composite
def leaf(draw: st.DrawFn, names: Names, depth: int) -> str:
    match draw(st.integers(0, 13)):
        case 0 | 1 | 2:
            return f"{draw(number(names, depth))} {draw(OPERATORS)} {draw(number(names, depth))}"
        case 3:
            return f"{draw(text(names, depth))} {draw(st.sampled_from(['==', '!=']))} {draw(text(names, depth))}"
        case 4:
            day = draw(st.sampled_from(["reference_date", LITERAL["date"]]))
            return f"{draw(path(names, 'date'))} {draw(OPERATORS)} {day}"
        case 5:
            return f"{draw(path(names, 'time'))} {draw(OPERATORS)} declaration.acceptance_datetime"
        case 6:
            return f"{draw(st.sampled_from(['present', 'missing']))}({draw(thing(names))})"
        case 7:
            options = ", ".join(draw(st.lists(text(names, 0), min_size=1, max_size=3)))
            return f"{draw(text(names, depth))} {draw(st.sampled_from(['in', 'not in']))} [{options}]"
        case 8:
            options = draw(st.sampled_from(["{1, 2.5}", "[0, 3]", "{1}"]))
            return f"{draw(number(names, depth))} in {options}"
        case 9:
            return f'listed({draw(text(names, depth))}, "{draw(st.sampled_from(["CL1", "CL2"]))}")'
        case 10:
            call = draw(st.sampled_from(CHECKS))
            return call.format(draw(text(names, depth)))
        case 11:
            return (
                f"within({draw(number(names, depth))}, {draw(number(names, 0))}, {draw(st.sampled_from(['0.5', '1']))})"
            )
        case 12:
            left, right = (f"({draw(text(names, 0))}, {draw(number(names, 0))})" for _ in range(2))
            return f"{left} == {right}"
        case _:
            flag = draw(path(names, "flag"))
            return draw(st.sampled_from([flag, f"{flag} == ({draw(number(names, 0))} > 0)"]))


@st.composite
def thing(draw: st.DrawFn, names: Names) -> str:
    lists = [f"{name}.{own}" for name, entity in names.items() for own in SOURCES.get(entity, {})]
    values = [f"{name}.{own}" for name, entity in names.items() for own in FIELDS[entity]]
    entities = [f"{name}.{own}" for name, entity in names.items() for own in SINGLE.get(entity, {})]
    return draw(st.sampled_from([*lists, *values, *entities, 'lookup("T", declaration.mrn, "rate")']))


@st.composite
def rules(draw: st.DrawFn) -> CheckedRule:
    target = draw(st.sampled_from(sorted(TARGETS)))
    names = {name: name for name in TARGETS[target]}
    when = draw(st.none() | condition(names, 2))
    source = RuleSource("R", target, draw(condition(names, 3)), when)
    return check_rule(source, DICTIONARY, code_lists=set(CODES), tables=COLUMNS)


def judged(checked: list[CheckedRule], record: dict[str, Any]) -> list[Any]:
    return [
        (number, outcome.branch, outcome.chain, outcome.instance, outcome.status)
        for number, rule in enumerate(checked)
        for outcome in evaluate(rule, record, CONTEXT)
    ]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(rules(), min_size=1, max_size=4), st.lists(records(), min_size=1, max_size=3))
def test_plan_finds_what_the_reference_finds(checked: list[CheckedRule], found: list[dict[str, Any]]) -> None:
    plan = build_plan(checked, code_lists=CODES.get, tables=TABLES.get)
    for record in found:
        expected = judged(checked, record)
        assert not [one for one in expected if one[-1] == "error"]
        run = plan.run(record, CONTEXT.reference_date)
        assert not run.fell_back
        failures = [(f.rule, f.branch, f.chain, plan.instance(f), "failed") for f in run.failures]
        assert sorted(failures) == sorted(one for one in expected if one[-1] == "failed")
        assert run.evaluated == any(one[-1] in {"failed", "passed"} for one in expected)
        counted = plan.run(record, CONTEXT.reference_date, counts=True)
        assert not counted.fell_back
        assert counted.failures == run.failures
        assert counted.evaluated == run.evaluated
        for number, counts in enumerate(counted.counts or ()):
            tally = Counter(one[-1] for one in expected if one[0] == number)
            assert tally == Counter({status: getattr(counts, status) for status in tally}), checked[number]


def unreadable(entity: str, values: dict[str, Any]) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for name, value in values.items():
        below = {**SINGLE.get(entity, {}), **LISTS.get(entity, {})}.get(name, "")
        if isinstance(value, Invalid):
            found.add((entity, name))
        for one in value if isinstance(value, list) else [value] if isinstance(value, dict) else []:
            found |= unreadable(below, one)
    return found


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(rules(), min_size=1, max_size=4), records(invalid=True))
def test_they_agree_where_values_cannot_be_read(checked: list[CheckedRule], found: dict[str, Any]) -> None:
    plan = build_plan(checked, code_lists=CODES.get, tables=TABLES.get)
    expected = judged(checked, found)
    invalid = unreadable("declaration", found)
    for counts in (False, True):
        run = plan.run(found, CONTEXT.reference_date, invalid=invalid, counts=counts)
        assert not run.fell_back
        failures = [(f.rule, f.branch, f.chain, plan.instance(f), "failed") for f in run.failures]
        assert sorted(failures) == sorted(one for one in expected if one[-1] == "failed")
        hindered = [(n, o.branch, o.chain, o.instance, o.status) for n, o in run.unsettled]
        assert hindered == [one for one in expected if one[-1] == "not_evaluated"]
        assert run.evaluated == any(one[-1] in {"failed", "passed"} for one in expected)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(rules(), records())
def test_every_failure_is_explained_at_a_place(rule: CheckedRule, found: dict[str, Any]) -> None:
    for outcome in evaluate(rule, found, CONTEXT):
        why = explain(rule, found, CONTEXT, instance=outcome.instance, branch=outcome.branch, chain=outcome.chain)
        assert why.status == outcome.status
        assert why.locations
        assert bool(why.failing) == (outcome.status == "failed")
        assert not set(why.locations) & set(why.related)
