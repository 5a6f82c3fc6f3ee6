"""Plans and runs the packs over a declaration, and writes violations."""

from casrules.rules.checking import build_ruleset
from casrules.rules.choosing import Choice, MessageKind, choose
from casrules.rules.failures import Failure
from casrules.rules.plan import RulePlan, Run, plan_rules
from casrules.rules.ruleset import PackRule, RuleSet
from casrules.rules.violations import Locator, ViolationWriter

__all__ = [
    "Choice",
    "Failure",
    "Locator",
    "MessageKind",
    "PackRule",
    "RulePlan",
    "RuleSet",
    "Run",
    "ViolationWriter",
    "build_ruleset",
    "choose",
    "plan_rules",
]
