"""`python -m casrules.testing rulesets`: tests all packs below folders as strictly as the shipped ones are tested."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from casrules.errors import CasrulesError
from casrules.testing.checking import check
from casrules.testing.mutation import mutate
from casrules.testing.suite import load_suite
from casrules.testing.summary import Demands, TestRun


def main(argv: Sequence[str]) -> int:
    """Examples, coverage and mutants of the packs; 0 where all is well, 1 where not, 2 for a pack that cannot load."""
    try:
        suite = load_suite(argv)
    except CasrulesError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    run = TestRun(check(suite), mutate(suite), Demands(coverage=100))
    sys.stdout.writelines(f"{line}\n" for line in run.lines())
    return 0 if run.passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
