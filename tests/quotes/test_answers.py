"""What customers do with a quote, and what they can't: accept another price, a late one, or somebody else's."""

from datetime import timedelta
from typing import Any

import pytest

from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import Person
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from quotes.models import Quote, QuoteAcceptance, QuoteChoice, QuoteQuestion, QuoteState, QuoteView
from quotes.models.acceptance import OfferChoice
from tests.cast import House, load_cast
from tests.quotes.conftest import NOW
from tests.quotes.offers import choice_of, line_of, signature_of, write_quote
from tests.together import together


def last_event(quote: Quote) -> Event:
    event: Event = Event.objects.of(quote).order_by("pk").last()
    return event


def test_a_choice_is_accepted_with_its_price(sent: Quote, house: House) -> None:
    accepted = sent.accept(choice_of(sent, "Gutters"), signature_of(house.cora))
    assert (accepted.total, accepted.deposit) == (150_000, 45_000)
    assert (sent.state, sent.total) == (QuoteState.ACCEPTED, 150_000)
    event = last_event(sent)
    assert (event.kind, event.data["total"], event.data["deposit"]) == ("quote.accepted", 150_000, 45_000)


def test_the_same_click_again_is_the_same_acceptance(sent: Quote, house: House) -> None:
    choice = choice_of(sent)
    first = sent.accept(choice, signature_of(house.cora))
    assert sent.accept(choice, signature_of(house.cora)).pk == first.pk
    assert Event.objects.filter(kind="quote.accepted").count() == 1


def test_somebody_else_cannot_accept_it_again(sent: Quote, house: House) -> None:
    other = Person.objects.create(name="Carl Customer")
    choice = choice_of(sent)
    sent.accept(choice, signature_of(house.cora))
    with pytest.raises(Refused, match="Cora Customer has accepted"):
        sent.accept(choice, signature_of(other))


def test_a_price_that_changed_meanwhile_is_refused(sent: Quote, house: House) -> None:
    seen = choice_of(sent)
    sent.revise(by=house.rita)
    sent.change_lines({line_of(sent, "Gutters"): {"unit_price": 30_000}}, by=house.rita)
    sent.send(by=house.rita)
    with pytest.raises(Refused, match="changed since you opened it"):
        sent.accept(seen, signature_of(house.cora))
    assert not QuoteAcceptance.objects.exists()


def test_so_is_a_choice_other_than_the_one_on_the_screen(sent: Quote, house: House) -> None:
    seen = choice_of(sent, "Gutters")
    forged = OfferChoice(seen.version, seen.option_id, frozenset(), seen.hash)
    with pytest.raises(Refused, match="changed since"):
        sent.accept(forged, signature_of(house.cora))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"is_forwarded": True}, "sent to somebody else"),
        ({"has_code": False}, "it is you"),
        ({"name": "  "}, "full name"),
        ({"consent": ""}, "agree to sign"),
        ({"method": "stamped"}, "agree to sign"),
    ],
)
def test_a_signature_that_proves_too_little_is_refused(
    sent: Quote, house: House, changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        sent.accept(choice_of(sent), signature_of(house.cora, **changes))


def test_an_expired_quote_is_refused_even_before_it_is_marked(sent: Quote, house: House) -> None:
    choice = choice_of(sent)
    with clock.at(NOW + timedelta(days=31)), pytest.raises(Refused, match="expired"):
        sent.accept(choice, signature_of(house.cora))


@pytest.mark.parametrize(("verb", "sentence"), [("withdraw", "withdrawn"), ("decline", "declined")])
def test_an_ended_quote_is_refused(sent: Quote, house: House, verb: str, sentence: str) -> None:
    choice = choice_of(sent)
    arguments = ("price",) if verb == "decline" else ()
    getattr(sent, verb)(*arguments, by=house.rita)
    with pytest.raises(Refused, match=sentence):
        sent.accept(choice, signature_of(house.cora))


def test_an_option_of_another_quote_is_refused(sent: Quote, house: House) -> None:
    choice = choice_of(sent)
    with pytest.raises(Refused, match="one of the options"):
        sent.accept(OfferChoice(choice.version, 0, frozenset(), choice.hash), signature_of(house.cora))


def test_a_line_that_must_stay_is_not_taken_off(sent: Quote, house: House) -> None:
    kept = sent.choose(house.cora, choice_of(sent).option_id, {line_of(sent, "Shingles, 30 years")})
    assert (kept.unticked, kept.total) == ([], 170_000)


def test_what_was_chosen_last_is_kept(sent: Quote, house: House) -> None:
    for unticked in ((), ("Gutters",)):
        choice = choice_of(sent, *unticked)
        sent.choose(house.cora, choice.option_id, choice.unticked)
    assert QuoteChoice.objects.get().total == 150_000


def test_a_question_is_kept_and_it_is_our_turn(sent: Quote, house: House) -> None:
    sent.ask(house.cora, "Could you start in July?")
    assert (QuoteQuestion.objects.get().text, sent.asked_at) == ("Could you start in July?", NOW)
    assert Job.objects.get(pk=house.job.pk).waiting_since == NOW
    with pytest.raises(Refused, match="Write what"):
        sent.ask(house.cora, " ")


def test_a_change_is_asked_for_with_the_choice(sent: Quote, house: House) -> None:
    choice = choice_of(sent, "Gutters")
    question = sent.request_change(house.cora, "", choice.option_id, choice.unticked)
    assert (question.total, question.wants_change) == (150_000, True)
    assert last_event(sent).kind == "quote.change_requested"


def test_declining_has_a_reason(sent: Quote, house: House) -> None:
    with pytest.raises(Refused, match="reason"):
        sent.decline("", person=house.cora)
    sent.decline("price", note="A neighbour pays less", person=house.cora)
    sent.decline("other", person=house.cora)
    assert (sent.state, sent.decline_reason) == (QuoteState.DECLINED, "price")
    assert last_event(sent).data["reason"] == "price"


def test_views_are_counted_by_visit(sent: Quote, house: House) -> None:
    look = {"person": house.cora, "is_first_device": True, "gave_code": False}
    for minutes, seconds in ((0, 60), (5, 30), (120, 9_999)):
        with clock.at(NOW + timedelta(minutes=minutes)):
            sent.note_view("one", seconds=seconds, **look)
    view = QuoteView.objects.get()
    assert (view.visits, view.seconds) == (2, 60 + 30 + 1800)
    assert Event.objects.filter(kind="quote.viewed").count() == 2


def test_another_device_without_a_code_looks_forwarded(sent: Quote, house: House) -> None:
    sent.note_view("two", person=house.cora, is_first_device=False, gave_code=False)
    sent.note_view("two", person=house.cora, is_first_device=False, gave_code=False)
    assert last_event(sent).kind == "quote.forwarded"
    sent.note_view("two", person=house.cora, is_first_device=False, gave_code=True)
    assert not QuoteView.objects.get().looks_forwarded


def test_of_two_who_accept_at_once_one_is_refused(transactional_db: None) -> None:
    house = load_cast().house
    with use_tenant(house.tenant):
        sent = write_quote(house)
        sent.send(by=house.rita)
        people = [house.cora, Person.objects.create(name="Carl Customer")]
        choice = choice_of(sent)

    def accept(person: Person) -> str:
        with use_tenant(house.tenant):
            try:
                Quote.objects.get(pk=sent.pk).accept(choice, signature_of(person))
            except Refused as why:
                return str(why)
            return "accepted"

    answers = together(lambda: accept(people[0]), lambda: accept(people[1]))
    assert answers.count("accepted") == 1
    with use_tenant(house.tenant):
        winner = QuoteAcceptance.objects.get().signed_name
        assert f"{winner} has accepted this quote already." in answers
        assert Event.objects.filter(kind="quote.accepted").count() == 1


def test_acceptance_and_a_new_version_at_once_never_mix(transactional_db: None) -> None:
    """Either the customer has accepted what they saw, or they are told that it has changed."""
    house = load_cast().house
    with use_tenant(house.tenant):
        sent = write_quote(house)
        sent.send(by=house.rita)
        choice = choice_of(sent)
        sent.revise(by=house.rita)
        sent.change_lines({line_of(sent, "Gutters"): {"unit_price": 1}}, by=house.rita)

    def run(act: Any) -> str:
        with use_tenant(house.tenant):
            try:
                act(Quote.objects.get(pk=sent.pk))
            except Refused as why:
                return str(why)
            return "done"

    answers = together(
        lambda: run(lambda row: row.accept(choice, signature_of(house.cora))),
        lambda: run(lambda row: row.send(by=house.rita)),
    )
    assert answers.count("done") == 1
    with use_tenant(house.tenant):
        accepted = QuoteAcceptance.objects.filter(total=170_000).count()
        assert accepted == (answers[0] == "done")
