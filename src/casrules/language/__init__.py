"""The rule language: from text through a typed tree to evaluation, a compiled plan and plain sentences.

`check_rule(RuleSource)` gives a `CheckedRule`; `evaluate` and `explain` define what it means; `build_plan` runs many rules
at once.
"""

from casrules.language.check import check_rule
from casrules.language.checked import Argument, CheckedBranch, CheckedRule, Template, restrict
from casrules.language.outcomes import EvaluationContext, Explanation, FailingPart, Outcome, ReadValue
from casrules.language.sources import BranchSource, RuleSource, Text

__all__ = [
    "Argument",
    "BranchSource",
    "CheckedBranch",
    "CheckedRule",
    "EvaluationContext",
    "Explanation",
    "FailingPart",
    "Outcome",
    "ReadValue",
    "RuleSource",
    "Template",
    "Text",
    "check_rule",
    "restrict",
]
