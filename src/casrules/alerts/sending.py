"""What kind of sending error an answer, a line of a log or an exception's text is, and whether to send again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from casrules.alerts.extracting import extract
from casrules.alerts.knowledge import Knowledge, shipped_knowledge
from casrules.alerts.reading import read_answer
from casrules.alerts.recognising import recognise
from casrules.alerts.sending_models import NoticePhrases, Policy, RetryRow, SendingKind, Taxonomy
from casrules.errors import PackError, place_of
from casrules.limits import DEFAULT_LIMITS, Limits
from casrules.packs.model_errors import read_model
from casrules.packs.yaml_text import read_yaml
from casrules.resources import rulesets_folder

SENDING = "SENDING"


@dataclass(frozen=True)
class SendingRules:
    """Taxonomy, policy and phrases of notices. Immutable."""

    kinds: Mapping[str, SendingKind]
    policy: Policy
    notices: NoticePhrases

    @cached_property
    def _by_code(self) -> Mapping[tuple[str, str], str]:
        listed = {(list_, code): name for name, kind in self.kinds.items() for list_ in kind.codes
                  for code in kind.codes[list_]}  # fmt: skip
        return {**listed, **{(SENDING, name): name for name in self.kinds}}

    def kind(self, list_: str, code: str) -> str:
        """The kind a code of an answer is of; empty for one that is no sending error."""
        return self._by_code.get((list_, code), "")

    def again(self, kind: str) -> RetryRow:
        """Whether and when to send again after an error of this kind."""
        return self.policy.retry[self.kinds[kind].again]


def load_sending(folder: Path, limits: Limits = DEFAULT_LIMITS) -> SendingRules:
    """Read `taxonomy.yaml`, `policy.yaml` and `notices.yaml`; PackError with file and line for what is broken."""
    kinds = read_model(Taxonomy, read_yaml(folder / "taxonomy.yaml", limits).lines).kinds
    policy = read_model(Policy, read_yaml(folder / "policy.yaml", limits).lines)
    notices = read_model(NoticePhrases, read_yaml(folder / "notices.yaml", limits).lines)
    for name, kind in kinds.items():
        if kind.again not in policy.retry:
            problem = f"{name} names the row {kind.again!r}, which `retry` of policy.yaml does not have"
            raise PackError(problem, place=place_of(folder / "taxonomy.yaml"), remedy=", ".join(policy.retry))
    return SendingRules(kinds, policy, notices)


@cache
def shipped_sending() -> SendingRules:
    """What ships with the library, read once."""
    return load_sending(rulesets_folder() / "errors" / "sending")


def kind_of(
    content: bytes | str,
    rules: SendingRules | None = None,
    knowledge: Knowledge | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> str:
    """The kind of sending error: a key of the taxonomy, empty where the content tells none.

    `content` is whatever the sender has: an HTTP answer, a SOAP fault, an AS4 signal, a CONTRL, the text of an
    exception. What cannot be read tells nothing; nothing raises.
    """
    rules, knowledge = rules or shipped_sending(), knowledge or shipped_knowledge()
    readable = read_answer(content.encode() if isinstance(content, str) else content, limits)
    for layer in filter(None, (readable.inside, readable)):
        found = recognise(layer.tree, layer.format, knowledge, layer.namespaces) if layer.tree is not None else None
        if found is None:
            continue
        shape, root = found
        for entry in extract(shape, root).entries:
            kind = rules.kind(entry.list, entry.code)
            if kind:
                return kind
    return ""
