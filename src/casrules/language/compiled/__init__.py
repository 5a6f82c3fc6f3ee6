"""The compiled plan: many rules as one generated function in which every entity is visited once."""

from casrules.language.compiled.plan import Counts, Failure, Plan, Run, build_plan

__all__ = ["Counts", "Failure", "Plan", "Run", "build_plan"]
