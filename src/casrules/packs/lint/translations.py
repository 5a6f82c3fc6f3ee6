"""Checks of texts in other languages: out of date, incomplete, or without a value that the English text shows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from casrules.errors import Place
from casrules.packs.lint.findings import LintFinding, finding
from casrules.packs.loading import PackedRule
from casrules.packs.models import Rule
from casrules.packs.translations import RuleTexts, Translation, english_digest

_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")


def check_translations(rules: Sequence[PackedRule]) -> Iterator[LintFinding]:
    """Objections to the translations of a pack's rules; a language counts for all rules of a topic file."""
    languages: dict[str, set[str]] = defaultdict(set)
    for packed in rules:
        languages[packed.lines.file] |= packed.translations.keys()
    for packed in rules:
        for lang in sorted(languages[packed.lines.file] - packed.translations.keys()):
            yield finding("translation_missing", packed.place("id"), packed.id, lang)
        for lang, translation in sorted(packed.translations.items()):
            yield from _translation(packed, lang, translation)


def _translation(packed: PackedRule, lang: str, translation: Translation) -> Iterator[LintFinding]:
    texts, today = translation.texts, english_digest(packed.rule)
    if not texts.of:
        yield finding("translation_undated", translation.place(), packed.id, f"of: {today}")
    elif texts.of != today:
        yield finding("translation_outdated", translation.place("of"), packed.id, f"{lang}; then of: {today}")
    for key, missing in _untranslated(packed.rule, texts):
        yield finding("translation_missing", translation.place(*key), packed.id, f"{lang}: {missing}")
    for place, english, text in _pairs(packed.rule, translation):
        if lost := _placeholders(english) - _placeholders(text):
            yield finding("translation_hides_value", place, packed.id, ", ".join(sorted(lost)))


def _untranslated(rule: Rule, texts: RuleTexts) -> Iterator[tuple[tuple[str, ...], str]]:
    """Where a text would stand, and what is missing there."""
    if texts.title is None:
        yield (), "title"
    if texts.remedy is None and rule.remedy:
        yield (), "remedy"
    if rule.alternatives and not texts.alternatives:
        yield (), "alternatives"
    if not rule.branches and texts.message is None:
        yield (), "message"
    for branch in rule.branches:
        own = texts.branches.get(branch.key)
        if own is None or own.message is None:
            yield ("branches",), f"message of {branch.key}"
        if branch.remedy and (own is None or own.remedy is None):
            yield ("branches",), f"remedy of {branch.key}"


def _pairs(rule: Rule, translation: Translation) -> Iterable[tuple[Place, str, str]]:
    """Each translated template beside the English one, with its place."""
    texts = translation.texts
    if texts.message is not None and rule.message is not None:
        yield translation.place("message"), rule.message, texts.message
    for branch in rule.branches:
        own = texts.branches.get(branch.key)
        if own is not None and own.message is not None:
            yield translation.place("branches", branch.key), branch.message, own.message
    for number, (english, text) in enumerate(zip(rule.alternatives, texts.alternatives, strict=False)):
        yield translation.place("alternatives", number), english, text


def _placeholders(text: str) -> set[str]:
    return {":".join(part.strip() for part in found.split(":")) for found in _PLACEHOLDER.findall(text)}
