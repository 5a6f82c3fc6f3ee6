"""What a person can read about a rule."""

from __future__ import annotations

from typing import Literal

from casrules.findings.frozen import Frozen
from casrules.findings.reference import Authority, LawReference
from casrules.findings.violation import Severity


class ScopeItem(Frozen):
    """One limit of a rule's scope: `message`: `ncts.CC015C`, `ncts.CC013C`."""

    name: str
    values: tuple[str, ...]


class RuleExample(Frozen):
    """One example of a rule: the declaration's part it is about, as text, and why it is one."""

    kind: Literal["valid", "invalid", "not_applicable", "known_gap"]
    given: str
    why: str = ""


class RulePage(Frozen):
    """A rule, explained: what it demands, when it applies, why it exists, what to do.

    `requires` and `applies_when` are prose made from the conditions; `condition` is the rule language's text;
    `visits` names the entity; `message` is the template a violation is told with.
    """

    id: str
    title: str
    description: str = ""
    pack: str = ""
    pack_version: str = ""
    severity: Severity = "error"
    status: str = "stable"
    since: str = ""
    category: str = "consistency"
    valid_from: str = ""
    valid_to: str = ""
    scope: tuple[ScopeItem, ...] = ()
    visits: str = ""
    applies_when: str = ""
    requires: str = ""
    condition: str = ""
    message: str = ""
    remedy: str = ""
    alternatives: tuple[str, ...] = ()
    fixes: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    law: tuple[LawReference, ...] = ()
    authority: tuple[Authority, ...] = ()
    examples: tuple[RuleExample, ...] = ()
    specialises: str = ""
    aliases: tuple[str, ...] = ()
    replaced_by: str = ""
