"""What a tariff says about a commodity, as rules need it: which documents, and what may stand in their place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Protocol

Direction = Literal["import", "export"]
Role = Literal["document", "waiver", "mass", "price", "unclear"]


@dataclass(frozen=True, slots=True)
class Trade:
    """One item as the tariff is asked about it; what the declaration does not say is None.

    `commodity` is the code as declared (6, 8 or 10 digits), `on` the reference date (YYYY-MM-DD; None: unknown), the
    countries are two-letter codes.
    """

    commodity: str
    direction: Direction
    on: str | None = None
    origin: str | None = None
    preferential_origin: str | None = None
    dispatch: str | None = None
    destination: str | None = None


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to meet a requirement.

    `role`: a `document` or a `waiver` with its code in `document`; `mass` (net mass of at most `most` kg); `price` (at
    most `most` of `currency` a piece); `unclear` for a limit that a declaration cannot be held against.
    """

    role: Role
    document: str = ""
    most: Decimal | None = None
    currency: str = ""
    text: str = ""

    @property
    def shown(self) -> str:
        """The alternative in a sentence: `C400`, `at most 20 kg`."""
        if self.document:
            return self.document
        if self.role == "mass":
            return f"at most {_plain(self.most)} kg"
        if self.role == "price":
            return f"at most {_plain(self.most)} {self.currency} a piece"
        return self.text or "a limit on quantity or price"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One group of a measure: any of the alternatives will do, and one of them must be there.

    `measure` names the measure in its tariff, `kind` its type, `title` what it is called, `area` the country or group
    it is for. It binds only where the item claims a preference (`claim` is "preference"), the quota `order_number`, or
    has the `additional_code`; where these are empty, always.
    """

    measure: str
    alternatives: tuple[Alternative, ...]
    kind: str = ""
    title: str = ""
    area: str = ""
    claim: str = ""
    order_number: str = ""
    additional_code: str = ""

    @property
    def needed(self) -> str:
        """The alternatives in a sentence: `C400, or a waiver Y900`; `one of 9009, 9010, or at most 20 kg`."""
        documents = [found.shown for found in self.alternatives if found.role == "document"]
        waivers = [found.shown for found in self.alternatives if found.role == "waiver"]
        limits = [found.shown for found in self.alternatives if found.role in ("mass", "price", "unclear")]
        parts = [_one_of(documents, "one of "), _one_of(waivers, "a waiver ", "one of the waivers "), *limits]
        return ", or ".join(filter(None, parts))


@dataclass(frozen=True, slots=True)
class TariffInfo:
    """What a report says about a tariff: its name, where it is from, the day it was taken, the digest of its files."""

    id: str
    title: str = ""
    source: str = ""
    as_of: str = ""
    digest: str = ""


class TariffMeasures(Protocol):
    """Says which documents a commodity needs. Implementations are immutable and safe to share between threads."""

    @property
    def info(self) -> TariffInfo:
        """What reports say about the tariff."""

    def requirements(self, trade: Trade) -> Sequence[Requirement] | None:
        """What is asked of the item, in a fixed order; None where the tariff does not know the commodity."""


def _plain(number: Decimal | None) -> str:
    if number is None:
        return "?"
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _one_of(shown: Sequence[str], several: str, many: str = "") -> str:
    """`C400`, or `one of 9009, 9010`; for waivers the first word tells one from many."""
    if not shown:
        return ""
    if len(shown) > 1:
        return f"{many or several}{', '.join(shown)}"
    return f"{several}{shown[0]}" if many else shown[0]
