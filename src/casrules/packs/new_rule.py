"""The text of a new rule and of a new pack, for an author to fill in: valid from the first minute."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from casrules.dictionary import Dictionary, Element
from casrules.errors import UsageError
from casrules.packs.manifest import PACK_ID
from casrules.packs.model_errors import near
from casrules.packs.models import RULE_ID

_RULE = """\
  - id: {id}
    title: {title}
    description: >-
      Why the rule exists, and what is still to be settled while it is a draft.
    severity: error
    status: draft               # a draft runs only when asked for; preview, then stable when it is proven
    category: consistency       # missing | forbidden | codelist | format | consistency | plausibility | policy
    law: [{{act: "2015/2446", place: "Annex B"}}]
    for: {target}
    when: present({path})
    require: {condition}
    at: [{path}]
    message: "The value {{{path}}} … say what is wrong here, with the values."
    remedy: Say what to compare or correct, and where the right value usually is.
    examples:
      valid:
        - {{given: {good}}}
      invalid:
        - {{given: {bad}, expect_at: {path}}}
      not_applicable:
        - {{given: {without}}}
"""
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 ,.;()/-]*")
_VALUES = {
    "decimal": ("{path} > 0", "1", "0"),
    "integer": ("{path} > 0", "1", "0"),
    "date": ('{path} >= date("2000-01-01")', "2025-01-31", "1999-12-31"),
    "code": ('{path} != "?"', "A", '"?"'),
    "text": ('{path} != "?"', "A", '"?"'),
}


def rule_text(rule_id: str, target: str, dictionary: Dictionary, title: str = "") -> str:
    """The YAML of a new draft rule that visits `target` (the `for:` of the rule), to stand under `rules:`.

    It loads, and its examples hold: the author changes it from there. Raises UsageError for an id that is none, and
    for a target the dictionary does not know, with the nearest known name.
    """
    if not re.fullmatch(RULE_ID, rule_id):
        raise UsageError(f"{rule_id!r} is not an id", remedy="letters, digits, - and _, in parts joined by dots")
    chains = dictionary.chains_to(target)
    if not chains:
        raise UsageError(f"nothing is called {target!r}", remedy=near(target, dictionary.scope_names))
    element = _first_value(dictionary, chains[0].entity, target)
    condition, good, bad = _VALUES[element.type]
    way = [(step.name, step.element.many) for step in chains[0].steps]
    path = f"{target}.{element.name}"
    return _RULE.format(
        id=rule_id,
        title=_scalar(title) if title else f"What holds for every {target.replace('_', ' ')}",
        target=target,
        path=path,
        condition=condition.format(path=path),
        good=_given(way, f"{element.name}: {good}"),
        bad=_given(way, f"{element.name}: {bad}"),
        without=_given(way, ""),
    )


def topic_text(rules: Sequence[str], topic: str) -> str:
    """A topic file that holds `rules`, each as rule_text gives it."""
    return f"topic: {topic}\nrules:\n" + "\n".join(rules)


def manifest_text(pack_id: str, title: str) -> str:
    """The `pack.yaml` of a new pack; UsageError for an id that is none."""
    if not re.fullmatch(PACK_ID, pack_id):
        raise UsageError(f"{pack_id!r} is not a pack's id", remedy="small letters, digits, - and _: acme.transit")
    return f"id: {pack_id}\ntitle: {_scalar(title)}\nversion: 0.1.0\ndescription: What the rules have in common.\n"


def new_pack(folder: Path, pack_id: str, title: str, topic: str, rules: Sequence[str]) -> list[Path]:
    """Write a new pack into `folder`, which must not hold one; returns the files written."""
    manifest = folder / "pack.yaml"
    if manifest.exists():
        raise UsageError(f"{folder.name} holds a pack already", remedy="add the rule to one of its topic files")
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{topic}.yaml"
    manifest.write_text(manifest_text(pack_id, title), encoding="utf-8", newline="\n")
    file.write_text(topic_text(rules, topic.replace("_", " ").capitalize()), encoding="utf-8", newline="\n")
    return [manifest, file]


def _scalar(text: str) -> str:
    """A text as YAML: plain where that is safe."""
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _first_value(dictionary: Dictionary, entity: str, target: str) -> Element:
    elements = dictionary.entities[entity].elements.values()
    ranked = sorted((e for e in elements if e.type in _VALUES), key=lambda e: (list(_VALUES).index(e.type), e.name))
    if not ranked:
        raise UsageError(f"{target} has no value of its own", remedy="visit one of the entities in it")
    return ranked[0]


def _given(way: Sequence[tuple[str, bool]], inner: str) -> str:
    """The short form of a declaration with one entity at the end of `way`."""
    text = f"{{{inner}}}"
    for name, many in reversed(way):
        text = f"{{{name}: [{text}]}}" if many else f"{{{name}: {text}}}"
    return text
