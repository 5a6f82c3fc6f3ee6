"""Overrides: what a pack changes in the rules of packs it extends, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from casrules.errors import Place, RuleError
from casrules.findings import RuleOverride
from casrules.packs.loading import Pack, PackedRule
from casrules.packs.manifest import Override
from casrules.packs.model_errors import near
from casrules.packs.references import RuleIds


@dataclass(frozen=True, slots=True)
class _Applied:
    """Who set a property of a rule, to what, and where."""

    pack: str
    value: Any
    place: Place


def apply_overrides(packs: Sequence[Pack], ids: RuleIds, effective: dict[str, PackedRule]) -> list[RuleOverride]:
    """Apply all overrides to `effective`, in order; a pack's win over those of the packs it extends.

    A rule that is off in the end is taken out. Returns what reports record; raises RuleError with all places.
    """
    above = _ancestors(packs)
    applied: dict[tuple[str, str], _Applied] = {}
    recorded: list[RuleOverride] = []
    off: set[str] = set()
    for pack in packs:
        for number, extension in enumerate(pack.manifest.extends):
            for position, override in enumerate(extension.overrides):
                place = pack.place("extends", number, "overrides", position)
                name = ids.resolve(override.rule, extension.pack, place)
                if not any(name.startswith(f"{home}.") for home in above[pack.id]):
                    problem = f"{pack.id} does not extend the pack of {name!r}"
                    raise RuleError(problem, place=place, remedy="name its pack under `extends`")
                for key in _keys(override):
                    _check_conflict(applied, above, (name, key), _Applied(pack.id, _value(override, key), place))
                change = _override(override, name, effective, place)
                if override.off is not None:
                    off = off | {name} if override.off else off - {name}
                recorded.append(RuleOverride(rule=name, pack=pack.id, change=change, reason=override.reason))
    for name in off:
        del effective[name]
    return recorded


def _ancestors(packs: Sequence[Pack]) -> dict[str, frozenset[str]]:
    """Every pack's extended packs, those of its extended packs too."""
    found: dict[str, frozenset[str]] = {}
    for pack in packs:
        direct = [extension.pack for extension in pack.manifest.extends]
        found[pack.id] = frozenset(direct).union(*(found[name] for name in direct))
    return found


def _keys(override: Override) -> list[str]:
    keys = [key for key in ("severity", "status", "valid") if getattr(override, key) is not None]
    return [*keys, *(f"params.{name}" for name in override.params), *(["off"] if override.off is not None else [])]


def _value(override: Override, key: str) -> Any:
    return override.params[key.removeprefix("params.")] if key.startswith("params.") else getattr(override, key)


def _check_conflict(
    applied: dict[tuple[str, str], _Applied],
    above: Mapping[str, frozenset[str]],
    key: tuple[str, str],
    change: _Applied,
) -> None:
    before = applied.get(key)
    if before is not None and before.pack not in above[change.pack] and before.value != change.value:
        problem = f"two overrides disagree on {key[1]} of {key[0]}"
        raise RuleError(problem, place=change.place, remedy=f"the other is at {before.place}")
    applied[key] = change


def _override(override: Override, name: str, effective: dict[str, PackedRule], place: Place) -> str:
    """Apply one override; returns the change in words: `severity error → warning`."""
    packed = effective[name]
    rule = packed.rule
    update: dict[str, Any] = {}
    words = [] if override.off is None else ["switched off" if override.off else "switched on"]
    for key in ("severity", "status", "valid"):
        value = getattr(override, key)
        if value is not None:
            update[key] = value
            words.append(f"{key} {_shown(getattr(rule, key))} → {_shown(value)}")
    for param, value in override.params.items():
        if param not in rule.params:
            raise RuleError(f"{name} has no parameter {param!r}", place=place, remedy=near(param, rule.params))
        words.append(f"{param} {rule.params[param]} → {value}")
    if override.params:
        update["params"] = {**rule.params, **override.params}
    effective[name] = replace(packed, rule=rule.model_copy(update=update))
    return "; ".join(words)


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return value
    days = [f"{word} {day}" for word, day in (("from", value.since), ("to", value.until)) if day is not None]
    return " ".join(days) or "always"
