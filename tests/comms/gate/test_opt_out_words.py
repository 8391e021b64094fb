"""What counts as STOP, START or HELP, what does not, and what a person is asked about."""

import pytest

from comms.gate.consent.opt_out_words import read


@pytest.mark.parametrize(
    "text",
    "STOP|stop|Stop.|STOP!!|stopall|Stop all|UNSUBSCRIBE|cancel|END|quit|opt out|opt-out|Optout|revoke|"
    "STOPPEN|afmelden|Uitschrijven|Afmelden!".split("|"),
)
def test_single_words_stop(text: str) -> None:
    found = read(text)
    assert (found.kind, found.is_word, found.medium) == ("stop", True, "here")


@pytest.mark.parametrize(
    ("text", "kind"),
    [("START", "start"), ("yes", "start"), ("Unstop", "start"), ("HELP", "help"), ("info?", "help"), ("hulp", "help")],
)
def test_single_words_start_and_ask(text: str, kind: str) -> None:
    assert read(text).kind == kind


@pytest.mark.parametrize(
    ("text", "medium"),
    [
        ("Please stop texting me", "here"),
        ("stop texting me!!!", "here"),
        ("STOP PLEASE", "here"),
        ("please stop", "here"),
        ("Can you please stop texting me?", "here"),
        ("Stop texting me, I already have a roofer", "here"),
        ("Stop sending me these messages", "here"),
        ("stop the texts please", "here"),
        ("Hi, please stop sending texts. Thanks", "here"),
        ("don't text me", "here"),
        ("Do not text me again", "here"),
        ("Don’t message me anymore", "here"),
        ("no more texts please", "here"),
        ("No more messages", "here"),
        ("unsubscribe me", "here"),
        ("I want to unsubscribe", "here"),
        ("please unsubscribe me from this list", "here"),
        ("opt me out", "here"),
        ("How do I unsubscribe?", "here"),
        ("how can I stop these texts", "here"),
        ("I don't want any more texts from you", "here"),
        ("Stop emailing me", "email"),
        ("do not call me", "call"),
        ("stop calling", "call"),
        ("Stop contacting me", ""),
        ("Leave me alone", ""),
        ("Lose my number.", ""),
        ("Please remove me from your list", ""),
        ("take me off your mailing list", ""),
        ("Take my number off the list", None),
        ("Remove my number from your database please", ""),
        ("Haal me van de lijst", ""),
        ("haal mij aub van jullie lijst af", ""),
        ("Geen berichten meer", "here"),
        ("Stuur mij geen berichten meer", "here"),
        ("Ik wil geen sms meer ontvangen", "here"),
        ("graag geen mails meer", "here"),
        ("Stop met sms'en", "here"),
        ("Wilt u stoppen met appen?", "here"),
        ("meld me af", "here"),
        ("Graag uitschrijven", "here"),
        ("app me niet meer", "here"),
        ("Bel mij niet meer", "call"),
        ("niet meer mailen aub", "email"),
        ("Laat me met rust", ""),
        ("stop maar", "here"),
    ],
)
def test_sentences_stop(text: str, medium: str | None) -> None:
    found = read(text)
    if medium is None:
        # Of a list they do not name as ours, a person is asked.
        assert found.kind in ("stop", "unclear")
    else:
        assert (found.kind, found.medium, found.is_word) == ("stop", medium, False)


@pytest.mark.parametrize(
    "text",
    [
        "don't stop the work",
        "Please don't stop texting me updates",
        "stop by tomorrow",
        "Can you stop by at 4 and text me when you leave?",
        "The rain won't stop",
        "Could you stop over on Friday?",
        "We need to cancel the appointment on Friday",
        "cancel my visit please",
        "The leak stopped",
        "End of the week is fine",
        "I will quit my job",
        "The bus stop is in front of the house",
        "yes that works",
        "Yes please",
        "help me choose a colour",
        "Ik heb nog geen berichten gehad",
        "De stop is doorgeslagen in de meterkast",
        "Kunnen jullie stoppen met het werk tot maandag?",
        "Ik meld me morgen",
        "Geen probleem",
        "Er is geen stroom meer",
        "",
        "👍",
        "x" * 5000 + " stop texting me",
    ],
)
def test_what_is_no_request(text: str) -> None:
    assert read(text).kind == ""


@pytest.mark.parametrize(
    "text",
    [
        "Wrong number",
        "Please stop, the dog is loose",
        "If you text me once more I will stop using your company",
        "My wife would like to unsubscribe from the emails I think",
        "Ik krijg geen berichten meer van jullie, klopt dat?",
        "Is there a way to opt out of the sms for my tenants but not me",
    ],
)
def test_what_a_person_is_asked_about(text: str) -> None:
    assert read(text).kind == "unclear"


IN_OTHER_WORDS = {
    "stop": """
        STOP STOP STOP|I said stop|stop sending me these|Please remove me|Delete my number|pls stop txting me|unsub
        I withdraw my consent to receive texts|Not interested stop texting|Stop. Thank you|stoooop|S T O P|🛑
        I no longer wish to receive messages|Quit texting me|opt out please|Enough! Stop texting me
        ALTO|Basta|Por favor no me escriba más|No más mensajes|darme de baja|Deje de mandarme mensajes
        Gelieve mij uit te schrijven|Verwijder mijn nummer|Stuur geen berichten meer|hou op met appen
        Abmelden|Keine SMS mehr bitte|Bitte löschen Sie meine Nummer|Schreiben Sie mir nicht mehr
        I want to stop receiving these|I would like to be removed|I want out|Please erase my data
        Quiero dejar de recibir mensajes|quiero dejar de recibir esto|st0p
        ST0P texting me|ARRÊT|Désabonnez-moi|Je ne veux plus recevoir de messages|Ne m'écrivez plus
    """,
    "unclear": """
        no more|No más|please stop I'm at work|You keep texting me about this|too many messages!! enough|this is spam
        not interested|No thanks, not interested|block|Block this number|Geen interesse|No me interesa
        No texts|You are spamming me|I never signed up for this|Ik wil dit niet meer krijgen
        Who is this? Stop|I don't want to hear from you ever again about this|No soy esa persona, numero equivocado
    """,
    "": """
        It stopped|When will it stop?|Please stop the water coming in!|Don't stop now|Stop at the gate and call
        You did not text me|I do not get your messages|Can you get me the list?|Drop me a message|No email, just text
        Can you remove the old gutters?|Please delete my message, wrong photo|I withdraw my offer on the shed
        Take me off the schedule for Tuesday|No more leaks, thank you!|Thanks for stopping by|No calls today please
        No texts?|When will the shingles be removed?|I would like it to be removed|Did you get my data sheet?
        Not interested in gutters, only the roof|I live one block away|Are you interested?
        De lekkage stopt niet|Stop bij het hek en bel aan|La gotera no para|Deje un mensaje con mi esposa
        Die Nachricht kam nicht an|Es hört nicht auf zu regnen|La fuite ne s'arrête pas|Je n'ai pas reçu le message
    """,
}


@pytest.mark.parametrize("kind", IN_OTHER_WORDS)
def test_wishes_in_peoples_own_words(kind: str) -> None:
    texts = [text.strip() for line in IN_OTHER_WORDS[kind].splitlines() for text in line.split("|") if text.strip()]
    assert {text: read(text).kind for text in texts} == dict.fromkeys(texts, kind)
