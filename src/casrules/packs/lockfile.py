"""`casrules.lock`: the packs a project was tested with, by version and digest; and whether they are still the same."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path

from pydantic import Field, ValidationError

from casrules.errors import PackError, place_of
from casrules.packs.loading import Pack
from casrules.packs.model_errors import near
from casrules.packs.models import PackModel

LOCK_FILE = "casrules.lock"
_HEAD = "# Written by casrules; keep it under version control and do not edit it.\n"
_AGAIN = "if the change is wanted, write the lock file again"


class LockedPack(PackModel):
    """One pack as it was when the lock was written."""

    id: str
    version: str
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")


class _Lock(PackModel):
    version: int = Field(ge=1, le=1)
    pack: tuple[LockedPack, ...] = ()


def lock_text(packs: Iterable[Pack]) -> str:
    """The lock file for `packs`, sorted by id."""
    blocks = [
        f'\n[[pack]]\nid = "{pack.id}"\nversion = "{pack.manifest.version}"\ndigest = "{pack.digest}"\n'
        for pack in sorted(packs, key=lambda pack: pack.id)
    ]
    return f"{_HEAD}version = 1\n{''.join(blocks)}"


def write_lock(packs: Iterable[Pack], folder: Path) -> Path:
    """Write `casrules.lock` into `folder`; returns its path."""
    path = folder / LOCK_FILE
    path.write_text(lock_text(packs), encoding="utf-8", newline="\n")
    return path


def read_lock(path: Path) -> tuple[LockedPack, ...]:
    """The packs of a lock file; PackError where it is none."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        return _Lock.model_validate(content).pack
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
        reason = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        raise PackError(f"not a lock file: {reason}", place=place_of(path), remedy=_AGAIN) from None


def check_lock(path: Path, packs: Iterable[Pack]) -> None:
    """Compare `packs` with the lock file; PackError that names every pack that is new, gone or different."""
    locked = {entry.id: entry for entry in read_lock(path)}
    loaded = {pack.id: pack for pack in packs}
    problems = [
        *(_difference(locked[name], loaded[name]) for name in sorted(locked.keys() & loaded.keys())),
        *(f"{name} is not in the lock file" for name in sorted(loaded.keys() - locked.keys())),
        *(f"{name} is locked and not loaded ({near(name, loaded)})" for name in sorted(locked.keys() - loaded.keys())),
    ]
    found = [problem for problem in problems if problem]
    if found:
        raise PackError("; ".join(found), place=place_of(path), remedy=_AGAIN)


def _difference(locked: LockedPack, pack: Pack) -> str:
    if locked.version != pack.manifest.version:
        return f"{pack.id} is locked at version {locked.version}, and {pack.manifest.version} is loaded"
    if locked.digest != pack.digest:
        return f"{pack.id} {pack.manifest.version} has changed although its version has not: {pack.folder.as_posix()}"
    return ""
