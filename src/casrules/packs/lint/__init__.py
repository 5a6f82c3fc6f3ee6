"""`casrules lint`: what a careful reader would object to in a rule pack, each with a P-code, file and line."""

from casrules.packs.lint.codes import LintCode, lint_codes
from casrules.packs.lint.findings import LintFinding
from casrules.packs.lint.linting import lint

__all__ = ["LintCode", "LintFinding", "lint", "lint_codes"]
