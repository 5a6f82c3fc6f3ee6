"""Project settings: `casrules.toml`, or `[tool.casrules]` in `pyproject.toml`; paths are relative to the file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from casrules.errors import UsageError, place_of
from casrules.packs.model_errors import near

SETTINGS_FILE: Final = "casrules.toml"
PROJECT_FILE: Final = "pyproject.toml"


class Settings(BaseModel):
    """What a project has decided; what is not given is left to the library. Arguments of a call win over settings.

    `packs` are names of shipped packs or folders; `configuration` folders of packs whose configuration rules complete
    declarations; `tariff` a folder or file of tariff measures, `codelists` files or folders of code lists in place of
    shipped ones; `select` and `ignore` patterns of rule ids; `status` the statuses to run beside the released ones;
    `suppressions` and `baseline` files; `lang` the language of messages.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    packs: tuple[str, ...] | None = None
    configuration: tuple[Path, ...] = ()
    tariff: Path | None = None
    codelists: tuple[Path, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    status: tuple[Literal["draft", "preview"], ...] = ()
    suppressions: tuple[Path, ...] = ()
    baseline: Path | None = None
    lang: str | None = Field(default=None, pattern=r"^[a-z]{2}$")

    @field_validator("packs", "select", "ignore", "status", mode="before")
    @classmethod
    def _as_tuple(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else value

    @field_validator("suppressions", "configuration", "codelists", mode="before")
    @classmethod
    def _as_paths(cls, value: Any) -> Any:
        entries = (value,) if isinstance(value, str) else value
        if isinstance(entries, list | tuple):
            return tuple(Path(entry) if isinstance(entry, str) else entry for entry in entries)
        return entries

    @field_validator("baseline", "tariff", mode="before")
    @classmethod
    def _as_path(cls, value: Any) -> Any:
        return Path(value) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class FoundSettings:
    """Settings and the file they are from; None where a project has none."""

    settings: Settings
    file: Path | None = None


def find_settings(folder: Path) -> FoundSettings:
    """The settings of the project that `folder` is in: the nearest file at or above it; none are the defaults.

    Raises UsageError, with file and line, for an unknown key or a value that does not fit.
    """
    for place in (folder, *folder.absolute().parents):
        own, project = place / SETTINGS_FILE, place / PROJECT_FILE
        section = _section(_toml(project)) if project.is_file() else None
        if own.is_file():
            if section is not None:
                problem = f"settings stand here and in {PROJECT_FILE}"
                raise UsageError(problem, place=place_of(own), remedy="keep one of them")
            return FoundSettings(read_settings(own), own)
        if section is not None:
            return FoundSettings(read_settings(project), project)
    return FoundSettings(Settings())


def read_settings(path: Path) -> Settings:
    """The settings in a `casrules.toml`, or in the section `[tool.casrules]` of any other TOML file."""
    content = _toml(path)
    section = (_section(content) or {}) if path.name == PROJECT_FILE else content
    try:
        settings = Settings.model_validate(section)
    except ValidationError as error:
        raise _explained(error, path) from None
    update: dict[str, Any] = {
        name: tuple(path.parent / entry for entry in getattr(settings, name))
        for name in ("suppressions", "configuration", "codelists")
    }
    for name in ("baseline", "tariff"):
        if (given := getattr(settings, name)) is not None:
            update[name] = path.parent / given
    if settings.packs is not None:
        update["packs"] = tuple(_pack(entry, path.parent) for entry in settings.packs)
    return settings.model_copy(update=update)


def _pack(entry: str, folder: Path) -> str:
    """A folder relative to the settings file where it is one, else a name as it is."""
    return (folder / entry).as_posix() if "/" in entry or (folder / entry).is_dir() else entry


def _section(content: dict[str, Any]) -> dict[str, Any] | None:
    tool = content.get("tool")
    found = tool.get("casrules") if isinstance(tool, dict) else None
    return found if isinstance(found, dict) else None


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"the file cannot be read: {error.strerror or error}", place=place_of(path)) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"not TOML: {error}", place=place_of(path), remedy="see docs/rule-packs.md") from None


def _explained(error: ValidationError, path: Path) -> UsageError:
    first = error.errors()[0]
    name = str(first["loc"][0])
    place = place_of(path, _line_of(name, path))
    if first["type"] == "extra_forbidden":
        return UsageError(f"unknown setting {name!r}", place=place, remedy=near(name, Settings.model_fields))
    if first["type"] == "literal_error":
        return UsageError(f"{name}: {first['input']!r} is no choice", place=place, remedy=_choices(first["ctx"]))
    return UsageError(f"{name}: {first['msg']}", place=place, remedy="see docs/rule-packs.md")


def _choices(context: Any) -> str:
    return f"one of {context['expected']}"


def _line_of(name: str, path: Path) -> int | None:
    lines: Iterable[str] = path.read_text(encoding="utf-8").splitlines()
    inside = path.name != PROJECT_FILE
    for number, line in enumerate(lines, 1):
        stripped = line.strip()
        if stripped.startswith("["):
            inside = stripped.startswith("[tool.casrules") if path.name == PROJECT_FILE else inside
        if inside and stripped.partition("=")[0].strip().strip("\"'") == name:
            return number
    return None
