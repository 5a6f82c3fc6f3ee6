"""`casrules lint`, `casrules new-rule` and `casrules lock`: the daily work on a rule pack."""

from __future__ import annotations

import argparse
import re
from datetime import date
from pathlib import Path

from casrules.cli.console import Console
from casrules.cli.settings import code_lists
from casrules.dictionary import shipped_dictionary
from casrules.errors import CasrulesError, Place, UsageError
from casrules.findings.summary import counted
from casrules.packs import load_pack
from casrules.packs.lint import lint
from casrules.packs.lint.configuration import Carried
from casrules.packs.lockfile import LOCK_FILE, check_lock, write_lock
from casrules.packs.manifest import PACK_ID
from casrules.packs.models import Scope
from casrules.packs.new_rule import new_pack, rule_text, topic_text
from casrules.packs.raw import MANIFEST
from casrules.render.escaping import visible
from casrules.testing import load_suite
from casrules.testing.configuration_setting import ConfigurationSuite


def run_lint(given: argparse.Namespace, console: Console) -> int:
    """Write every objection with its place; 1 where one is an error, or with `--strict` where there is any."""
    suite = load_suite(given.packs, codelists=code_lists(given))
    as_of = date.fromisoformat(given.as_of) if given.as_of else None

    def carriers(scope: Scope) -> list[Carried]:
        return [carrier.carries for carrier in suite.carriers.within(scope)]

    ConfigurationSuite.of(suite)  # raises for configuration rules that are wrong
    found = [entry for pack in suite.packs for entry in lint(pack, suite.ruleset, as_of=as_of, carriers=carriers)]
    console.out.writelines(f"{visible(str(entry))}\n" for entry in found)
    errors = sum(entry.level == "error" for entry in found)
    rules = counted(sum(len(pack.rules) + len(pack.configuration) for pack in suite.packs), "rule")
    others = counted(len(found) - errors, "other objection")
    console.out.write(f"{rules} read: {counted(errors, 'error')}, {others}\n")
    return int(bool(found) if given.strict else errors > 0)


def run_new_rule(given: argparse.Namespace, console: Console) -> int:
    """Write a draft rule into a topic file; the pack must load before and after, or nothing is changed."""
    folder = Path(given.folder)
    if not re.fullmatch(r"[A-Za-z0-9_-]+", given.topic):
        raise UsageError(f"{given.topic!r} is not a topic", remedy="letters, digits, - and _: --topic packages")
    text = rule_text(given.id, given.target, shipped_dictionary(), given.title)
    if not (folder / MANIFEST).is_file():
        title = folder.absolute().name.replace("_", " ").capitalize()
        new_pack(folder, _pack_id(given, folder), title, given.topic, [text])
        console.note(f"a new pack: {(folder / MANIFEST).as_posix()}")
        place = next(iter(load_pack(folder).rules.values())).place("id")
    else:
        place = _added(folder, given, text)
    console.out.write(f"{visible(str(place))}\n")
    console.note(f"a draft with examples that hold; next: casrules test {folder.as_posix()}")
    return 0


def _added(folder: Path, given: argparse.Namespace, text: str) -> Place:
    pack = load_pack(folder)
    if f"{pack.id}.{given.id}" in pack.rules:
        place = pack.rules[f"{pack.id}.{given.id}"].place("id")
        raise UsageError(f"the rule {given.id!r} exists already", place=place, remedy="ids are never reused")
    path = folder / f"{given.topic}.yaml"
    before = path.read_text(encoding="utf-8") if path.is_file() else None
    if before is None:
        after = topic_text([text], given.topic.replace("_", " ").capitalize())
    else:
        after = f"{before.rstrip()}\n\n{text}"
    path.write_text(after, encoding="utf-8", newline="\n")
    try:
        found = load_pack(folder).rules[f"{pack.id}.{given.id}"]
    except CasrulesError as error:
        if before is None:
            path.unlink()
        else:
            path.write_text(before, encoding="utf-8", newline="\n")
        problem = f"the rule cannot be added to {path.name}: {error.problem}"
        raise UsageError(problem, place=error.place, remedy="name another file: --topic") from None
    return found.place("id")


def _pack_id(given: argparse.Namespace, folder: Path) -> str:
    found = given.pack_id or folder.absolute().name.lower()
    if not re.fullmatch(PACK_ID, found):
        raise UsageError(f"{found!r} is not a pack's id", remedy="give one: --pack-id acme.transit")
    return found


def run_lock(given: argparse.Namespace, console: Console) -> int:
    """Write the lock file, or compare the packs with it."""
    packs = load_suite(given.packs).ruleset.packs
    if given.check:
        path = Path(given.folder) / LOCK_FILE
        check_lock(path, packs)
        console.out.write(f"{counted(len(packs), 'pack')} as in {visible(path.as_posix())}\n")
        return 0
    path = write_lock(packs, Path(given.folder))
    console.out.write(f"{visible(path.as_posix())}: {counted(len(packs), 'pack')}\n")
    return 0
