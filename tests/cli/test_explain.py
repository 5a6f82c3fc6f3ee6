from __future__ import annotations

import json


def test_a_rule_is_explained(casrules) -> None:
    run = casrules("explain", "demo.word")
    assert run.code == 0
    for part in (
        "demo.word",
        "No bad word",
        "The text has no bad word",
        "1/2025, Article 1",
        "Say good.",
        "violates",
    ):
        assert part in run.out


def test_an_unknown_rule_is_wrong_usage_with_the_nearest(casrules) -> None:
    run = casrules("explain", "demo.wrd")
    assert run.code == 2 and "did you mean demo.word?" in run.err


def test_rules_are_listed_in_order_and_counted(casrules) -> None:
    lines = casrules("rules").out.splitlines()
    assert [line.split()[1] for line in lines[:2]] == ["demo.any", "demo.word"]
    assert lines[2] == "2 rules"


def test_a_scope_keeps_rules_that_say_nothing_of_it(casrules) -> None:
    assert "2 rules" in casrules("rules", "--scope", "message=ncts.CC015C").out
    out = casrules("rules", "--scope", "message=ncts.CC029C").out
    assert "demo.any" in out and "1 rule\n" in out


def test_a_scope_that_no_rule_names_is_told(casrules) -> None:
    run = casrules("rules", "--scope", "message=CC015C")
    assert run.code == 0 and "no rule names message CC015C" in run.err and "did you mean ncts.CC015C?" in run.err
    assert "no rule names" not in casrules("rules", "--scope", "message=ncts.CC015C").err


def test_a_malformed_scope_is_wrong_usage(casrules) -> None:
    for text in ("ncts.CC015C", "colour=red", "message="):
        run = casrules("rules", "--scope", text)
        assert run.code == 2 and "NAME=VALUE" in run.err


def test_pages_as_json(casrules) -> None:
    assert json.loads(casrules("explain", "demo.word", "--format", "json").out)["id"] == "demo.word"
    assert len(json.loads(casrules("rules", "--format", "json").out)) == 2
