"""What reports tell together, in any order, and which opens nobody counts."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from comms.outbox.delivery import DeliveryFact, derive, is_machine

AT = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


def fact(text: str) -> DeliveryFact:
    """ "opened+90": so many seconds after the delivery; "bounced!": for good; "clicked?": by a machine."""
    kind, _, seconds = text.strip("!?").partition("+")
    return DeliveryFact(kind, AT + timedelta(seconds=int(seconds or 0)), "!" in text, "?" in text)


@pytest.mark.parametrize(
    ("reports", "expected"),
    [
        ("", ""),
        ("sent deferred", ""),
        ("sent delivered", "delivered"),
        ("delivered opened+90 clicked+95 sent", "clicked"),
        ("delivered opened+90", "opened"),
        ("delivered opened+2", "delivered"),
        ("delivered clicked+1 clicked+600", "clicked"),
        ("delivered opened+90? clicked+90?", "delivered"),
        ("opened+90", "opened"),
        ("deferred bounced delivered", "delivered"),
        ("deferred bounced", "bounced"),
        ("delivered bounced!", "bounced"),
        ("delivered opened+90 complained", "complained"),
        ("sent failed delivered", "failed"),
    ],
)
def test_any_order_tells_the_same(reports: str, expected: str) -> None:
    for order in permutations([fact(text) for text in reports.split()]):
        assert derive(order, is_mail=True) == expected


def test_a_text_is_read_as_soon_as_it_comes() -> None:
    assert derive([fact("delivered"), fact("opened+2")], is_mail=False) == "opened"


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        ("Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)", True),
        ("Mozilla/5.0", True),
        ("Barracuda Sentinel (EE)", True),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148", False),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36", False),
        ("", False),
    ],
)
def test_who_opened_is_told_by_what_it_says(agent: str, expected: bool) -> None:
    assert is_machine(agent) is expected
