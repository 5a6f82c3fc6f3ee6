"""A failed rule as a violation: message, places, values read, law, remedy, fixes and suggestions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from casrules.declaration import value_at, write_value
from casrules.dictionary import Dictionary, Invalid
from casrules.dictionary.elements import SERVED
from casrules.findings import (
    Argument,
    Authority,
    Draft,
    LawReference,
    Location,
    Message,
    PathWriter,
    RecordPath,
    Suggestion,
    ValueRead,
    Violation,
    Why,
    fingerprint,
    to_pointer,
)
from casrules.language import EvaluationContext, Explanation
from casrules.language.explain import alternatives, arguments, explain
from casrules.language.prose import sentence
from casrules.language.templates import ENGLISH as ENGLISH_WORDS
from casrules.language.templates import Words, render
from casrules.packs.translations import ENGLISH
from casrules.packs.wording import words_in
from casrules.rules.changes import Changes
from casrules.rules.failures import Failure
from casrules.rules.translating import UNTRANSLATED

Text = TypeVar("Text")
RELATED_SHOWN = 20
SENTENCE_CHARACTERS = 200
"""How much of one value a sentence quotes; the location has all of it."""


class Origin(Protocol):
    """One place in the source; `missing` names what is not there, below the place."""

    @property
    def xpath(self) -> str:
        """The XPath from the root."""

    @property
    def line(self) -> int | None:
        """The line, from 1."""

    @property
    def text(self) -> str | None:
        """The raw text there."""

    @property
    def missing(self) -> str | None:
        """The name of what is missing below the place."""

    @property
    def others(self) -> Sequence[Origin]:
        """The places of the other parts of a value that is written in several."""


class Locator(Protocol):
    """Finds the source of a record path; only `messages` knows how."""

    def locate(self, path: RecordPath) -> Origin:
        """The place of the value, or the nearest place where it is missing."""
        ...


class Alterations(Protocol):
    """Tells where what the rules read stood in the document, if something was changed before they ran."""

    def original(self, path: RecordPath) -> RecordPath:
        """The place in the declaration as it came."""
        ...

    def declared(self, path: RecordPath) -> Any:
        """The value there."""
        ...

    def changed_by(self, path: RecordPath) -> str:
        """The full id of the configuration rule that wrote the value; "" where none did."""
        ...


@dataclass(frozen=True, slots=True)
class ViolationWriter:
    """Writes the violations of one declaration.

    `system` is the customs system whose codes are told; `alterations` what was changed in the record before the rules.
    `lang` is the language of texts, English where a rule has none in it.
    """

    record: Mapping[str, Any]
    dictionary: Dictionary
    context: EvaluationContext
    document: str
    system: str
    locator: Locator | None
    alterations: Alterations | None = None
    lang: str = ENGLISH
    paths: PathWriter = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "paths", PathWriter(self.record, self.dictionary))

    def draft(self, failure: Failure) -> Draft:
        """The violation of `failure`, with the rules that would explain it."""
        rule, packed = failure.rule, failure.rule.packed
        branch = packed.rule.all_branches()[failure.branch]
        found = explain(
            rule.checked, self.record, self.context,
            instance=failure.instance, branch=failure.branch, chain=failure.chain,
        )  # fmt: skip
        primary = found.locations[0]
        changes = Changes(failure, self.record, self.context, self.paths)
        suggestions = changes.suggestions()
        wording = rule.wordings.get(self.lang, UNTRANSLATED)
        violation = Violation(
            rule=rule.id,
            branch=branch.key,
            pack_version=packed.pack_version,
            fingerprint=fingerprint(
                rule.id, branch=branch.key, document=self.document,
                entity=self.paths.identity(failure.instance), field=primary[-1][0] if primary else "",
            ),
            category=packed.rule.category,
            severity=packed.rule.severity,
            authority=tuple(
                Authority(system=entry.system, list=entry.list, code=entry.code, rule=entry.rule)
                for entry in packed.rule.authority
                if entry.system == self.system
            ),
            title=wording.title or packed.rule.title,
            message=self._message(failure, branch.key),
            rendered_rule=sentence(rule.checked.branches[failure.branch]),
            locations=self._locations(found),
            why=self._why(failure, found),
            law=tuple(LawReference(act=law.act, place=law.place) for law in packed.rule.law),
            remedy=_at(wording.remedies, failure.branch) or branch.remedy or packed.rule.remedy,
            alternatives=alternatives(
                rule.checked, self.record, self.context, instance=failure.instance, chain=failure.chain,
                templates=wording.alternatives, words=words_in(self.lang) if wording.alternatives else ENGLISH_WORDS,
            ),
            explain=f"casrules explain {rule.id}",
            fixes=changes.fixes(),
            suggestions=suggestions,
            correlation_key=_correlation_key(rule.id, suggestions),
        )  # fmt: skip
        return Draft(violation, failure.instance, packed.rule.after)

    def _message(self, failure: Failure, key: str) -> Message:
        checked = failure.rule.checked
        template = checked.branches[failure.branch].message
        if template is None:
            return Message(key=failure.rule.id, text=failure.rule.packed.rule.title)
        found = arguments(
            checked, self.record, self.context,
            instance=failure.instance, branch=failure.branch, chain=failure.chain,
        )  # fmt: skip
        wanted = _at(failure.rule.wordings.get(self.lang, UNTRANSLATED).messages, failure.branch)
        words = words_in(self.lang) if wanted is not None else ENGLISH_WORDS
        values = tuple(_cut(value, words) for value in found)
        shown = tuple(
            Argument(name=argument.name, value=shown_value(value))
            for argument, value in zip(template.arguments, values, strict=True)
        )
        key = f"{failure.rule.id}.{key}" if key else failure.rule.id
        if wanted is None:
            return Message(key=key, text=_capitalised(render(template, values)), arguments=shown)
        by_argument = dict(zip(template.arguments, values, strict=True))
        text = render(wanted, [by_argument[argument] for argument in wanted.arguments], words)
        return Message(key=key, text=_capitalised(text), arguments=shown, lang=self.lang)

    def _locations(self, found: Explanation) -> tuple[Location, ...]:
        primary, *others = found.locations
        places = self.parts(primary, "primary")
        told = dict.fromkeys(path for path in (*others, *found.related) if path != primary)
        beside = [path for path in told if self._has_value(path) and not _is_served(path)]
        for path in beside[:RELATED_SHOWN]:
            places += self.parts(path, "related")
        return tuple(places)

    def location(self, path: RecordPath, role: Any = "primary") -> Location:
        """Where a record path is, in the record and in the source; of a value in several parts, the first."""
        return self.parts(path, role)[0]

    def parts(self, path: RecordPath, role: Any) -> list[Location]:
        """The places of a record path: more than one only for a value that the source writes in several parts."""
        facts = self.paths.facts(path)
        value = value_at(self.record, path)
        effective = None if isinstance(value, (dict, list)) else shown_value(value)
        common: dict[str, Any] = {
            "role": role, "path": facts.path, "record": facts.record, "number": facts.number,
            "old_number": facts.old_number, "label": facts.label, "effective": effective,
            "changed_by": self.alterations.changed_by(path) if self.alterations else "",
        }  # fmt: skip
        source = self.alterations.original(path) if self.alterations else path
        if self.locator is None:
            declared = self.alterations.declared(path) if self.alterations else value
            missing = path[-1][0] if declared is None and path else ""
            shown = None if isinstance(declared, (dict, list)) else shown_value(declared)
            return [Location(**common, pointer=to_pointer(source), declared=shown, missing=missing)]
        first = self.locator.locate(source)
        others = {**common, "role": "related"}
        return [
            Location(**told, xpath=origin.xpath, line=origin.line, declared=origin.text, missing=origin.missing or "")
            for told, origin in ((common, first), *((others, other) for other in first.others))
        ]

    def _has_value(self, path: RecordPath) -> bool:
        value = value_at(self.record, path)
        return value is not None and not isinstance(value, (dict, list))

    def _why(self, failure: Failure, found: Explanation) -> Why:
        shown = []
        for read in found.reads:
            # of entities and lists only presence and count were read: the message says what matters of them
            if read.value is not None and not self._has_value(read.path):
                continue
            facts = self.paths.facts(read.path)
            shown.append(
                ValueRead(
                    name=facts.label or facts.path, value=shown_value(read.value), unit=facts.unit, path=facts.path
                )
            )
        condition = "; ".join(part.text for part in found.failing if part.text)
        branch = failure.rule.packed.rule.all_branches()[failure.branch]
        return Why(values=tuple(shown[:RELATED_SHOWN]), condition=condition or branch.require)


def _correlation_key(rule: str, suggestions: Sequence[Suggestion]) -> str:
    """One missing configuration rule, however many declarations: the rule and the values the suggestion matches."""
    matches = suggestions[0].match if suggestions else ()
    known = [f"{match.field}={match.value}" for match in matches if match.value is not None]
    return " ".join((rule, *known)) if known else ""


def shown_value(value: Any) -> str | None:
    """A value as text; lists joined."""
    if value is None:
        return None
    if isinstance(value, (list, tuple)):
        return ", ".join(shown_value(entry) or "" for entry in value)
    return value.raw if isinstance(value, Invalid) else write_value(value)


def _is_served(path: RecordPath) -> bool:
    """Whether a tariff gave the value, so that the declaration has no place for it."""
    return any(name in SERVED for name, _ in path)


def _at(texts: tuple[Text, ...], branch: int) -> Text | None:
    """The text of a branch; None where nothing is translated."""
    return texts[branch] if texts else None


def _cut(value: Any, words: Words) -> Any:
    """A value as a sentence quotes it: not the megabyte that somebody sent in place of a number."""
    if isinstance(value, str) and len(value) > SENTENCE_CHARACTERS:
        return f"{value[: SENTENCE_CHARACTERS - 1]}… ({len(value):,} {words.characters})"
    if isinstance(value, Invalid) and len(value.raw) > SENTENCE_CHARACTERS:
        return Invalid(_cut(value.raw, words), value.expected)
    return [_cut(entry, words) for entry in value] if isinstance(value, (list, tuple)) else value


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
