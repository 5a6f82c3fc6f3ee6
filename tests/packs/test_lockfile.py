from __future__ import annotations

from pathlib import Path

import pytest

from casrules.errors import PackError
from casrules.packs import Pack, load_pack
from casrules.packs.lockfile import check_lock, lock_text, read_lock, write_lock

from .conftest import CLEAN, WritePack


def test_what_is_written_is_read_and_holds(write_pack: WritePack, clean: Pack, tmp_path: Path) -> None:
    other = load_pack(write_pack("other"))
    path = write_lock([other, clean], tmp_path)
    assert path.name == "casrules.lock"
    assert [(entry.id, entry.version, entry.digest) for entry in read_lock(path)] == [
        ("made.up", "1.2.0", clean.digest),
        ("other", "1.2.0", other.digest),
    ]
    assert lock_text([clean, other]) == lock_text([other, clean]) == path.read_text()
    check_lock(path, [clean, other])


def test_every_difference_is_named(write_pack: WritePack, clean: Pack, tmp_path: Path) -> None:
    kept = load_pack(write_pack("kept"))
    path = write_lock([clean, kept], tmp_path)
    changed = load_pack(write_pack("kept", CLEAN + "# more\n", folder="changed"))
    with pytest.raises(PackError, match=r"kept 1\.2\.0 has changed although its version has not"):
        check_lock(path, [clean, changed])
    folder = write_pack("kept", folder="newer")
    (folder / "pack.yaml").write_text("id: kept\ntitle: T\nversion: 1.3.0\n")
    with pytest.raises(PackError, match=r"locked at version 1\.2\.0, and 1\.3\.0 is loaded.*made\.up is locked"):
        check_lock(path, [load_pack(folder)])
    with pytest.raises(PackError, match="new is not in the lock file") as caught:
        check_lock(path, [clean, kept, load_pack(write_pack("new"))])
    assert caught.value.place is not None and caught.value.remedy


@pytest.mark.parametrize(
    "text", ["version = 2\n", "[[pack]]\n", "not toml", "version = 1\n[[pack]]\nid='a'\nversion='1.0'\ndigest='x'\n"]
)
def test_a_file_that_is_no_lock_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "casrules.lock"
    path.write_text(text)
    with pytest.raises(PackError, match="not a lock file"):
        read_lock(path)
