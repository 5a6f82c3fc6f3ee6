"""The arguments of `casrules disruptions`."""

from __future__ import annotations

import argparse
from collections.abc import Callable


def add_disruptions(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the command; `add` is `add_parser` of the commands."""
    disruptions = add(
        "disruptions",
        help="tell outages from faults of your own",
        description="Whose fault it is that messages do not get through, and what to do, from events of sending.",
        epilog="exit codes: 0 send as usual to every system, 1 hold back or be careful somewhere, 2 wrong usage",
    )
    disruptions.add_argument("files", nargs="+", metavar="FILE", help="events, one JSON object a line, or -")
    disruptions.add_argument("--at", metavar="TIME", help="the time to judge by, with an offset (default: last event)")
    disruptions.add_argument("--notices", metavar="FILE", help="notices of maintenance and outages, YAML or CSV")
    disruptions.add_argument("--format", choices=("text", "json"), default="text")
    disruptions.add_argument("--all", action="store_true", help="show every message")
