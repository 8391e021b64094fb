"""Learning where a value stands in a carrier's mail, and finding it again."""

import pytest

from service.claims.mail_patterns import find_value, find_values, words_before

MAIL = """Re: Claim No. 59-8812-K4 - 2207 Bayshore Ct

Your insured's claim number is: 59-8812-K4
Policy #: HO3-112233
Adjuster: Dana Whitfield
E-mail dana.whitfield@carrier.example, phone (813) 555-0133
Date of loss:
10/09/2026
Deductible    $ 2,500.00
Dwelling ACV payment: $14,820.55
"""
MARKED = {
    "number": "59-8812-K4",
    "policy": "HO3-112233",
    "adjuster": "Dana Whitfield",
    "email": "dana.whitfield@carrier.example",
    "phone": "(813) 555-0133",
    "lost_on": "10/09/2026",
    "deductible": "$ 2,500.00",
    "approved": "$14,820.55",
}


@pytest.mark.parametrize("field", MARKED)
def test_a_marked_value_is_found_again_in_another_mail(field: str) -> None:
    before = words_before(MAIL, MARKED[field], field)
    assert before
    assert find_value(MAIL, before, field) == MARKED[field]
    others = {"number": "77-1-Z", "lost_on": "2026-11-02", "deductible": "$ 1,000", "approved": "$9.99"}
    other = others.get(field, MARKED[field])
    assert find_value(MAIL.replace(MARKED[field], other), before, field) == other


def test_all_values_are_read_at_once_and_missing_ones_left_out() -> None:
    rules = {field: words_before(MAIL, value, field) for field, value in MARKED.items()}
    assert find_values(MAIL, rules) == MARKED
    assert find_values("Thank you for your patience.", rules) == {}


def test_words_do_not_match_inside_others_and_nothing_is_learnt_without_words() -> None:
    assert find_value("unclaim 12345", "claim", "number") == ""
    assert words_before("59-8812-K4", "59-8812-K4", "number") == ""
    assert words_before(MAIL, "not in it", "number") == ""
    assert words_before(MAIL, "", "number") == ""


def test_a_short_label_is_kept_as_a_whole() -> None:
    before = words_before("Claim number: GM-7788-42", "GM-7788-42", "number")
    assert before == "Claim number"
    assert find_value("Policy number: HO3-77120\nClaim number: GM-1", before, "number") == "GM-1"


def test_hostile_texts_are_read_quickly_and_never_raise() -> None:
    for text in ("claim " * 20_000, "claim" + " :" * 20_000, "$" * 50_000, "claim \0 1234", "(" * 1000):
        for field in MARKED:
            find_value(text, "claim ((", field)
            words_before(text, "((", field)
