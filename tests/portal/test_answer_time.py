"""How soon a colleague answers is said in steps people use, and only of real figures."""

from datetime import timedelta

import pytest
from django.utils import translation

from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from portal.messages.answer_time import _median_seconds, in_words
from tests.cast import Cast
from tickets.models import Ticket


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (20, "5 minutes"),
        (18 * 60, "20 minutes"),
        (54 * 60, "55 minutes"),
        (58 * 60, "an hour"),
        (3 * 3600 + 1000, "3 hours"),
    ],
)
def test_it_is_said_in_steps(seconds: int, words: str) -> None:
    with translation.override("en"):
        assert in_words("Dana", seconds) == f"Dana usually answers in {words}"


def test_the_median_counts_from_five_answers_of_a_month_on(cast: Cast) -> None:
    house, now = cast.house, clock.now()
    with use_tenant(house.tenant):
        for count, minutes in enumerate((5, 10, 20, 30, 600)):
            assert _median_seconds(house.rita) == 0, "too few to say anything"
            asked = now - timedelta(days=2)
            Ticket.objects.create(
                number=count + 1,
                brand=house.job.brand,
                member=house.rita,
                asked_at=asked,
                first_reply_at=asked + timedelta(minutes=minutes),
                allowed=3600,
                sort_at=now,
            )
        assert _median_seconds(house.rita) == 20 * 60
        Ticket.objects.update(first_reply_at=now - timedelta(days=40), asked_at=now - timedelta(days=41))
        assert _median_seconds(house.rita) == 0
