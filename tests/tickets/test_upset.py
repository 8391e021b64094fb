"""A customer who sounds upset is noticed by whole words, once a day, and becomes more urgent (docs/rules.md#k12)."""

from datetime import timedelta

import pytest

from crm.automation.definition import Definition
from crm.automation.engine.judgement import judge_conditions
from crm.automation.models import Rule
from crm.automation.setup import ReadRule
from crm.jobs.models import Priority
from crm.kernel import clock
from crm.platform.models import Event
from tests.tickets.messages import message
from tickets.life.upset import notice_upset, upset_word
from tickets.models import Ticket


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("This is RIDICULOUS!", "ridiculous"),
        ("I am fed  up, nobody answers", "fed up"),
        ("Dit is de derde mail, onacceptabel.", "onacceptabel"),
        ("Er is nog steeds geen monteur", "nog steeds geen"),
        ("Je suis très déçu", "decu"),
        ("The booster is fine, no problem at all", ""),
        ("De bosrand is mooi", ""),
        ("", ""),
    ],
)
def test_whole_words_of_five_languages(text: str, word: str) -> None:
    assert upset_word(text) == word


@pytest.mark.django_db
def test_it_is_noticed_once_a_day_and_raises_the_priority(ticket: Ticket) -> None:
    def told() -> list[str]:
        upset = Event.objects.of(ticket).filter(kind="ticket.upset").order_by("pk")
        return list(upset.values_list("data__word", flat=True))

    for text, automatic in (("Unacceptable", "auto_reply"), ("All fine", ""), ("Unacceptable!", ""), ("A scam!", "")):
        ticket.receive(message("in", text=text, automatic=automatic))
    received = list(Event.objects.of(ticket).filter(kind="ticket.received").order_by("pk"))
    notice_upset(received)
    notice_upset(received)
    ticket.refresh_from_db()
    assert (told(), ticket.priority) == (["unacceptable"], Priority.HIGH)
    with clock.at(clock.now() + timedelta(days=1)):
        notice_upset(received[-1:])
    assert told() == ["unacceptable", "scam"]
    # As a condition of triggers and of the inbox it holds for a month.
    rule = Rule(name="Upset")
    read = ReadRule.of(rule, Definition("ticket", "ticket.received", where="where=upset:is:1"))
    for days, holds in ((2, True), (32, False)):
        with clock.at(clock.now() + timedelta(days=days)):
            found = judge_conditions(read.kind, [ticket.pk], read.groups)[ticket.pk]  # type: ignore[arg-type]
            assert found["upset:is:1"] is holds
