"""Approving and rejecting suggestions: what is approved becomes a rule of the customer's pack, with its evidence."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from casrules.configuration import configuration_set, shipped_statements
from casrules.dictionary import shipped_dictionary
from casrules.errors import UsageError, place_of
from casrules.findings.frozen import Frozen
from casrules.improve.field_map import FieldMap
from casrules.improve.ledger import Decision, Ledger
from casrules.improve.suggestion import Suggestion
from casrules.improve.translating import Translator
from casrules.packs import load_pack
from casrules.packs.yaml_text import read_yaml
from casrules.packs.yaml_writing import write_yaml

TOPIC = "approved.yaml"
"""The topic file that approved rules are written to."""


class Approved(Frozen):
    """An approved rule: its full id, and the file it stands in now."""

    rule: str
    file: str
    decision: Decision


def read_suggestions(path: Path) -> list[Suggestion]:
    """The suggestions of a file that `casrules suggest --format json` wrote; UsageError where it is none."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        found = content["suggestions"] if isinstance(content, dict) else content
        return TypeAdapter(list[Suggestion]).validate_python(found)
    except OSError as error:
        raise UsageError(error.strerror or str(error), place=place_of(path)) from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise UsageError(f"no suggestions: {where}: {first['msg']}", place=place_of(path)) from None
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"no suggestions: {error}", place=place_of(path)) from None


def chosen(suggestions: Iterable[Suggestion], suggestion_id: str) -> Suggestion:
    """The suggestion of that id; UsageError, with the ids there are, for an unknown one."""
    known = {it.id: it for it in suggestions}
    if suggestion_id not in known:
        raise UsageError(f"there is no suggestion {suggestion_id!r}", remedy=f"one of {', '.join(known) or 'none'}")
    return known[suggestion_id]


def approve(
    suggestion: Suggestion, fields: FieldMap, pack: Path, ledger: Ledger, *, by: str, reason: str, on: date
) -> Approved:
    """Write the suggestion into the pack as a configuration rule, and the decision into the ledger.

    `fields` maps the history's fields to the dictionary. The pack is made where there is none. Either the pack then
    loads with the rule in it and the decision is kept, or nothing is changed: raises UsageError, RuleError or
    PackError with what is wrong.
    """
    if suggestion.status == "ended":
        raise UsageError(
            f"{suggestion.id} stopped holding on {suggestion.valid_to}", remedy="there is nothing to apply"
        )
    rule = Translator(fields).rule(suggestion)
    rule["approved"] = {"by": by, "reason": reason, "on": on.isoformat()}
    full_id = f"{_manifest(pack)['id']}.{rule['id']}"
    decision = Decision.about(suggestion, "approved", by=by, reason=reason, on=on, rule=full_id)
    before = {name: _bytes(pack / name) for name in ("pack.yaml", TOPIC)}
    try:
        _write(pack, rule)
        configuration_set([load_pack(pack)], shipped_dictionary(), shipped_statements())
        ledger.append(decision)
    except BaseException:
        _restore(pack, before)
        raise
    return Approved(rule=full_id, file=(pack / TOPIC).as_posix(), decision=decision)


def reject(suggestion: Suggestion, ledger: Ledger, *, by: str, reason: str, on: date) -> Decision:
    """Keep that the suggestion is not wanted: it comes back only when its evidence is clearly better."""
    decision = Decision.about(suggestion, "rejected", by=by, reason=reason, on=on)
    ledger.append(decision)
    return decision


def _manifest(pack: Path) -> dict[str, Any]:
    path = pack / "pack.yaml"
    if path.is_file():
        found: dict[str, Any] = read_yaml(path).content
        return found
    name = "".join(letter if letter.isalnum() else "_" for letter in pack.name.lower()).strip("_") or "own"
    return {
        "id": name if name[0].isalpha() else f"p{name}",
        "title": f"Configuration rules of {pack.name}",
        "version": "0.0.0",
    }


def _write(pack: Path, rule: dict[str, Any]) -> None:
    pack.mkdir(parents=True, exist_ok=True)
    manifest = _manifest(pack)
    manifest["version"] = _next(str(manifest["version"]))
    content: dict[str, Any] = {"topic": "Rules approved from suggestions", "configuration": []}
    if (pack / TOPIC).is_file():
        content = read_yaml(pack / TOPIC).content
    known = [entry for entry in content["configuration"] if entry["id"] != rule["id"]]
    _replace(pack / TOPIC, write_yaml({**content, "configuration": [*known, rule]}))
    _replace(pack / "pack.yaml", write_yaml(manifest))


def _next(version: str) -> str:
    """The next minor version: the pack does more than before."""
    major, minor, *_ = (*version.split("-", maxsplit=1)[0].split("."), "0")
    return f"{major}.{int(minor) + 1}.0"


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _restore(pack: Path, before: dict[str, bytes | None]) -> None:
    for name, content in before.items():
        if content is None:
            (pack / name).unlink(missing_ok=True)
        else:
            _replace(pack / name, content.decode("utf-8"))


def _replace(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    beside = path.with_suffix(f"{path.suffix}.part")
    beside.write_text(text, encoding="utf-8", newline="\n")
    beside.replace(path)
