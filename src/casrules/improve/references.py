"""The reference of an added document: none, constant, looked up by a key, or given by a person."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import polars as pl

from casrules.improve.arrays import Codes, Mask, Rows
from casrules.improve.coding import Coded
from casrules.improve.schema import Action, Reference
from casrules.improve.settings import Settings

_LATEST = 5_000
_LEAST_GROUP = 3


def reference_of(coded: Coded, action: Action, where: Mask, settings: Settings) -> Reference:
    """How the references of a document vary over the accepted messages of a rule (`where`).

    A value that most share is a constant; else the smallest key whose groups agree makes a look-up; else a person
    gives it. Nothing that varies ever becomes a constant.
    """
    entries = coded.list(action.list or "")
    if entries is None:
        return Reference()
    chosen = (entries.after.keys == entries.code(action.type)) & where[entries.after.rows]
    rows = entries.after.rows[chosen]
    references = entries.after.references.filter(pl.Series(chosen))
    if not len(rows):
        return Reference(mode="prompt")
    rows, references = rows[-_LATEST:], references.tail(_LATEST)
    names, numbers = _numbered(references)
    often = np.bincount(numbers)
    top = int(often.argmax())
    if often[top] >= settings.reference_agreement * len(rows):
        return Reference(mode="constant", value=names[top]) if names[top] else Reference(mode="none")
    key = _key(coded, rows, numbers, settings)
    return Reference(mode="lookup", key=key) if key else Reference(mode="prompt")


def _numbered(references: pl.Series) -> tuple[list[str], Codes]:
    names = references.unique().sort()
    codes = references.cast(pl.Enum(names)).to_physical().cast(pl.Int32).to_numpy()
    return names.to_list(), codes


def _key(coded: Coded, rows: Rows, numbers: Codes, settings: Settings) -> tuple[str, ...]:
    """The key with fewest fields, then fewest groups, whose groups of three and more agree."""
    parts = list(_parts(coded, rows))
    for size in (1, 2):
        best: tuple[int, tuple[str, ...]] | None = None
        for chosen in combinations(parts, size):
            group = chosen[0][1]
            if size == 2:
                if chosen[0][0][0] == chosen[1][0][0]:
                    continue
                group = _renumbered(group.astype(np.int64) * (int(chosen[1][1].max()) + 1) + chosen[1][1])
            groups, agreement, share = _agreement(group, numbers)
            if agreement >= settings.reference_agreement and share >= 0.5:
                names = tuple(sorted("".join(map(str, it[0])) for it in chosen))
                best = min(best or (groups, names), (groups, names))
        if best:
            return best[1]
    return ()


def _parts(coded: Coded, rows: Rows) -> Iterator[tuple[tuple[str, str], Codes]]:
    """Fields and shorter prefixes as parts of a key, with their groups; what never varies is none."""
    for field in coded.fields:
        values = field.before[rows]
        levels = sorted(field.spec.prefix_levels)
        for level in levels[:-1]:
            cut = np.array(["", *(value[:level] for value in field.values)])
            yield (field.spec.name, str(level)), _renumbered(cut[values])
        if not levels and len(np.unique(values)) > 1:
            yield (field.spec.name, ""), values


def _renumbered(values: np.ndarray) -> Codes:
    return np.unique(values, return_inverse=True)[1].astype(np.int32)


def _agreement(group: Codes, numbers: Codes) -> tuple[int, float, float]:
    """Number of groups; share of rows that another row of their group foretells; share of rows in such groups."""
    pairs, counts = np.unique(group.astype(np.int64) * (int(numbers.max()) + 1) + numbers, return_counts=True)
    owner = pairs // (int(numbers.max()) + 1)
    begins = np.flatnonzero(np.concatenate([[True], owner[1:] != owner[:-1]]))
    most, total = np.maximum.reduceat(counts, begins), np.add.reduceat(counts, begins)
    large = total >= _LEAST_GROUP
    if not large.any():
        return len(total), 0.0, 0.0
    agreement = float((most[large] - 1).sum() / (total[large] - 1).sum())
    return len(total), agreement, float(total[large].sum() / len(numbers))
