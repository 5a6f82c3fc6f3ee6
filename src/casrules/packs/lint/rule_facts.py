"""Checks of what a rule says about itself: law, authority, status, days, examples, scope."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from casrules.packs.lint.findings import LintFinding, finding
from casrules.packs.loading import PackedRule
from casrules.packs.manifest import Manifest
from casrules.packs.models import CONTENT_SCOPES, Rule, Scope
from casrules.packs.versions import Version


def check_facts(packed: PackedRule, manifest: Manifest, as_of: date | None) -> Iterator[LintFinding]:
    """Objections to what the rule says about itself."""
    rule, at = packed.rule, packed.place("id")
    if not rule.law:
        yield finding("no_law", at, packed.id)
    if not rule.remedy and not all(branch.remedy for branch in rule.all_branches()):
        yield finding("no_remedy", at, packed.id)
    if manifest.jurisdiction and not rule.authority:
        yield finding("no_authority", at, packed.id)
    yield from _status(packed)
    yield from check_days(packed, manifest, as_of)
    yield from _examples(packed)
    yield from _scope(packed, manifest.scope)


def _status(packed: PackedRule) -> Iterator[LintFinding]:
    rule, at = packed.rule, packed.place("status")
    if rule.status == "deprecated" and not rule.replaced_by and not rule.description:
        yield finding("no_successor", at, packed.id)
    if rule.status in {"draft", "preview"} and rule.source == "seen" and not rule.description:
        yield finding("preview_without_reason", at, packed.id)
    if rule.status in {"stable", "deprecated"} and rule.source == "recalled":
        yield finding("recalled_but_released", at, packed.id)


def check_days(packed: PackedRule, manifest: Manifest, as_of: date | None) -> Iterator[LintFinding]:
    """Objections to the days on which the rule holds, and to the version it has been there since."""
    valid = packed.rule.valid
    if valid.since is not None and valid.until is not None and valid.until < valid.since:
        yield finding("never_in_force", packed.place("valid"), packed.id)
    elif as_of is not None and valid.until is not None and valid.until < as_of and packed.rule.status != "deprecated":
        yield finding("expired", packed.place("valid"), packed.id, f"on {valid.until}")
    try:
        later = Version.parse(packed.rule.since) > Version.parse(manifest.version)
    except ValueError:
        later = True
    if later:
        detail = f"since {packed.rule.since}, the pack has {manifest.version}"
        yield finding("since_later", packed.place("since"), packed.id, detail)


def _examples(packed: PackedRule) -> Iterator[LintFinding]:
    rule, at = packed.rule, packed.place("examples")
    if not rule.examples.valid:
        yield finding("no_valid_example", at, packed.id)
    if not rule.examples.invalid:
        yield finding("no_invalid_example", at, packed.id)
    if _has_condition(rule, packed.scope) and not rule.examples.not_applicable:
        yield finding("no_not_applicable_example", at, packed.id)
    shown = {example.branch for example in rule.examples.invalid}
    for number, branch in enumerate(rule.branches):
        if rule.examples.invalid and branch.key not in shown:
            yield finding("branch_without_example", packed.place("branches", number), packed.id, branch.key)


def _has_condition(rule: Rule, scope: Scope) -> bool:
    if rule.when is not None or any(getattr(scope, name) for name in CONTENT_SCOPES):
        return True
    return bool(rule.branches) and all(branch.when for branch in rule.branches)


def _scope(packed: PackedRule, allowed: Scope) -> Iterator[LintFinding]:
    families = {name.partition(".")[0] for name in allowed.message} | set(allowed.family)
    for key in Scope.model_fields:
        outer: tuple[str, ...] = getattr(allowed, key)
        written: tuple[str, ...] = getattr(packed.rule.scope, key)
        for number, value in enumerate(written):
            beyond = bool(outer) and value not in outer
            if key == "message" and families and value.partition(".")[0] not in families:
                beyond = True
            if beyond:
                yield finding("scope_outside_pack", packed.place("scope", key, number), packed.id, f"{key} {value}")
