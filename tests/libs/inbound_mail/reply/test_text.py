"""What is seen of a plain text mail, in the languages and forms of the mail programs."""

import random

import pytest

from libs.inbound_mail.reply.split import split_reply
from tests.libs.inbound_mail.reply.cases import ANSWERS, ATTRIBUTIONS, HEADER_BLOCKS, QUOTED, TAGLINES


def of_all(cases: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(language, text) for language, texts in cases.items() for text in texts]


def marked(text: str, mark: str = "> ") -> str:
    return "\n".join(f"{mark}{line}" for line in text.split("\n"))


@pytest.mark.parametrize(("language", "attribution"), of_all(ATTRIBUTIONS))
@pytest.mark.parametrize("quote", [marked(QUOTED), QUOTED], ids=["marked", "bare"])
def test_a_quote_is_folded_with_the_line_above_it(language: str, attribution: str, quote: str) -> None:
    reply = split_reply(f"{ANSWERS[language]}\n\n{attribution}\n\n{quote}\n")
    assert reply.visible == ANSWERS[language]
    assert reply.quoted.split() == f"{attribution} {quote}".split()


@pytest.mark.parametrize(("language", "attribution"), of_all(ATTRIBUTIONS))
def test_an_answer_below_a_quote_is_seen(language: str, attribution: str) -> None:
    reply = split_reply(f"{attribution}\n{marked(QUOTED)}\n\n{ANSWERS[language]}\n")
    assert reply.visible == ANSWERS[language]


@pytest.mark.parametrize(("language", "block"), of_all(HEADER_BLOCKS))
@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["unix", "windows"])
def test_what_stands_below_a_header_block_is_folded(language: str, block: str, ends: str) -> None:
    mail = f"{ANSWERS[language]}\n\n{block}\n\n{QUOTED}\n"
    reply = split_reply(mail.replace("\n", ends))
    assert reply.visible.split() == ANSWERS[language].split()
    assert reply.quoted.split() == f"{block} {QUOTED}".split()


@pytest.mark.parametrize("line", ["25.11.2026 10:00, Rita Rep пишет:", "2026-11-25 10:00, Rita Rep wrote:"])
def test_a_line_that_begins_with_the_day_and_ends_with_the_verb_is_above_a_quote(line: str) -> None:
    assert split_reply(f"Да\n\n{line}\n> Когда?\n").visible == "Да"
    assert split_reply("25.11.2026 we agreed that you come.\nMy wife wrote: yes.\n").quoted == ""


@pytest.mark.parametrize("tagline", TAGLINES)
def test_what_a_phone_adds_is_signature(tagline: str) -> None:
    reply = split_reply(f"{ANSWERS['nl']}\n\n{tagline}\n\n{ATTRIBUTIONS['nl'][0]}\n{marked(QUOTED)}")
    assert (reply.visible, reply.signature) == (ANSWERS["nl"], tagline)


PROSE = [
    "On Monday the roof leaked.\nOn Tuesday I called you and you wrote: we will come.\nNobody came.",
    "On 3 November you wrote that it would be done.\nIt is not.",
    "I asked my wife, and she wrote down: two windows at 14:05.\nOn to the next thing.",
    "Op maandag kan ik niet.\nOp dinsdag 3 november om 14:05 wel.",
    "Van: Amsterdam\nNaar: Utrecht\nDatum: 3 november\nMeubels: een bank en twee stoelen",
    "From: Jan Jansen <jan@home.example>\nSubject: Quote for a roof\n\nMessage Body:\nPlease call me.",
    "Naam: Jan\nE-mail: jan@home.example\nDatum: morgen\nAan: wie dit leest",
    "I was sent from my insurer to you.\nIs that right?",
    "Sent from my desk, is much easier than my mobile phone.",
    "Le samedi 3 novembre je ne peux pas. Le lundi, oui.",
    "Am Montag, 3. November um 14:05 bin ich da.\nBitte schriftlich bestätigen.",
    "Two things:\n- the gutter\n- the chimney\n\n--\n\nand a third, which is longer than any signature would ever be.",
    "First part.\n\n________________________________\n\nSecond part.",
    "Visit us:\n>>> https://dak.example <<<\nThanks",
    "Kind regards from a sunny place.\nThe roof is fine.",
    "The number you asked for:\n\nThanks,\nJan\n\nIs 020 123 45 67 all right, or shall I call the other one?",
    "Please type your wishes here:",
    "I forwarded the message.\nForwarded message",
    "Este mensaje es para Dak BV: el tejado gotea otra vez.",
    "It is confidential, please do not tell my neighbour.",
    "Temperature > 20 and\n < 30, please",
    "",
    "  \n \n",
    "Ok",
]


@pytest.mark.parametrize("text", PROSE, ids=range(len(PROSE)))
def test_what_somebody_wrote_stays_as_it_is(text: str) -> None:
    assert split_reply(text).visible.split() == text.split()


INTERLEAVED = f"""Hi,

{ATTRIBUTIONS["en"][0]}

> Shall we come on Tuesday?

Yes.

> Which colour do you like, of those that
we showed you last week?

Red.

> Regards,
> Dak BV
"""


def test_answers_between_the_lines_keep_what_they_answer() -> None:
    reply = split_reply(INTERLEAVED)
    assert "> Shall we come on Tuesday?\n\nYes." in reply.visible
    assert "Which colour" in reply.visible
    assert "Red." in reply.visible
    assert "Dak BV" not in reply.visible
    assert "wrote:" in reply.quoted


def test_a_quote_somebody_pasted_stays_above_its_answer() -> None:
    text = "Hi\n\n> The roof is guaranteed for ten years.\n\nIs that so?"
    assert split_reply(text).visible == text


def test_the_rest_of_a_wrapped_quoted_line_is_quoted() -> None:
    quote = f"> {'which colour of the tiles do you like best, ' * 2}of those we\nshowed you?\n> Dak BV"
    assert split_reply(f"Red.\n\n{ATTRIBUTIONS['en'][2]}\n{quote}").visible == "Red."


def test_an_attribution_glued_to_the_answer() -> None:
    reply = split_reply("Yes please. On Wed, Nov 4, 2026 at 3:59 PM, info@dak.example wrote:\n> Hi")
    assert (reply.visible, reply.quoted[:7]) == ("Yes please.", "On Wed,")


FORWARDS = [
    "---------- Forwarded message ---------\nFrom: Piet <piet@home.example>\nDate: Tue, Nov 3, 2026\nSubject: Roof",
    "---------- Doorgestuurd bericht ---------\nVan: Piet <piet@home.example>\nDatum: 3 november\nOnderwerp: Dak",
    "Begin doorgestuurd bericht:\n\nVan: Piet <piet@home.example>\nDatum: 3 november 2026\nAan: Jan",
    "-------- Weitergeleitete Nachricht --------\nBetreff: Dach\nDatum: 3 Nov 2026\nVon: Piet\nAn: Jan",
    "---------- Message transféré ----------\nDe : Piet\nDate : 3 novembre 2026\nObjet : Toit\nÀ : Jan",
]


@pytest.mark.parametrize("head", FORWARDS, ids=range(len(FORWARDS)))
def test_what_is_passed_on_stays_visible(head: str) -> None:
    text = f"See below.\n\n{head}\n\nThe roof leaks.\n> and leaks"
    assert split_reply(text).visible == text


def test_a_forward_without_a_divider_is_known_by_its_subject() -> None:
    text = f"Can you help him?\n\n{HEADER_BLOCKS['nl'][0]}\n\nHet dak lekt."
    assert split_reply(text, subject="FW: Dak").visible == text
    assert split_reply(text, subject="RE: Dak").visible == "Can you help him?"


def test_our_own_mail_is_cut_at_its_line() -> None:
    text = "Yes.\n\n##- Reply above this line -##\n\nDear Jan, shall we come?"
    assert split_reply(text).visible == "Yes."
    assert split_reply("Ja.\n\n--- Antwoord boven deze lijn ---\nBeste Jan").visible == "Ja."


SIGNATURES = [
    "-- \nJan Jansen\nKerkstraat 12",
    "--\nJan Jansen",
    "Dak BV\nTel: 020 123 45 67\nwww.dak.example",
    "Manager\n\nM +31 6 1234 5678\nE jan@dak.example\nKerkstraat 12, 1017 GC Amsterdam",
    "De informatie verzonden met dit e-mailbericht is vertrouwelijk en uitsluitend bestemd voor de geadresseerde.",
    "This e-mail is confidential and intended solely for the addressee. If you received this in error, delete it.",
    "Diese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Empfänger sind, vernichten Sie sie.",
    "Ce message est confidentiel et destiné exclusivement à son destinataire; reçu par erreur, il est à détruire.",
    "_______________________________________________\nroofs mailing list\nhttps://lists.example/listinfo/roofs",
    "Virus-free.www.avast.com",
]


def test_a_closing_in_two_languages_and_a_name_on_behalf_stay() -> None:
    text = "Ja.\n\nMet vriendelijke groet / Kind regards,\n\ni. A. Jan Jansen"
    reply = split_reply(f"{text}\nDirecteur\nDak BV\nT 020-123 45 67")
    assert (reply.visible, reply.signature) == (text, "Directeur\nDak BV\nT 020-123 45 67")


def test_a_number_alone_below_a_name_stays() -> None:
    assert split_reply("Ja, bel maar.\n\nGroet,\nJan\n0612345678").visible.endswith("0612345678")


def test_a_line_above_a_marked_quote_needs_no_colon() -> None:
    assert split_reply("Ok\n\nOp di 3 nov 2026 om 14:05 schreef Dak BV\n\n> hoi").visible == "Ok"


def test_a_signature_below_the_quote_is_folded() -> None:
    reply = split_reply(f"Yes\n\n{ATTRIBUTIONS['en'][0]}\n> hi\n\n--\nJan Jansen")
    assert (reply.visible, reply.signature) == ("Yes", "--\nJan Jansen")


def test_a_rule_above_what_is_folded_is_folded() -> None:
    assert split_reply(f"Yes\n\n---\n\n{ATTRIBUTIONS['en'][0]}\n> hi").visible == "Yes"


@pytest.mark.parametrize("signature", SIGNATURES, ids=range(len(SIGNATURES)))
def test_a_signature_is_folded(signature: str) -> None:
    reply = split_reply(f"{ANSWERS['nl']}\n\n{signature}\n")
    assert reply.visible == ANSWERS["nl"]
    assert reply.signature.split() == signature.split()


def test_nothing_but_what_it_answers_below_a_header_block_is_all_shown() -> None:
    """Where somebody answered below it can't be told."""
    text = f"{HEADER_BLOCKS['en'][0]}\n\n{QUOTED}\n\nYes, come."
    assert split_reply(text).visible == text


def test_an_empty_answer_above_a_marked_quote_shows_nothing() -> None:
    assert split_reply(f"{ATTRIBUTIONS['en'][0]}\n{marked(QUOTED)}").visible == ""


PIECES = [
    *(text for texts in ATTRIBUTIONS.values() for text in texts),
    *(text for texts in HEADER_BLOCKS.values() for text in texts),
    *ANSWERS.values(),
    *SIGNATURES,
    *TAGLINES,
    *FORWARDS,
    *PROSE,
    QUOTED,
    marked(QUOTED),
    marked(marked(QUOTED), ">"),
]


@pytest.mark.parametrize("seed", range(60))
def test_no_word_is_lost_in_any_mixture(seed: int) -> None:
    mix = random.Random(seed)
    text = "\n".join(mix.choice(["", "\n", " ", "> "]) + mix.choice(PIECES) for _ in range(mix.randint(1, 14)))
    reply = split_reply(text)
    assert sorted(f"{reply.visible} {reply.folded}".split()) == sorted(text.split())


@pytest.mark.parametrize("line", ["On 3 Nov 2026 <x@y", "> ", "-- \n", "From: x\n", "a", "\n", "Sent from my iPhone\n"])
def test_thirty_thousand_lines_are_read(line: str) -> None:
    text = f"{line}\n" * 30_000
    reply = split_reply(text)
    assert len(f"{reply.visible} {reply.folded}".split()) == len(text.split())
