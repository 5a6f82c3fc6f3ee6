"""Entries of an answer as violations: what a code means, where it is, what to do, which rule of ours says the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from casrules.alerts.answers import Entry
from casrules.alerts.code_models import CodeEntry
from casrules.alerts.examining import examine
from casrules.alerts.knowledge import Knowledge
from casrules.alerts.locating import Located, Locating
from casrules.alerts.rule_links import RuleLinks
from casrules.findings import (
    Argument,
    Authority,
    Draft,
    LawReference,
    Location,
    Message,
    PathWriter,
    Reported,
    Violation,
    fingerprint,
)
from casrules.findings.violation import Category, Source
from casrules.rules import PackRule

_ODD = re.compile(r"[^A-Za-z0-9_\-]+")
_LAWS = 5
_WHO = MappingProxyType({"customs": "The authority", "port": "The port system", "transport": "The partner"})


@dataclass(frozen=True)
class AlertWriter:
    """Writes the violations of one answer; `document` is the document key of the message it answers.

    `codes` are all codes of the answer.
    """

    knowledge: Knowledge
    links: RuleLinks
    locating: Locating
    paths: PathWriter
    document: str
    source: Source
    family: str = ""
    codes: frozenset[str] = frozenset()

    def draft(self, entry: Entry) -> Draft:
        """The violation of one entry."""
        known = self._known(entry)
        inside = known is not None and known.category == "missing"
        located = self.locating.locate(entry, known.where if known else (), inside)
        rules = self.links.covering(entry, located.fields, known.rules if known else (), self.family)
        rule = rule_id(self.source, entry)
        # the one rule that covers the place knows more of the case than the code does
        placed = bool(located.fields or entry.reason or entry.code_is_rule)
        of_rule = rules[0].packed.rule.remedy if len(rules) == 1 and placed else ""
        general = known.remedy if known else ""
        named = _named_rule(entry, known, rules)
        violation = Violation(
            rule=rule,
            fingerprint=self._fingerprint(rule, entry, located),
            source=self.source,
            category=_category(known, rules),
            severity=entry.severity,
            authority=(Authority(system=entry.system, list=entry.list, code=entry.code, rule=entry.reason),),
            cause=known.cause if known else "message" if named else "undecidable",
            title=named or (known.title if known else _unknown_title(entry)),
            message=_message(rule, entry, known, rules),
            locations=located.locations,
            law=_laws(rules),
            remedy=of_rule or general,
            alternatives=_alternatives(known, rules, general if of_rule else ""),
            explain=f"casrules explain {rules[0].id}" if len(rules) == 1 else "",
            reported=self._reported(entry, known, rules),
        )
        return Draft(violation, located.path)

    def _known(self, entry: Entry) -> CodeEntry | None:
        """The explanation of the reason, which says more than the code, else that of the code."""
        explain = self.knowledge.explain
        of_reason = explain(entry.system, entry.reasons, entry.reason) if entry.reasons and entry.reason else None
        return of_reason or explain(entry.system, entry.list, entry.code)

    def _reported(self, entry: Entry, known: CodeEntry | None, rules: Sequence[PackRule]) -> Reported:
        place = f"line {entry.line}" + (f", column {entry.column}" if entry.column is not None else "")
        pointers = "; ".join(pointer.text for pointer in entry.pointers if pointer.text)
        return Reported(
            text=entry.text,
            value=entry.value,
            pointer=pointers or (place if entry.line is not None else ""),
            reason=entry.reason,
            entries=entry.count,
            causes=known.causes if known else (),
            check=known.check if known else "",
            covered_by=tuple(rule.id for rule in rules),
            beside=tuple(code for code in known.beside if code in self.codes) if known else (),
        )

    def _fingerprint(self, rule: str, entry: Entry, located: Located) -> str:
        pointed = tuple(pointer.text for pointer in entry.pointers)
        entity = self.paths.identity(located.path[:-1]) if located.path else pointed or (entry.text,)
        name = located.path[-1][0] if located.path else ""
        sure = bool(located.locations) and located.locations[0].role == "primary"
        return fingerprint(rule, document=self.document, entity=(*entity, *pointed[sure:]), field=name)


def rule_id(source: str, entry: Entry) -> str:
    """`customs.CDS.CDS12056`, `customs.NCTS.CL180.14.R0223`: where it comes from, system, list, code, reason."""
    parts = [source, entry.system, "" if entry.list == entry.system else entry.list, entry.code or "uncoded"]
    plain = (_ODD.sub("_", part).strip("_") for part in (*parts, entry.reason))
    return ".".join(part for part in plain if part)


def _unknown_title(entry: Entry) -> str:
    return f"{entry.code} is not a code this library explains" if entry.code else "an error without a code"


def _named_rule(entry: Entry, known: CodeEntry | None, rules: Sequence[PackRule]) -> str:
    """The title of the rule that the authority names, in our words; empty where it names none or several."""
    titles = {rule.packed.rule.title for rule in rules}
    names = (entry.code_is_rule and known is None) or bool(entry.reason)
    return titles.pop() if names and len(titles) == 1 else ""


def _message(key: str, entry: Entry, known: CodeEntry | None, rules: Sequence[PackRule]) -> Message:
    of_rule = next((rule.packed.rule for rule in rules), None)
    if known is not None:
        text = known.meaning
    elif of_rule is not None:
        text = of_rule.description or f"{of_rule.title}."
    elif entry.code:
        text = f"{entry.system} answered with the code {entry.code}, which this library does not explain yet."
    else:
        text = f"{entry.system} answered with an error that has no code."
    wrong = examine(known.examine, entry.value or "") if known is not None else ""
    text = " ".join(filter(None, (text, wrong)))
    if entry.reason:
        about = f": {of_rule.title}" if of_rule and of_rule.title not in text else ""
        text = f"{text} {_WHO[key.partition('.')[0]]} names {entry.reason}{about}."
    arguments = {"code": entry.code, "list": entry.list, "reason": entry.reason, "value": entry.value}
    return Message(
        key=key,
        text=text,
        arguments=tuple(Argument(name=name, value=value) for name, value in arguments.items() if value),
    )


def _category(known: CodeEntry | None, rules: Sequence[PackRule]) -> Category:
    if known is not None and known.category is not None:
        return known.category
    found = {rule.packed.rule.category for rule in rules}
    return found.pop() if len(found) == 1 else "process"


def _alternatives(known: CodeEntry | None, rules: Sequence[PackRule], general: str) -> tuple[str, ...]:
    """Other ways than the remedy: the code's `general` one where a rule's came first, and those of code and rule."""
    of_rule = rules[0].packed.rule.alternatives if len(rules) == 1 and known is None else ()
    return (*filter(None, (general,)), *(known.alternatives if known else ()), *of_rule)


def _laws(rules: Sequence[PackRule]) -> tuple[LawReference, ...]:
    found: dict[Any, None] = {}
    for rule in rules:
        found.update({LawReference(act=law.act, place=law.place): None for law in rule.packed.rule.law})
    return tuple(found)[:_LAWS]


def other_declaration(document: str, told: str, given: str) -> Draft:
    """The finding that an answer is about another declaration than the original beside it."""
    rule = "decode.other_declaration"
    text = f"The answer is about {told}, the message given beside it is {given}: the places may not be those meant."
    return Draft(
        Violation(
            rule=rule,
            fingerprint=fingerprint(rule, document=document, entity=(), field=""),
            source="customs",
            category="process",
            severity="warning",
            cause="undecidable",
            title="the answer is about another declaration",
            message=Message(key=rule, text=text),
            locations=(Location(path="document"),),
            remedy="Decode the answer beside the message it answers, or without any.",
        )
    )
