"""What of a mail was left out is said to each reader in their language, whatever a file is called."""

from dataclasses import asdict
from typing import get_args

import pytest
from django.utils.translation import override

from comms.mail.problem_words import in_words
from libs.inbound_mail.message import MailProblem, ProblemCode

HOSTILE = [
    ("a\r\nb\tc.txt", "a b c.txt"),
    ("\u202egpj.exe\u2069", "gpj.exe"),
    ("\x1b[31m\x07red.txt", "[31mred.txt"),
    ("\u200b\u202e", "–"),
    ("x" * 200 + ".pdf", f"{'x' * 40}…{'x' * 11}.pdf"),
    ("<b>&amp;</b>%(count)s.txt", "<b>&amp;</b>%(count)s.txt"),
]


def said(code: ProblemCode, count: int = 0, *names: str) -> str:
    return " ".join(in_words([asdict(MailProblem(code, count, names))])).replace("\u2068", "").replace("\u2069", "")


def test_attachments_left_out_are_counted_and_named() -> None:
    assert said("attachments_too_large", 1, "a.bin") == (
        "1 attachment was left out, because all together they are too large: a.bin."
    )
    assert said("attachments_too_large", 2, "a.bin", "b.bin").startswith("2 attachments were left out")
    assert said("attachments_too_many", 1200, "a", "b").endswith("because there are too many: a, b, …")


@pytest.mark.parametrize(("name", "shown"), HOSTILE)
def test_a_name_can_break_no_sentence(name: str, shown: str) -> None:
    [sentence] = in_words([asdict(MailProblem("attachments_too_large", 1, (name,)))])
    assert sentence.endswith(f": \u2068{shown}\u2069.")


@pytest.mark.parametrize("code", get_args(ProblemCode))
def test_every_problem_has_words_in_both_languages(code: ProblemCode) -> None:
    told = {}
    for language in ("en", "nl"):
        with override(language):
            told[language] = said(code, 2, "Cc")
    assert told["en"]
    assert told["nl"] not in ("", told["en"])


def test_what_another_release_kept_is_passed_over() -> None:
    assert in_words([{"code": "unheard_of", "count": 1, "names": []}]) == []
