"""A process that writes a history and says which events were acknowledged: `writer.py URL MARK [COUNT [BYTES]]`."""

from __future__ import annotations

import resource
import sys
from datetime import UTC, datetime

from casrules.errors import HistoryError
from casrules.history import Found, Outcome, Store, Submission, Violations

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FILLER = "x" * 400


def main(url: str, mark: str, count: int) -> int:
    """Write declarations of three events each until it is killed, or `count` of them; 3 where the disk is full."""
    with Store.open(url) as store:
        print("open", flush=True)
        for number in range(count):
            key = f"{mark}-{number}"
            told = [
                Submission(id=f"{key}-s", document=key, at=NOON, values={"/lrn": FILLER}, content=FILLER.encode()),
                Violations(id=f"{key}-v", document=key, at=NOON, found=(Found(rule="r"),)),
                Outcome(id=f"{key}-o", document=key, at=NOON, outcome="accepted"),
            ]
            try:
                acknowledged = [store.append(told[0]), *store.append_together(told[1:])]
            except HistoryError as error:
                print(f"problem {error}", flush=True)
                return 3
            for it in acknowledged:
                print(f"id {it.id}", flush=True)
    return 0


if __name__ == "__main__":
    if len(sys.argv) > 4:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[4]), int(sys.argv[4])))
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 1_000_000))
