"""Sentences that rows store: told in the reader's language, whoever caused them; plain text stays as it is."""

import pickle

from django.utils import translation

from comms.models import Inbound
from comms.stored_words import (
    StoredSentence,
    join_sentences,
    read_text,
    sentence_of,
    stored_gettext,
    translate_sentence,
    words_of,
)
from crm.kernel import clock
from libs.sentence import Sentence

HEADER = "Its header says that it was sent automatically (%(name)s)."


def header() -> StoredSentence:
    return stored_gettext(HEADER) % {"name": "X-Loop"}


def test_a_sentence_written_in_dutch_is_read_in_english() -> None:
    with translation.override("nl"):
        written = header()
        dutch = str(written)
    assert dutch != HEADER % {"name": "X-Loop"}
    assert read_text(dutch, words_of(written)) == HEADER % {"name": "X-Loop"}


def test_joined_and_nested_sentences_are_read_whole() -> None:
    with translation.override("nl"):
        nested = stored_gettext("%(reason)s (%(answer)s)") % {"reason": header(), "answer": "550"}
        joined = join_sentences(nested, stored_gettext("It is not about a message of ours."))
    expected = f"{HEADER % {'name': 'X-Loop'}} (550) It is not about a message of ours."
    assert read_text("Nederlands", words_of(joined)) == expected
    assert join_sentences("", header()) == header()


def test_a_text_without_words_stays_as_it_is() -> None:
    assert words_of("550 no such user") is None
    assert words_of(header()[:20]) is None
    assert read_text("Oude reden", None) == "Oude reden"
    assert read_text("", words_of(header())) == ""


def test_an_exception_and_a_cache_keep_the_words() -> None:
    assert words_of(sentence_of(ValueError(header()))) == words_of(header())
    assert words_of(pickle.loads(pickle.dumps(header()))) == words_of(header())
    assert sentence_of(ValueError()) == ""


def test_a_row_tells_its_reason_in_the_language_of_whoever_reads_it() -> None:
    inbound = Inbound(received_at=clock.now())
    with translation.override("nl"):
        inbound.settle(Inbound.State.PARKED, "parked", header())
    assert inbound.reason != inbound.reason_text == header()
    inbound.settle(Inbound.State.STORED, "", "")
    assert (inbound.reason_text, inbound.reason_words) == ("", None)


def test_a_librarys_sentence_is_told_and_stored_with_its_words() -> None:
    somebody = Sentence("somebody")
    with translation.override("nl"):
        told = translate_sentence(Sentence("Somebody forwarded an email from %(who)s.") % {"who": somebody})
    assert told == "Iemand heeft een e-mail van iemand doorgestuurd."
    assert read_text(told, words_of(told)) == "Somebody forwarded an email from somebody."
