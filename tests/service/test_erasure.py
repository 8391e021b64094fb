"""Erasing a person leaves nothing of what service wrote about them."""

from collections.abc import Callable

import pytest

from crm.people.erasure import erase, holdings
from service.models import HandOff, HandOffItem, Issue, ProgressReport, Project, Promise
from tests.cast import House

NEEDLE = "needle"


@pytest.fixture
def hand_off(house: House, sold: Callable[..., HandOff]) -> HandOff:
    row = sold(value=1)
    row.send_back("scope", f"Ask {NEEDLE}", by=house.sam)
    return row


def test_promises_and_their_reasons_are_blanked(house: House, hand_off: HandOff) -> None:
    promise = Promise.add(hand_off, "date", f"{NEEDLE} is away", words=f"{NEEDLE} said so", by=house.rita)
    promise.reply("no", f"{NEEDLE} is a difficult one", by=house.sam)
    HandOffItem.tick(hand_off, f"promise:{promise.pk}", f"Agree: {NEEDLE}", by=house.sam)
    erase(house.cora, by=house.ada)
    promise.refresh_from_db()
    texts = (promise.text, promise.words, promise.why_not, hand_off.items.get().label)
    assert not any(NEEDLE in text for text in texts)


def test_the_note_of_what_was_sent_back_is_blanked(house: House, hand_off: HandOff) -> None:
    erase(house.cora, by=house.ada)
    assert HandOff.objects.get().return_note == ""


def test_a_report_says_nothing_any_more(house: House, project: Project) -> None:
    ProgressReport.draft(project, f"Dear {NEEDLE}", [], by=house.sam)
    erase(house.cora, by=house.ada)
    assert NEEDLE not in ProgressReport.objects.get().text


def test_an_issue_keeps_its_amount_and_none_of_its_words(house: House, hand_off: HandOff) -> None:
    issue = Issue.open(hand_off.job, "damage", f"{NEEDLE} fell", by=house.sam)
    issue.make_offer("refund", f"{NEEDLE}'s money back", 15_001, by=house.sam)
    issue.decline(f"{NEEDLE} asks too much", by=house.mona)
    issue.make_offer("refund", f"{NEEDLE}'s money back", 5_000, by=house.sam)
    issue.end(True, f"{NEEDLE} is content", by=house.sam)
    Issue.objects.update(refusal=f"{NEEDLE} asks too much")
    erase(house.cora, by=house.ada)
    issue.refresh_from_db()
    words = " ".join((issue.words, issue.offer_words, issue.refusal, issue.outcome))
    assert (NEEDLE in words, issue.amount) == (False, 5_000)


def test_what_is_held_is_counted_by_the_customer_alone(house: House, hand_off: HandOff) -> None:
    assert dict(holdings(house.cora))["Hand-offs and issues"] == 1
    HandOff.objects.all().delete()
    assert dict(holdings(house.cora))["Hand-offs and issues"] == 0
