"""A small engine that judges documents by the words in them, and a way to call the command line."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from casrules.cli import main
from casrules.errors import UsageError
from casrules.findings import (
    DocumentInfo,
    Draft,
    Fix,
    FixResult,
    LawReference,
    Location,
    Message,
    ReferenceDate,
    Report,
    RuleExample,
    RulePage,
    ScopeItem,
    SetValue,
    Stage,
    Target,
    Violation,
    assemble,
    document_key,
    fingerprint,
    judge,
)

PAGES = (
    RulePage(
        id="demo.word",
        title="No bad word",
        severity="error",
        scope=(ScopeItem(name="message", values=("ncts.CC015C",)),),
        requires="The text has no bad word",
        law=(LawReference(act="1/2025", place="Article 1"),),
        examples=(RuleExample(kind="invalid", given="bad", why="says it"),),
        remedy="Say good.",
    ),
    RulePage(id="demo.any", title="Applies everywhere", severity="warning"),
)
MEND = Fix(
    title="Say good",
    applicability="safe",
    rule="demo.word",
    edits=(SetValue(target=Target(path="text"), value="good"),),
)


@dataclass
class WordEngine:
    """`bad` on a line is an error, `odd` a warning, `unknown` anywhere makes the document undetermined."""

    settings: dict[str, Any] = field(default_factory=dict)
    calls: list[dict[str, Any]] = field(default_factory=list)

    def validate(self, source: bytes, **options: Any) -> Report:
        self.calls.append(options)
        key = document_key(digest=hashlib.sha256(source.split(b"\n")[0]).hexdigest())
        drafts = [
            self._draft(number, key, "error" if b"bad" in line else "warning")
            for number, line in enumerate(source.split(b"\n"), 1)
            if b"bad" in line or b"odd" in line
        ]
        as_of = ReferenceDate(date=options.get("as_of") or "2025-02-01", origin="argument")
        rules = "unavailable" if b"unknown" in source else "completed"
        stages = (Stage(name="schema", status="completed"), Stage(name="rules", status=rules))
        found = assemble(drafts)
        return Report(
            as_of=as_of,
            document=DocumentInfo(message="demo.TEXT", key=key),
            stages=stages,
            violations=found.violations,
            totals=found.totals,
            verdict=judge(found.totals, stages, as_of),
        )

    def _draft(self, line: int, key: str, severity: Any) -> Draft:
        return Draft(
            Violation(
                rule="demo.word",
                fingerprint=fingerprint("demo.word", document=key, entity=(f"lines[{line}]",)),
                severity=severity,
                message=Message(key="message", text=f"Line {line} has a bad word."),
                locations=(Location(path=f"lines[number={line}].text", line=line),),
                fixes=(MEND,),
            )
        )

    def explain(self, rule_id: str) -> RulePage:
        for page in PAGES:
            if page.id == rule_id:
                return page
        raise UsageError(f"no rule {rule_id!r}", remedy="did you mean demo.word?")

    def rules(self) -> Sequence[RulePage]:
        return PAGES

    def fix(self, source: bytes, *, unsafe: bool = False) -> FixResult:
        mended = source.replace(b"bad", b"good")
        if unsafe:
            mended = mended.replace(b"odd", b"even")
        before, after = self.validate(source), self.validate(mended)
        applied = (MEND,) if mended != source else ()
        return FixResult(content=mended, applied=applied, report_before=before, report_after=after)


@dataclass
class Run:
    """What one call of the command line gave."""

    code: int
    out: str
    err: str
    engine: WordEngine


Call = Callable[..., Run]


@pytest.fixture
def word_engine() -> type[WordEngine]:
    return WordEngine


@pytest.fixture
def casrules(capsys: pytest.CaptureFixture[str]) -> Call:
    def call(*arguments: object) -> Run:
        engine = WordEngine()

        def factory(**settings: Any) -> WordEngine:
            engine.settings = settings
            return engine

        capsys.readouterr()
        code = main([str(argument) for argument in arguments], factory)
        captured = capsys.readouterr()
        return Run(code, captured.out, captured.err, engine)

    return call


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return written(tmp_path / "good.xml", "all is fine\n")


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    return written(tmp_path / "bad.xml", "first\na bad line\n")


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    return written(tmp_path / "odd.xml", "unknown\n")


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path
