"""`python -m casrules.cli`."""

import sys

from casrules.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
