"""How our mails are known again: signed ids, reply addresses, references that fit."""

from typing import Any
from uuid import UUID

import pytest

from comms.mail import threads

UID = UUID("0199f1e2-7a3b-7c4d-8e5f-a0b1c2d3e4f5")


@pytest.mark.parametrize("change", [str, str.upper, lambda text: text.strip("<>"), lambda text: f"  {text} "])
def test_an_id_of_ours_is_known_however_a_client_writes_it(change: Any) -> None:
    assert threads.own_message(change(threads.message_id(UID, "suncoast.example"))) == UID


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "<abc@example.org>",
        f"<tl.{UID.hex}.0123456789abcdef@suncoast.example>",
        f"<tl.{UID.hex}@suncoast.example>",
        threads.message_id(UID, "x").replace("0199", "0198"),
        "<tl." * 5000,
    ],
)
def test_a_forged_one_is_nobodys(forged: str) -> None:
    assert threads.own_message(forged) is None
    assert threads.replied_message(forged) is None


@pytest.mark.parametrize(
    ("domain", "expected"), [("in.suncoast.example", "reply+"), ("", "hello+")], ids=["reply domain", "plus"]
)
def test_a_reply_address_names_its_message(domain: str, expected: str) -> None:
    address = threads.reply_address(UID, "hello@suncoast.example", domain)
    assert address.startswith(expected)
    assert len(address.partition("@")[0]) <= 64, "RFC 5321"
    assert threads.replied_message(address.upper()) == UID
    assert threads.replied_message(address.replace(UID.hex[:4], "ffff")) is None


def test_a_key_that_was_changed_still_checks_as_long_as_it_is_kept(settings: Any) -> None:
    before = settings.SECRET_KEY
    ours = threads.message_id(UID, "x.example")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [before]
    assert threads.own_message(ours) == UID
    settings.SECRET_KEY_FALLBACKS = []
    assert threads.own_message(ours) is None


def test_references_are_in_order_and_once() -> None:
    assert threads.references("<a@x> <b@x>\r\n <a@x> junk", "<c@x>") == "<a@x> <b@x> <c@x>"
    assert threads.references("<a@x> <c@x> <b@x>", "<c@x>") == "<a@x> <b@x> <c@x>"
    assert threads.references("", "no id at all") == ""


def test_too_many_references_keep_the_first_and_the_last() -> None:
    many = [f"<{number:04}-of-a-long-thread@mail.example.org>" for number in range(200)]
    kept = threads.references(" ".join(many), "<last@x>").split()
    assert len(" ".join(kept)) <= threads.LONGEST_REFERENCES < len(" ".join([*kept, many[0]]))
    assert (kept[0], kept[-1], kept[-2]) == (many[0], "<last@x>", many[-1])
