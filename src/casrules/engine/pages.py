"""The page of a rule: what it demands and when, in prose and in the rule language."""

from __future__ import annotations

import json
from itertools import zip_longest
from typing import Any

from casrules.findings import Authority, LawReference, RuleExample, RulePage, ScopeItem
from casrules.language import Template
from casrules.language.prose import sentence, statement
from casrules.packs.models import Example, Rule
from casrules.packs.translations import ENGLISH
from casrules.rules import PackRule
from casrules.rules.translating import UNTRANSLATED

KINDS = ("valid", "invalid", "not_applicable", "known_gap")


def rule_page(rule: PackRule, lang: str = ENGLISH) -> RulePage:
    """Everything a person can read about one rule; its texts in `lang` where they are translated."""
    written = rule.packed.rule
    wording = rule.wordings.get(lang, UNTRANSLATED)
    messages = [branch.message for branch in written.all_branches()]
    return RulePage(
        id=rule.id,
        title=wording.title or written.title,
        description=written.description,
        pack=rule.packed.pack,
        pack_version=rule.packed.pack_version,
        severity=written.severity,
        status=written.status,
        since=written.since,
        category=written.category,
        valid_from=written.valid.since.isoformat() if written.valid.since else "",
        valid_to=written.valid.until.isoformat() if written.valid.until else "",
        scope=_scope(rule),
        visits=written.for_,
        applies_when=statement(rule.checked.when) if rule.checked.when else "",
        requires="\n".join(sentence(branch) for branch in rule.checked.branches),
        condition=_condition(written),
        message="\n".join(_or(other, text) for other, text in zip_longest(wording.messages, messages)),
        remedy=next((text for text in wording.remedies if text), written.remedy),
        alternatives=tuple(_or(other, text) for other, text in zip_longest(wording.alternatives, written.alternatives)),
        fixes=tuple(f"{fix.title} ({fix.applicability})" for fix in written.fix),
        suggestions=tuple(suggest.title for suggest in written.suggest),
        law=tuple(LawReference(act=law.act, place=law.place) for law in written.law),
        authority=tuple(
            Authority(system=entry.system, list=entry.list, code=entry.code, rule=entry.rule)
            for entry in written.authority
        ),
        examples=_examples(written),
        specialises=", ".join(written.specialises),
        aliases=written.aliases,
        replaced_by=written.replaced_by or "",
    )


def _or(other: Template | None, text: str) -> str:
    return other.source if other is not None else text


def _scope(rule: PackRule) -> tuple[ScopeItem, ...]:
    scope = rule.packed.scope
    pairs = ((name, getattr(scope, name)) for name in type(scope).model_fields)
    return tuple(ScopeItem(name=name, values=values) for name, values in pairs if values)


def _condition(rule: Rule) -> str:
    lines = [f"for: {rule.for_}"]
    lines += [f"let {name}: {text}" for name, text in rule.let.items()]
    if rule.when:
        lines.append(f"when: {rule.when}")
    for branch in rule.all_branches():
        prefix = f"[{branch.key}] " if branch.key else ""
        if branch.when:
            lines.append(f"{prefix}when: {branch.when}")
        lines.append(f"{prefix}require: {branch.require}")
    return "\n".join(lines)


def _examples(rule: Rule) -> tuple[RuleExample, ...]:
    found: list[RuleExample] = []
    for kind in KINDS:
        entries: tuple[Example, ...] = getattr(rule.examples, kind)
        found.extend(RuleExample(kind=kind, given=_short(entry.given), why=entry.why) for entry in entries)
    return tuple(found)


def _short(given: dict[str, Any]) -> str:
    return json.dumps(given, ensure_ascii=False).replace('"', "")
