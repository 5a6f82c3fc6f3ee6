"""Mining against reading: seeded histories of three sizes, each mined in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

GENERATOR = Path(
    os.environ.get("CASRULES_MINING", Path(__file__).resolve().parents[3] / "shared" / "mining"), "generate_history.py"
)
SIZES = (10_000, 100_000, 1_000_000)
CHILD = """
import resource, sys, time
import polars
from casrules.improve import History, mine
start = time.process_time()
polars.read_parquet(sys.argv[1] + "/history.parquet")
read = time.process_time() - start
start, wall = time.process_time(), time.perf_counter()
found = mine(History.open(sys.argv[1]))
print(read, time.process_time() - start, time.perf_counter() - wall, len(found.rules),
      resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes in a unit of ru_maxrss."""


@dataclass(frozen=True, slots=True)
class Mined:
    """One history: CPU seconds to read its Parquet file and to mine it, seconds by the clock, peak memory in bytes."""

    declarations: int
    size: int
    read: float
    cpu: float
    wall: float
    rules: int
    peak: int

    @property
    def ratio(self) -> float:
        """Mining for each time of reading."""
        return self.cpu / self.read


def measure() -> Iterator[Mined]:
    """Each size once, smallest first; nothing where the generator is absent."""
    if not GENERATOR.is_file():
        return
    for declarations in SIZES:
        with TemporaryDirectory() as folder:
            made = [sys.executable, str(GENERATOR), "--out", folder, "--declarations", str(declarations)]
            subprocess.run(made, check=True, capture_output=True)
            size = Path(folder, "history.parquet").stat().st_size
            done = subprocess.run(
                [sys.executable, "-c", CHILD, folder], check=True, capture_output=True, text=True, encoding="utf-8"
            )
        read, cpu, wall, rules, peak = done.stdout.split()
        yield Mined(declarations, size, float(read), float(cpu), float(wall), int(rules), int(peak) * UNIT)
