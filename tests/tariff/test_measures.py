"""What is needed, in a sentence."""

from decimal import Decimal

import pytest

from casrules.tariff import Alternative, Requirement

C400, N853 = Alternative("document", "C400"), Alternative("document", "N853")
Y900, Y901 = Alternative("waiver", "Y900"), Alternative("waiver", "Y901")
MASS = Alternative("mass", most=Decimal("20.00"))
PRICE = Alternative("price", most=Decimal(250), currency="GBP")


@pytest.mark.parametrize(
    ("alternatives", "sentence"),
    [
        ((C400,), "C400"),
        ((C400, N853), "one of C400, N853"),
        ((C400, Y900), "C400, or a waiver Y900"),
        ((Y900, Y901, C400), "C400, or one of the waivers Y900, Y901"),
        ((Y900,), "a waiver Y900"),
        ((C400, MASS), "C400, or at most 20 kg"),
        ((C400, PRICE), "C400, or at most 250 GBP a piece"),
        ((C400, Alternative("unclear", text="100 hl")), "C400, or 100 hl"),
        ((C400, Alternative("unclear")), "C400, or a limit on quantity or price"),
    ],
)
def test_the_sentence_names_documents_waivers_and_limits(alternatives: tuple[Alternative, ...], sentence: str) -> None:
    assert Requirement("M1", alternatives).needed == sentence
