"""What is replaced in a text before it is sent, and what comes back of it."""

import pytest

from assistant.calls.redaction import Redactor
from assistant.models import AssistantSetup, TextSharing

NAMES = {"Amara Okonkwo": "customer", "Amara": "customer", "Dana": "colleague", "2207 Bayshore Ct": "address"}


def redactor(**changed: str) -> Redactor:
    return Redactor(AssistantSetup(**changed), "US", NAMES)


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("Call me on (813) 555-0142 please", "Call me on [phone 1] please"),
        ("or +31 20 123 4567.", "or [phone 1]."),
        ("Mail ann.lee+x@home.example, thanks", "Mail [mail 1], thanks"),
        ("We live at 2207 Bayshore Ct, Tampa", "We live at [address 1], Tampa"),
        ("It is 14 Orange Grove Ave and FL 33611", "It is [address 1] and [address 2]"),
        ("Keizersgracht 12, 1015 CJ Amsterdam", "[address 1], [address 2] Amsterdam"),
        ("My claim number is FL-2281904.", "My claim number is [number 1]."),
        ("Polisnummer 77-1234567 graag", "Polisnummer [number 1] graag"),
        ("Pay to NL91 ABNA 0417 1643 00 today", "Pay to [iban 1] today"),
        ("See https://portal.example/t/secret now", "See [link 1] now"),
        ("Thanks, Amara Okonkwo", "Thanks, [customer 1]"),
        ("Dana said $17,560 on 2026-05-12 at 14:00", "[colleague 1] said $17,560 on 2026-05-12 at 14:00"),
    ],
)
def test_personal_parts_are_replaced(text: str, sent: str) -> None:
    assert redactor().redact(text) == sent


def test_the_same_value_has_the_same_word_in_all_texts() -> None:
    one = redactor()
    assert one.redact("813 555 0142") == one.redact("813 555 0142") == "[phone 1]"


def test_values_come_back_and_web_addresses_do_not() -> None:
    one = redactor()
    one.redact("Amara, 813 555 0142, https://x.example/a")
    assert one.restore("[customer 1]: [phone 1] [link 1] [phone 9]") == "Amara: 813 555 0142 [link 1] [phone 9]"


def test_web_addresses_of_our_own_template_come_back() -> None:
    one = redactor()
    one.redact("Look: https://my.suncoast.example/q", is_trusted=True)
    assert one.restore("[link 1]") == "https://my.suncoast.example/q"


def test_a_text_with_what_may_never_leave_is_kept_back() -> None:
    one = redactor(numbers=TextSharing.NEVER)
    assert one.redact("Claim FL-2281904") is None
    assert one.kept_back == {"numbers": 1}


def test_what_is_sent_stays_as_it_is() -> None:
    open_setup = {"names": "sent", "contacts": "sent", "numbers": "sent", "prices": "sent"}
    text = "Amara, 813 555 0142, FL-2281904"
    assert redactor(**open_setup).redact(text) == text


def test_prices_are_hidden_if_chosen() -> None:
    assert redactor(prices="hidden").redact("That is $17,560.") == "That is [price 1]."
