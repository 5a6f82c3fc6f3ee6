"""The rule language: from text through a typed tree to evaluation, a compiled plan and plain sentences.

`check_rule(RuleSource)` gives a `CheckedRule`; `evaluate` and `explain` define what it means; `build_plan` makes a
`Plan` that runs many rules at once; `sentence` says a branch in words.
"""

from casrules.language.carrying import restrict
from casrules.language.check import check_rule
from casrules.language.checked import Argument, CheckedBranch, CheckedRule, Template
from casrules.language.compiled import Counts, Failure, Plan, Run, build_plan
from casrules.language.explain import arguments, explain
from casrules.language.outcomes import EvaluationContext, Explanation, FailingPart, Outcome, ReadValue
from casrules.language.prose import sentence
from casrules.language.reference import evaluate
from casrules.language.sources import BranchSource, RuleSource, Text
from casrules.language.templates import render

__all__ = [
    "Argument",
    "BranchSource",
    "CheckedBranch",
    "CheckedRule",
    "Counts",
    "EvaluationContext",
    "Explanation",
    "FailingPart",
    "Failure",
    "Outcome",
    "Plan",
    "ReadValue",
    "RuleSource",
    "Run",
    "Template",
    "Text",
    "arguments",
    "build_plan",
    "check_rule",
    "evaluate",
    "explain",
    "render",
    "restrict",
    "sentence",
]
