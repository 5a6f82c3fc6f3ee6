"""Loading all shipped packs from their compiled file, against importing pandas; a second engine beside the first."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[2]
ENGINE = """
from time import process_time as now
from casrules import Engine
kept = {"cache_dir": CACHE} if CACHE else {}
start = now(); Engine(**kept); first = now(); Engine(**kept); second = now()
print(first - start, second - first)
"""
PANDAS = "from time import process_time as now\nstart = now()\nimport pandas\nprint(now() - start)"


@dataclass(frozen=True, slots=True)
class Loading:
    """Median CPU seconds; `pandas` is None where it is not installed, `ratio` then too."""

    compiled: float
    second: float
    cold: float
    pandas: float | None
    ratio: float | None


def loading(rounds: int, pandas_python: str = sys.executable) -> Loading:
    """Fresh processes, interleaved; `pandas_python` is the interpreter that has pandas."""
    has_pandas = not subprocess.run([pandas_python, "-c", "import pandas"], capture_output=True, check=False).returncode
    with TemporaryDirectory() as cache:
        _run(sys.executable, ENGINE.replace("CACHE", repr(cache)))  # writes the compiled file and the bytecode
        cold = median(_run(sys.executable, ENGINE.replace("CACHE", "''"))[0] for _ in range(max(1, rounds // 5)))
        engines, imports = [], []
        for _ in range(rounds):
            engines.append(_run(sys.executable, ENGINE.replace("CACHE", repr(cache))))
            if has_pandas:
                imports.append(_run(pandas_python, PANDAS)[0])
    first, second = (median(times[n] for times in engines) for n in (0, 1))
    ratio = median(times[0] / one for times, one in zip(engines, imports, strict=True)) if imports else None
    return Loading(first, second, cold, median(imports) if imports else None, ratio)


def _run(python: str, program: str) -> list[float]:
    done = subprocess.run(
        [python, "-c", program], check=True, cwd=ROOT, capture_output=True, text=True, env=dict(os.environ)
    )
    return [float(one) for one in done.stdout.split()]
