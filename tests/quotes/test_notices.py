"""What members are told of quotes."""

from crm.platform.models import Event
from crm.web.models import Notice
from quotes.models import Quote
from quotes.notices import ANSWERED, tell_owner
from tests.cast import House
from tests.quotes.offers import choice_of, signature_of


def test_who_works_on_the_lead_is_told_of_an_acceptance(sent: Quote, house: House) -> None:
    sent.accept(choice_of(sent), signature_of(house.cora))
    tell_owner(Event.objects.filter(kind="quote.accepted"))
    assert [(notice.kind, notice.member_id) for notice in Notice.objects.all()] == [(ANSWERED, house.rita.pk)]
