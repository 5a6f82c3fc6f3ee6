"""Every example of docs/expressions.md gives what it says, by both evaluators, and the page leaves nothing out."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from casrules.declaration import Invalid
from casrules.dictionary import shipped_dictionary
from casrules.language import CheckedRule, EvaluationContext, RuleSource, build_plan, check_rule, evaluate
from casrules.language.functions import FUNCTIONS, KNOWN_NAMES
from casrules.language.reference import Evaluator
from casrules.language.tree import Compare
from casrules.language.visiting import visited
from casrules.testing.declarations import expand

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "expressions.md").read_text(encoding="utf-8")
DAY = "2025-06-01"
STATUS = {"true": "passed", "false": "failed", "unknown": "inconclusive", "not evaluated": "not_evaluated"}
OPERATORS = ("and", "or", "not", "==", "!=", "<", "<=", ">", ">=", "in", "not in", "+", "-", "*", "/", "[:", "if")
CODES = {"PACKAGES": frozenset({"BX", "CT"})}
TABLES: dict[str, Any] = {"procedures": {"4000": {"flow": "import"}, "1040": {"flow": "export"}}}


class Shown(NamedTuple):
    """An example of the page."""

    expression: str
    gives: str


def examples() -> list[Shown]:
    found: list[Shown] = []
    for table in re.findall(r"^\| example \| gives \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", PAGE, re.M):
        for row in table.splitlines():
            expression, gives = re.match(r"\| `(.+?)` \| (.+?) \|", row).groups()  # type: ignore[union-attr]
            found.append(Shown(expression.replace("\\|", "|"), gives))
    return found


EXAMPLES = examples()
CONTEXT = EvaluationContext(DAY, CODES.get, TABLES.get)


def declaration() -> dict[str, Any]:
    written = re.search(r"^```yaml\n(.*?)^```$", PAGE, re.M | re.S)
    assert written
    given = yaml.load(written[1], yaml.BaseLoader)
    return _without_blanks(expand(given, shipped_dictionary()))


def _without_blanks(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_blanks(below) for name, below in value.items() if below is not None}
    return [_without_blanks(entry) for entry in value] if isinstance(value, list) else value


RECORD = declaration()


def checked(require: str) -> CheckedRule:
    return check_rule(
        RuleSource("example", "item", require),
        shipped_dictionary(),
        code_lists={*CODES, "GONE"},
        tables={"procedures": {"flow": "text"}},
    )


@pytest.mark.parametrize("shown", EXAMPLES, ids=[shown.expression for shown in EXAMPLES])
def test_an_example_gives_what_the_page_says(shown: Shown) -> None:
    if shown.gives in STATUS:
        rule = checked(shown.expression)
        wanted = STATUS[shown.gives]
    else:
        rule = checked(f"({shown.expression}) == ({shown.expression})")
        node = rule.branches[0].require
        assert isinstance(node, Compare)
        ((scope, _),) = visited(RECORD, rule.chains[0])
        value = Evaluator(CONTEXT).value(node.left, scope)
        assert value == (Decimal(shown.gives) if isinstance(value, (int, Decimal)) else shown.gives)
        wanted = "passed"
    assert [outcome.status for outcome in evaluate(rule, RECORD, CONTEXT)] == [wanted]
    run = build_plan([rule], code_lists=CODES.get, tables=TABLES.get).run(
        RECORD, DAY, invalid={("item", "statistical_value")}, counts=True
    )
    (counts,) = run.counts or ()
    assert getattr(counts, wanted) == 1


def test_the_declaration_is_what_the_page_says() -> None:
    item = RECORD["consignment"]["houses"][0]["items"][0]
    assert isinstance(item["statistical_value"], Invalid)
    assert "description" not in item


@pytest.mark.parametrize("word", [*OPERATORS, *sorted(KNOWN_NAMES)])
def test_every_word_of_the_language_has_an_example(word: str) -> None:
    """A function by its call, an operator by its sign between its operands."""
    called = rf"\b{re.escape(word)}\(" if word in KNOWN_NAMES else rf"(?:^|[\s\w]){re.escape(word)}(?=[\s\d])"
    assert [shown for shown in EXAMPLES if re.search(called, shown.expression)]


@pytest.mark.parametrize("name", sorted(KNOWN_NAMES))
def test_every_function_is_defined_and_told_of_missing_values(name: str) -> None:
    defined = re.findall(r"^\| (?:function|form) \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", PAGE, re.M)
    assert any(f"`{name}(" in row.split(" | ")[0] for table in defined for row in table.splitlines())
    if name in FUNCTIONS and not name.startswith("valid_"):
        gives = {shown.gives for shown in EXAMPLES if re.search(rf"\b{name}\(", shown.expression)}
        assert "unknown" in gives, f"no example shows {name} with a missing value"
