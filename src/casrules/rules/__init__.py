"""Plans and runs the packs over a declaration, and writes violations."""

from casrules.rules.failures import Failure
from casrules.rules.plan import RulePlan, Run, plan_rules
from casrules.rules.ruleset import Choice, MessageKind, PackRule, RuleSet, build_ruleset
from casrules.rules.violations import Locator, ViolationWriter

__all__ = [
    "Choice",
    "Failure",
    "Locator",
    "MessageKind",
    "PackRule",
    "Run",
    "RulePlan",
    "RuleSet",
    "ViolationWriter",
    "build_ruleset",
    "plan_rules",
]
