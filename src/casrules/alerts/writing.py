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
_TITLES = 2
"""So many rules of one number are told of."""
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
        named = _named_rules(entry, rules)
        if len(named) == 1:
            located = self.locating.inside(located, self.links.reported_at(named[0]))
        of_rule = self._of_rule(named, located, rules)
        general = known.remedy if known else ""
        about = known if not (named and self._of_code(entry, known)) else None
        violation = Violation(
            rule=rule,
            fingerprint=self._fingerprint(rule, entry, located),
            source=self.source,
            category=_category(known, rules),
            severity=entry.severity,
            authority=(Authority(system=entry.system, list=entry.list, code=entry.code, rule=entry.reason),),
            cause=known.cause if known else "message" if named else "undecidable",
            title=_title(entry, known, named),
            message=_message(rule, entry, known, named),
            locations=located.locations,
            law=_laws(rules),
            remedy=of_rule or general or _look_up(entry, known),
            alternatives=_alternatives(about, named or rules, general if of_rule and about else ""),
            explain=f"casrules explain {rules[0].id}" if len(rules) == 1 else "",
            reported=self._reported(entry, about, rules),
        )
        return Draft(violation, located.path)

    def _known(self, entry: Entry) -> CodeEntry | None:
        """The explanation of the reason, which says more than the code, else that of the code."""
        explain = self.knowledge.explain
        of_reason = explain(entry.system, entry.reasons, entry.reason) if entry.reasons and entry.reason else None
        return of_reason or explain(entry.system, entry.list, entry.code)

    def _of_code(self, entry: Entry, known: CodeEntry | None) -> bool:
        """Whether an explanation is that of the code alone."""
        return known is not None and known is self.knowledge.explain(entry.system, entry.list, entry.code)

    def _of_rule(self, named: Sequence[PackRule], located: Located, rules: Sequence[PackRule]) -> str:
        """The remedy of the rule that is named, else of the one that covers the place: it knows more of the case."""
        demanded = (rule for rule in rules if len(rules) == 1 and self.links.demands(rule, located.fields))
        nearest = next(iter((*named, *demanded)), None)
        return nearest.packed.rule.remedy if nearest is not None else ""

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


def _named_rules(entry: Entry, rules: Sequence[PackRule]) -> Sequence[PackRule]:
    """The rules that the authority itself names: by their number, or by a code that is one check."""
    return rules if entry.reason or entry.code_is_rule else ()


def _title(entry: Entry, known: CodeEntry | None, named: Sequence[PackRule]) -> str:
    titles = list(dict.fromkeys(rule.packed.rule.title for rule in named))
    if titles and (len(titles) <= _TITLES or known is None):
        return "; ".join(titles[:_TITLES])
    return known.title if known else _unknown_title(entry)


def _message(key: str, entry: Entry, known: CodeEntry | None, named: Sequence[PackRule]) -> Message:
    """What the entry means: of a rule that is named what it says, else what the code or the reason means."""
    who = _WHO[key.partition(".")[0]]
    said = list(dict.fromkeys(_rule_text(rule) for rule in named))[:_TITLES]
    if known is not None:
        text = f"{known.title[:1].upper()}{known.title[1:]}." if said and entry.reason else known.meaning
        wrong = examine(known.examine, entry.value or "")
        text = " ".join(filter(None, (text, wrong)))
    elif said:
        text = f"{who} expects: {' '.join(said)}"
    elif entry.code:
        teller = entry.system if key.startswith("customs.") else who
        text = f"{teller} answered with the code {entry.code}, which this library does not explain yet."
    else:
        text = f"{entry.system} answered with an error that has no code."
    if entry.reason:
        about = f": {' '.join(said)}" if said else "."
        text = f"{text} {who} names {entry.reason}{about}"
    arguments = {"code": entry.code, "list": entry.list, "reason": entry.reason, "value": entry.value}
    return Message(
        key=key,
        text=text,
        arguments=tuple(Argument(name=name, value=value) for name, value in arguments.items() if value),
    )


def _look_up(entry: Entry, known: CodeEntry | None) -> str:
    """What to do about a code nobody has explained."""
    if known is not None or not entry.code:
        return ""
    told = " The text beside it says what it means there." if entry.text else ""
    return f"Look the code up in the guide of whoever sent the answer.{told}"


def _rule_text(rule: PackRule) -> str:
    """Title and description of a rule, as sentences."""
    told = rule.packed.rule
    title = told.title if told.title.endswith(".") else f"{told.title}."
    return f"{title} {told.description}".strip()


def _category(known: CodeEntry | None, rules: Sequence[PackRule]) -> Category:
    if known is not None and known.category is not None:
        return known.category
    found = {rule.packed.rule.category for rule in rules}
    return found.pop() if len(found) == 1 else "process"


def _alternatives(known: CodeEntry | None, rules: Sequence[PackRule], general: str) -> tuple[str, ...]:
    """Other ways than the remedy: the code's `general` one where a rule's came first, and those of code and rules."""
    first = rules[0].packed.rule.remedy if rules else ""
    others = (rule.packed.rule.remedy for rule in rules[1:_TITLES]) if known is None else ()
    of_rules = [remedy for remedy in others if remedy != first]
    if rules and known is None:
        of_rules += rules[0].packed.rule.alternatives
    return tuple(dict.fromkeys(filter(None, (general, *(known.alternatives if known else ()), *of_rules))))


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
