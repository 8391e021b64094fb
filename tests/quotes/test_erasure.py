"""A person who is erased: texts of their quotes go, a signed contract stays."""

from crm.people.erasure import ErasureSubject
from quotes.erasure import DATA
from quotes.models import Quote, QuoteAcceptance, QuoteChoice, QuoteQuestion, QuoteState
from tests.cast import House
from tests.quotes.offers import choice_of, signature_of

[QUOTES] = DATA


def erase(house: House) -> None:
    people = frozenset({house.cora.pk})
    assert QUOTES.count(people) == 1
    QUOTES.erase(ErasureSubject(people=people, values=(), name="–", by=house.ada))


def test_texts_and_choices_go(sent: Quote, house: House) -> None:
    sent.revise(by=house.rita)
    sent.set_texts(intro="Dear Cora", by=house.rita)
    sent.ask(house.cora, "My neighbour Carl pays less.")
    sent.choose(house.cora, choice_of(sent).option_id, ())
    erase(house)
    sent.refresh_from_db()
    assert (sent.title, sent.state, sent.newest_version().intro) == ("–", QuoteState.WITHDRAWN, "")
    assert QuoteQuestion.objects.get().text == "–"
    assert not QuoteChoice.objects.exists()


def test_a_signed_quote_stays(sent: Quote, house: House) -> None:
    sent.accept(choice_of(sent), signature_of(house.cora))
    erase(house)
    sent.refresh_from_db()
    assert (sent.title, QuoteAcceptance.objects.get().signed_name) == ("Your new roof", "Cora Customer")
