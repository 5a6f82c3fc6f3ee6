from __future__ import annotations

from pathlib import Path

import pytest

from casrules.dictionary import shipped_dictionary
from casrules.errors import RuleError, UsageError
from casrules.limits import Limits
from casrules.packs import load_pack, shipped_code_lists
from casrules.rules import Choice, MessageKind, RuleSet, build_ruleset, choose
from casrules.rules.compiling import checked
from casrules.rules.sources import families_of

FAMILIES = frozenset({"ncts", "aes", "import", "ens", "cds"})
RULE = """\
  - id: {id}
    title: {id}
    for: item
    {more}
    require: item.net_mass <= item.gross_mass
    message: "{{item.number}}"
"""
GENERAL = {
    "G1": "aliases: OLD",
    "G2": "status: draft",
    "G3": "status: preview",
    "G4": "status: deprecated",
    "G5": "valid: {from: 2025-01-21, to: 2025-12-31}",
}
SPECIAL = {"S1": "specialises: general.G1\n    scope: {message: ncts.CC015C}\n    valid: {from: 2026-01-01}"}
TRANSIT = MessageKind("ncts", "ncts.CC015C", phase="P5", jurisdiction="EU", flow="transit")
EXPORT = MessageKind("aes", "aes.CC515C", flow="export")


def write(folder: Path, pack: str, rules: dict[str, str], manifest: str = "") -> Path:
    home = folder / pack
    home.mkdir(exist_ok=True)
    (home / "pack.yaml").write_text(f"id: {pack}\ntitle: T\nversion: 1.0.0\n{manifest}")
    (home / "topic.yaml").write_text("rules:\n" + "".join(RULE.format(id=n, more=m) for n, m in rules.items()))
    return home


@pytest.fixture
def ruleset(tmp_path: Path) -> RuleSet:
    removed = (
        "removed: [{id: GONE, since: '0.9', reason: the law went}, {id: WAS, since: '0.9', reason: r, replaced_by: G1}]"
    )
    packs = [load_pack(write(tmp_path, "general", GENERAL, removed)), load_pack(write(tmp_path, "special", SPECIAL))]
    return checked(packs, shipped_dictionary(), shipped_code_lists())


def names(ruleset: RuleSet, kind: MessageKind, day: str | None, choice: Choice | None = None) -> list[str]:
    return [rule.id for rule in ruleset.applicable(kind, day, choice or Choice())]


def test_only_released_rules_in_force_run(ruleset: RuleSet) -> None:
    assert names(ruleset, EXPORT, "2025-06-01") == ["general.G1", "general.G4", "general.G5"]
    assert names(ruleset, EXPORT, "2026-01-01") == ["general.G1", "general.G4"]
    assert names(ruleset, EXPORT, None) == ["general.G1", "general.G4"]


def test_a_special_rule_silences_the_general_one_on_every_day(ruleset: RuleSet) -> None:
    assert names(ruleset, TRANSIT, "2026-01-01") == ["general.G4", "special.S1"]
    assert names(ruleset, TRANSIT, "2025-06-01") == ["general.G4", "general.G5"]


def test_drafts_and_previews_run_only_when_asked_for(ruleset: RuleSet) -> None:
    def chosen(**asked: list[str]) -> list[str]:
        return names(ruleset, EXPORT, "2025-06-01", choose(ruleset.ids, **asked))

    assert chosen(statuses=["preview"]) == ["general.G1", "general.G3", "general.G4", "general.G5"]
    assert chosen(select=["general.*"]) == ["general.G1", "general.G4", "general.G5"]
    assert chosen(select=["G2"]) == chosen(select=["general.G2"]) == ["general.G2"]
    assert chosen(select=["G?"], statuses=["draft"], ignore=["G1"]) == ["general.G2", "general.G4", "general.G5"]


def test_former_ids_still_select(ruleset: RuleSet) -> None:
    assert choose(ruleset.ids, select=["OLD"]).select == ("general.G1",)
    assert choose(ruleset.ids, ignore=["general.WAS"]).ignore == ("general.G1",)


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"select": ["general.G9"]}, r"no rule is called 'general\.G9'.*did you mean general\.G"),
        ({"ignore": ["*.nothing"]}, "no rule is called"),
        ({"select": ["GONE"]}, r"removed in version 0\.9: the law went"),
        ({"statuses": ["drafts"]}, "no status 'drafts'"),
    ],
)
def test_what_means_no_rule_is_an_error(ruleset: RuleSet, asked: dict[str, list[str]], problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        choose(ruleset.ids, **asked)


def test_a_partial_message_needs_a_rule_that_names_it() -> None:
    from casrules.packs.models import Scope

    partial = MessageKind("cds", "cds.amend", role="amendment", complete=False)
    assert not partial.within(Scope())
    assert partial.within(Scope(role=("amendment",))) and partial.within(Scope(message=("cds.amend",)))
    assert not partial.within(Scope(role=("amendment",), family=("ncts",)))


def test_the_days_on_which_something_changes(ruleset: RuleSet) -> None:
    assert ruleset.dates == ("2025-01-21", "2026-01-01")


@pytest.mark.parametrize(
    ("scope", "problem"),
    [
        ("{message: ncts.CC015X}", r"no message 'ncts\.CC015X'.*did you mean 'ncts\.CC015C'"),
        ("{phase: P9}", "no phase 'P9'"),
    ],
)
def test_a_scope_holds_known_values_only(tmp_path: Path, scope: str, problem: str) -> None:
    pack = load_pack(write(tmp_path, "own", {"A": f"scope: {scope}"}))
    known = {"message": {"ncts.CC015C", "ncts.CC013C"}, "phase": {"P5", "P6"}}
    with pytest.raises(RuleError, match=problem) as caught:
        build_ruleset([pack], shipped_dictionary(), shipped_code_lists(), families_of, FAMILIES, known_scopes=known)
    assert caught.value.place is not None and caught.value.place.line == 5


def test_the_cost_bound_is_the_callers(tmp_path: Path) -> None:
    pack = load_pack(write(tmp_path, "own", {"A": "when: any(i.number != item.number for i in declaration.items)"}))
    arguments = ([pack], shipped_dictionary(), shipped_code_lists(), families_of, FAMILIES)
    assert build_ruleset(*arguments).rules.keys() == {"own.A"}
    with pytest.raises(RuleError, match=r"may visit 100,000,000 entities.*any\(i\.number"):
        build_ruleset(*arguments, limits=Limits(rule_cost=10**7))


def test_what_a_fix_computes_is_checked_as_an_expression(tmp_path: Path) -> None:
    text = 'sum(p.count for p in item.packages if p.type in {"BX", "CT"})'
    fix = f"fix: [{{title: t, compute: {{item.net_mass: '{text}'}}}}]"
    pack = load_pack(write(tmp_path, "own", {"A": fix}))
    (computation,) = checked([pack], shipped_dictionary(), shipped_code_lists()).rules["own.A"].computations.items()
    assert computation[0] == text
    assert computation[1].branches[0].message is not None
    wrong = load_pack(write(tmp_path, "own", {"A": fix.replace("p.count", "p.cuont")}))
    with pytest.raises(RuleError, match=r"cuont.*did you mean count") as caught:
        checked([wrong], shipped_dictionary(), shipped_code_lists())
    assert caught.value.place is not None and caught.value.place.line == 5
