"""Identity of a finding across runs, versions and edits of the same declaration."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence


def document_key(
    *,
    declarant: str | None = None,
    lrn: str | None = None,
    mrn: str | None = None,
    given: str | None = None,
    digest: str = "",
) -> str:
    """The identity of a declaration: (declarant's EORI, LRN), else MRN, else the caller's key, else the
    bytes' sha256.

    Two kinds of keys never collide: the key says which it is.
    """
    if declarant and lrn:
        return _joined("lrn", declarant, lrn)
    if mrn:
        return _joined("mrn", mrn)
    if given:
        return _joined("key", given)
    return _joined("sha256", digest)


def fingerprint(rule: str, *, branch: str = "", document: str, entity: Sequence[str], field: str = "") -> str:
    """sha256 (hexadecimal) of what a finding *is*: no values, texts, lines or versions.

    `document` is a `document_key`; `entity` the business keys of the entity the rule visited
    (`PathWriter.identity`); `field` the primary field's name, or the name of what is missing or added.
    """
    return _sha256(_joined(rule, branch, document, *entity, field))


def of_occurrence(identity: str, occurrence: int) -> str:
    """The fingerprint of the n-th (from 2) different finding with the same identity; the first keeps the
    identity.
    """
    return identity if occurrence < 2 else _sha256(_joined(identity, str(occurrence)))


def _joined(*parts: str) -> str:
    """An unambiguous joining: no two different sequences give the same text."""
    return json.dumps(parts, ensure_ascii=True, separators=(",", ":"))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("ascii")).hexdigest()
