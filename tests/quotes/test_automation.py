"""Quotes in rules and segments."""

import pytest
from django.test import Client

from crm.automation.registry.moves import stage_moves
from quotes.models import Quote
from tests.cast import House


def test_a_sent_quote_may_move_the_lead(house: House) -> None:
    assert {"quote_sent", "quote_accepted", "quote_declined"} <= set(stage_moves())


@pytest.mark.parametrize(("reason", "is_in"), [("any", True), ("price", True), ("schedule", False)])
def test_who_declined_is_a_segment(sent: Quote, house: House, reason: str, is_in: bool) -> None:
    sent.decline("price", person=house.cora)
    client = Client()
    client.force_login(house.mona.user)
    page = client.get(f"/{house.tenant.slug}/people/?declined={reason}").content.decode()
    assert ("Cora Customer" in page) == is_in
