"""Turns a broken facet into a fault a declarant understands: the kind, the limit, and the required form in words."""

from __future__ import annotations

from typing import Any

from casrules.messages.faults import FaultTexts, Spot, TechnicalFault, quoted
from casrules.messages.pattern_words import length_limits, number_range, words_of
from casrules.messages.value_forms import DATES, NUMBERS, Breach, ValueForm

FEW_CODES = 12
_LENGTHS = {"maxLength": "too_long", "minLength": "too_short", "length": "wrong_length"}
_BOUNDS = {
    "minInclusive": "too_small",
    "minExclusive": "too_small",
    "maxInclusive": "too_large",
    "maxExclusive": "too_large",
}


def value_fault(breach: Breach, form: ValueForm, text: str, spot: Spot, texts: FaultTexts) -> TechnicalFault:
    """The fault of `text`, which breaks `breach` of `form`."""
    told: dict[str, Any] = {"value": text, "facet": breach.facet, "limit": breach.limit}
    value = form.normalised(text)
    if not value.strip():
        return texts.fault("empty", spot, **told)
    if breach.facet == "enumeration":
        told["allowed"] = form.enumeration
        return texts.fault("not_in_list", spot, form=_codes(form, texts), **told)
    if breach.facet in _LENGTHS:
        return _length_fault(_LENGTHS[breach.facet], value, spot, texts, told)
    if breach.facet in _BOUNDS:
        words = texts.forms[breach.facet].format(limit=breach.limit)
        return texts.fault(_BOUNDS[breach.facet], spot, form=words, **told)
    if breach.facet == "pattern":
        return _pattern_fault(breach, form, spot, texts, told)
    if form.primitive in NUMBERS:
        return texts.fault("bad_number", spot, form=_number(form, texts), **told)
    if form.primitive in DATES:
        words = _date(form, texts)
        return texts.fault("bad_date", spot, form=words, **told)
    if form.primitive == "boolean":
        return texts.fault("bad_flag", spot, form=texts.forms["flag"], **told)
    return texts.fault("bad_pattern", spot, form=texts.forms["without_form"], **told)


def _length_fault(kind: str, value: str, spot: Spot, texts: FaultTexts, told: dict[str, Any]) -> TechnicalFault:
    if kind == "wrong_length" and len(value) < int(told["limit"]):
        kind = "wrong_length_short"
    return texts.fault(kind, spot, count=len(value), unit=texts.forms["characters_unit"], **told)


def _pattern_fault(
    breach: Breach, form: ValueForm, spot: Spot, texts: FaultTexts, told: dict[str, Any]
) -> TechnicalFault:
    value = form.normalised(told["value"])
    told["limit"] = " | ".join(breach.patterns)
    if form.primitive in NUMBERS:
        return texts.fault("bad_number", spot, form=_number(form, texts), **told)
    if form.primitive in DATES:
        return texts.fault("bad_date", spot, form=_date(form, texts), **told)
    limits = length_limits(breach.patterns)
    if limits:
        least, most = limits
        if least == most:
            return _length_fault("wrong_length", value, spot, texts, told | {"limit": str(least)})
        if most is not None and len(value) > most:
            return _length_fault("too_long", value, spot, texts, told | {"limit": str(most)})
        if len(value) < least:
            return _length_fault("too_short", value, spot, texts, told | {"limit": str(least)})
    words = words_of(breach.patterns, texts.forms) or texts.forms["without_form"]
    return texts.fault("bad_pattern", spot, form=words, **told)


def _codes(form: ValueForm, texts: FaultTexts) -> str:
    codes = form.enumeration
    name = "one_code" if len(codes) == 1 else "few_codes" if len(codes) <= FEW_CODES else "many_codes"
    shown = ", ".join(quoted(code) for code in codes[:FEW_CODES])
    return str(texts.forms[name].format(codes=shown, count=len(codes)))


def _date(form: ValueForm, texts: FaultTexts) -> str:
    for patterns in form.patterns:
        words = texts.forms["patterns"].get("|".join(patterns))
        if words:
            return str(words).removeprefix("is not ")
    return str(texts.forms.get(form.primitive) or texts.forms["date"])


def _number(form: ValueForm, texts: FaultTexts) -> str:
    """A number in words: whole or not, digits, decimals, range."""
    forms, facets = texts.forms, form.facets
    total, decimals = facets.get("totalDigits"), facets.get("fractionDigits")
    whole = form.is_whole or decimals == "0"
    words = forms["whole_number"] if whole else forms["number"]
    interval = next(filter(None, (number_range(patterns) for patterns in form.patterns)), None)
    low, high = facets.get("minInclusive"), facets.get("maxInclusive")
    if interval:
        low, high = str(interval[0]), str(interval[1]) if interval[1] is not None else high
    elif total:
        name = "digits" if whole or not decimals else "digits_and_decimals"
        words += forms[name].format(total=total, decimals=decimals)
    elif decimals and not whole:
        words += forms["decimals"].format(decimals=decimals)
    if low is not None or high is not None:
        name = "between" if low is not None and high is not None else "from" if high is None else "up_to"
        words += forms[name].format(low=low, high=high)
    for patterns in form.patterns:
        words += forms["numbers"].get("|".join(patterns), "")
    return str(words)
