"""What an answer from outside is, and what it means as a whole."""

from __future__ import annotations

from typing import Literal

from casrules.findings.frozen import Frozen, SourceText

AnswerOutcome = Literal[
    "accepted",
    "released",
    "rejected",
    "registered",
    "pending",
    "invalidated",
    "information",
    "unknown",
]
"""What an answer says of the message it answers.

`accepted` and `released`: taken. `rejected`: refused. `registered`: received and kept, not yet accepted. `pending`: a
person or a further message decides. `invalidated`: the declaration no longer stands. `information`: decides nothing.
`unknown`: nobody can tell.
"""


class OriginalInfo(Frozen):
    """The message an answer was decoded against; `matches` is False where its LRN or MRN is another, None if untold."""

    name: SourceText = ""
    message: str = ""
    lrn: SourceText = ""
    mrn: SourceText = ""
    sha256: str = ""
    matches: bool | None = None


class AnswerInfo(Frozen):
    """The kind of an answer (`shape`, our id of it), the authority's function code, its references and its outcome.

    `issued` and `decided` are the times it states, `entries` how many errors, warnings and notices it holds. `raw` is
    the beginning of an answer nobody knows, `raw_characters` how long all of it is.
    """

    shape: str = ""
    title: str = ""
    outcome: AnswerOutcome = "unknown"
    function: SourceText = ""
    reference: SourceText = ""
    issued: SourceText = ""
    decided: SourceText = ""
    version: SourceText = ""
    entries: int = 0
    remarks: tuple[SourceText, ...] = ()
    original: OriginalInfo | None = None
    raw: SourceText = ""
    raw_characters: int = 0
