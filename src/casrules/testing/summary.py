"""What `casrules test` writes: every problem with its place, one line a pack, and whether it is enough."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from casrules.findings.summary import counted
from casrules.testing.checking import PackResult
from casrules.testing.mutation import MutationResult, Survivor
from casrules.testing.mutation.scoring import REQUIRED
from casrules.testing.running import Problem


@dataclass(frozen=True, slots=True)
class Demands:
    """What a pack must reach, in per cent; `list_all` names every uncovered clause and every surviving mutant."""

    coverage: int = 0
    score: int = REQUIRED
    list_all: bool = False


@dataclass(frozen=True, slots=True)
class TestRun:
    """The results of a run, pack by pack; `mutations` is empty where nothing was mutated."""

    packs: tuple[PackResult, ...]
    mutations: tuple[MutationResult, ...] = ()
    demands: Demands = Demands()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that is wrong."""
        examples = (problem for pack in self.packs for problem in pack.problems)
        return (*examples, *(problem for result in self.mutations for problem in result.problems))

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong and everything that is demanded was reached."""
        return not self.problems and not list(self.shortfalls())

    def shortfalls(self) -> Iterator[str]:
        """Each pack that stays below what is demanded."""
        if not any(pack.rules for pack in self.packs):
            yield "no rule was tested"
        for pack in self.packs:
            if pack.coverage.percent < self.demands.coverage:
                yield f"{pack.pack}: branch coverage {pack.coverage.percent} %, {self.demands.coverage} % is wanted"
        for result in self.mutations:
            if result.percent < self.demands.score:
                yield f"{result.pack}: mutation score {result.percent} %, {self.demands.score} % is wanted"

    def lines(self) -> Iterator[str]:
        """The whole run as text."""
        yield from (str(problem) for problem in self.problems)
        if self.mutations:
            yield from self._survivors()
        if self.demands.list_all or any(pack.coverage.percent < self.demands.coverage for pack in self.packs):
            yield from (f"not covered: {goal}" for pack in self.packs for goal in pack.coverage.missing)
        if self.demands.list_all:
            yield from self._unreached()
        scores = {result.pack: result for result in self.mutations}
        for pack in self.packs:
            yield _line(pack, scores.get(pack.pack))
        yield from self.shortfalls()

    def _unreached(self) -> Iterator[str]:
        for pack in self.packs:
            for rule in pack.rules:
                yield from (f"note: {rule.rule}: {gap}" for gap in rule.unreached if not gap.dead)

    def _survivors(self) -> Iterator[str]:
        for survivor in survivors_of(self.mutations):
            yield f"{survivor.place}: {survivor.rule}: no example notices: {survivor.name}"
        for result in self.mutations:
            for score in result.rules:
                if score.survivors:
                    marked = f", {score.equivalent} marked equivalent" if score.equivalent else ""
                    yield f"{score.rule}: {score.killed} of {score.total} mutants killed{marked}: {score.percent} %"


def survivors_of(mutations: Sequence[MutationResult]) -> list[Survivor]:
    """All survivors, in order of file and line."""
    found = [survivor for result in mutations for survivor in result.survivors]
    return sorted(found, key=lambda survivor: (survivor.place.file, survivor.place.line or 0, survivor.name))


def _line(pack: PackResult, score: MutationResult | None) -> str:
    parts = [
        counted(len(pack.rules), "rule"),
        counted(pack.examples, "example"),
        counted(len(pack.problems), "failure"),
        f"branch coverage {pack.coverage.percent} %",
    ]
    if score is not None:
        marked = f" ({score.equivalent} equivalent)" if score.equivalent else ""
        parts.append(f"{counted(score.total, 'mutant')}{marked}, mutation score {score.percent} %")
    return f"{pack.pack}: {', '.join(parts)}"
