"""Summaries: by rules without a model, by a model once it has answered, each sentence with its messages."""

import json
from collections.abc import Callable
from typing import Any

from assistant.calls.queue import may_ask
from assistant.models import AssistantCall, AssistantSetup, StoredSummary
from assistant.sources.sentences import amounts_and_days, asked_sentences, first_sentence, promised_sentences
from crm.people.erasure import erase
from crm.people.models import ProfilingObjection
from tests.assistant.records.conftest import Asks, Says
from tests.assistant.records.model_server import ModelServer
from tests.cast import House
from tests.followups.conftest import Browser
from tickets.models import Entry, Ticket

Model = Callable[..., AssistantSetup]


def test_sentences_leave_greetings_out() -> None:
    assert first_sentence("Hi Rita,\n\nThe roof leaks at the chimney. Bye") == "The roof leaks at the chimney."
    assert first_sentence("Beste Rita,\nHet dak lekt bij de schoorsteen.") == "Het dak lekt bij de schoorsteen."


def test_questions_and_requests_are_asked() -> None:
    text = "The crew was kind. Is water coming in?? Could you call me tomorrow. Kunt u bellen"
    assert asked_sentences(text) == ["Is water coming in??", "Could you call me tomorrow.", "Kunt u bellen"]


def test_promises_in_both_languages() -> None:
    assert promised_sentences("Thanks. I’ll check in this afternoon.") == ["I’ll check in this afternoon."]
    assert promised_sentences("Wij komen dinsdag langs.") == ["Wij komen dinsdag langs."]
    assert promised_sentences("Will I come?") == []


def test_amounts_and_days() -> None:
    assert amounts_and_days("It is $17,560 on Tuesday at 14:00, of €3.200") == ["$17,560", "€3.200", "Tuesday", "14:00"]


def test_a_summary_by_rules_cites_its_messages(house: House, ticket: Ticket, says: Says, rita: Browser) -> None:
    first = says("Hi, the roof leaks. When can you come?")
    says("We will come on Tuesday.", by=house.rita)
    last = says("There is a brown spot now. Is water coming in?")
    page = rita.get(f"assistant/conversations/{ticket.number}/", htmx=True)
    assert "Cora Customer wrote last" in page
    assert "Asked, and not answered yet: “Is water coming in?”" in page
    assert "Rita Rep promised" in page
    assert "Open: nobody has answered since" in page
    assert f'href="#e{first.uid}"' in page
    assert f'href="#e{last.uid}"' in page


def test_the_sources_are_links_to_the_conversation_on_a_page_without_it(
    ticket: Ticket, says: Says, rita: Browser
) -> None:
    entry = says("When can you come?")
    page = rita.get(f"assistant/conversations/{ticket.number}/")
    assert f'tickets/{ticket.number}/#e{entry.uid}"' in page
    assert f'href="#e{entry.uid}"' not in rita.get(f"assistant/conversation/{ticket.number}/summary/?page=1", htmx=True)


def test_a_day_is_named_once_with_a_capital_or_without(house: House, ticket: Ticket, says: Says, rita: Browser) -> None:
    says("Can you come tomorrow?")
    says("Tomorrow suits us best.")
    assert "Days and amounts named: Tomorrow." in rita.get(f"assistant/conversations/{ticket.number}/")


def test_an_answered_conversation_is_not_open(house: House, ticket: Ticket, says: Says, rita: Browser) -> None:
    says("When can you come?")
    says("On Tuesday.", by=house.rita)
    assert "Open:" not in rita.get(f"assistant/conversations/{ticket.number}/", htmx=True)


def test_a_note_for_somebody_else_is_not_summarized(house: House, ticket: Ticket, says: Says, rita: Browser) -> None:
    says("When can you come?")
    Entry.write(ticket, "The deck is rotten, @Mona Manager.", by=house.ada, audience="named")
    assert "rotten" not in rita.get(f"assistant/conversations/{ticket.number}/", htmx=True)


def test_job_customer_and_property_have_one_too(house: House, says: Says, rita: Browser, ada: Browser) -> None:
    says("There is a brown spot on the ceiling.")
    site = house.job.site
    assert site
    for path in (f"jobs/{house.job.number}", f"customers/{house.cora.uid}", f"properties/{site.uid}"):
        assert "brown spot" in ada.get(f"assistant/{path}/", htmx=True)


def test_the_model_is_asked_once_for_each_state(
    house: House, ticket: Ticket, says: Says, rita: Browser, model: Model, server: ModelServer, asks: Asks
) -> None:
    says("There is a brown spot on the ceiling.")
    model()
    page = rita.get(f"assistant/conversations/{ticket.number}/", htmx=True)
    assert "the language model is being asked" in page
    rita.get(f"assistant/conversations/{ticket.number}/", htmx=True)
    assert AssistantCall.objects.count() == 1
    server.answer = json.dumps({"sentences": [{"text": "A brown spot appeared.", "sources": [1], "open": True}]})
    asks()
    page = rita.get(f"assistant/conversations/{ticket.number}/", htmx=True)
    assert "A brown spot appeared." in page
    assert "by the language model" in page


def test_a_failed_call_is_not_repeated_for_the_same_messages(
    house: House, ticket: Ticket, says: Says, rita: Browser, model: Model, server: ModelServer, asks: Asks
) -> None:
    says("There is a brown spot on the ceiling.")
    model()
    asks()
    page = rita.get(f"assistant/conversations/{ticket.number}/", htmx=True)
    assert "by rules" in page
    assert AssistantCall.objects.count() == 1


def test_names_and_numbers_do_not_leave(
    house: House, ticket: Ticket, says: Says, model: Model, server: ModelServer, asks: Asks
) -> None:
    says("This is Cora Customer, 2207 Bayshore Ct. Call (813) 555-0142 about claim FL-2281904.")
    model()
    call: Any = asks()
    for secret in ("Cora", "Bayshore", "555-0142", "FL-2281904"):
        assert secret not in server.sent
        assert secret not in call.text
    assert call.hidden["phone"] == 1


def test_a_summary_escapes_what_people_wrote(ticket: Ticket, says: Says, rita: Browser) -> None:
    says("Look at <img src=x onerror=alert(1)> this roof please.")
    assert "<img" not in rita.get(f"assistant/conversations/{ticket.number}/", htmx=True)


def test_erasing_the_customer_deletes_what_was_written_about_them(
    house: House, ticket: Ticket, says: Says, model: Model, server: ModelServer, asks: Asks
) -> None:
    says("There is a brown spot on the ceiling.")
    model()
    server.answer = json.dumps({"sentences": [{"text": "A brown spot appeared.", "sources": [1], "open": True}]})
    call = asks()
    erase(house.cora, by=house.ada)
    call.refresh_from_db()
    assert (StoredSummary.objects.count(), call.text) == (0, "")


def test_no_model_reads_a_customer_who_objected(house: House, ticket: Ticket, says: Says, model: Model) -> None:
    says("There is a brown spot on the ceiling.")
    model()
    ProfilingObjection.objects.create(person=house.cora)
    assert not may_ask("summary", ticket)
