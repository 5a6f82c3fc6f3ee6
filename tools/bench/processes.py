"""What needs a process of its own: import times, and the memory that one message costs."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from casrules import Engine

from .multiply import MAKERS, items_for_bytes

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = {
    "python alone": "pass",
    "import casrules": "import casrules",
    "import pydantic": "import pydantic; pydantic.BaseModel",
    "from casrules import Engine": "from casrules import Engine",
    "Engine() with all packs": "from casrules import Engine; Engine()",
}
UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes in a unit of ru_maxrss."""


def import_times(rounds: int) -> dict[str, float]:
    """Median seconds of whole processes, interleaved, with bytecode cached; `python alone` is in each."""
    seconds: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    with TemporaryDirectory() as cache:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": cache}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for number in range(rounds + 1):
            for name, program in PROGRAMS.items():
                start = perf_counter()
                subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT, env=environment)
                if number:  # the first round fills the cache
                    seconds[name].append(perf_counter() - start)
    return {name: median(values) for name, values in seconds.items()}


@dataclass(frozen=True, slots=True)
class Memory:
    """Growth of the peak of resident memory over an idle process, for one message of `size` bytes.

    `loading` is how far above the idle process loading was.
    """

    name: str
    size: int
    growth: int
    loading: int

    @property
    def ratio(self) -> float:
        """Growth for each byte of the message."""
        return self.growth / self.size


def memory_growths(size: int = 5_000_000) -> list[Memory]:
    """One fresh process for each family."""
    found = []
    with TemporaryDirectory() as folder:
        for name, make in MAKERS.items():
            content = make(items_for_bytes(make, size))
            path = Path(folder, "message.xml")
            path.write_bytes(content)
            command = [sys.executable, "-m", "tools.bench.processes", str(path)]
            done = subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True)
            found.append(Memory(name, len(content), *map(int, done.stdout.split())))
    return found


def _growth(path: Path) -> tuple[int, int]:
    """How far a message lifts resident memory above what an idle engine has, and the peak of loading above that.

    Idle: ready, and has checked a small message. A forked child has a peak of its own, which begins with what it has.
    """
    engine = Engine()
    for make in MAKERS.values():
        engine.validate(make(2))
    idle, loading = _resident(), _peak()
    child = os.fork()
    if child == 0:
        engine.validate(path)
        os._exit(0)
    _, _, used = os.wait4(child, 0)
    return used.ru_maxrss * UNIT - idle, loading - idle


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * UNIT


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


if __name__ == "__main__":
    sys.stdout.write(" ".join(map(str, _growth(Path(sys.argv[1])))))
