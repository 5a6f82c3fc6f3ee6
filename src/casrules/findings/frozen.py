"""The root of all public result models: frozen, closed, and safe for any text a message may hold."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict


class Frozen(BaseModel):
    """A result nobody changes after it is made; an unknown field is a mistake of the caller."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        ser_json_bytes="base64",
        val_json_bytes="base64",
        hide_input_in_errors=True,
    )


def _encodable(value: object) -> object:
    """Replace lone surrogates, which JSON sources may hold and no UTF-8 output can."""
    if isinstance(value, str) and not value.isascii():
        return value.encode("utf-8", "replace").decode("utf-8")
    return value


SourceText = Annotated[str, BeforeValidator(_encodable)]
"""Text that comes from a message: whatever was in it, it can be written as UTF-8."""
