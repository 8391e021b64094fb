"""Mail that no person wrote, and mail that only looks so."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from libs.inbound_mail import classify
from tests.libs.inbound_mail.classification.verdicts import OWN, verdict
from tests.libs.inbound_mail.mails import mixed, read


def mails(name: str) -> list[Any]:
    """Return the raw mails of a file of this folder, named."""
    samples = Path(__file__).with_name(f"{name}.txt").read_text().split("=== ")[1:]
    parts = [sample.partition("\n") for sample in samples]
    return [pytest.param(raw, id=label) for label, _end, raw in parts]


def kind_of(raw: str) -> str:
    return classify(read(f"To: info@example.nl\nDate: Sun, 22 Nov 2026 09:00:00 +0100\n{raw}"), own=OWN).kind


@pytest.mark.parametrize("raw", mails("written_mails"))
def test_a_person_or_a_form_wrote_it_whatever_its_headers_say(raw: str) -> None:
    assert kind_of(raw) == "person"


@pytest.mark.parametrize("raw", mails("automatic_mails"))
def test_nobody_wrote_it(raw: str) -> None:
    assert kind_of(raw) in {"auto_reply", "list"}


AWAY = "I am out of the office until 3 December. For urgent matters call my colleague."


@pytest.mark.parametrize(
    "field",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated (failure)",
        "Auto-Submitted: auto-notified; owner-email=x",
        "X-Autoreply: yes",
        "X-Autorespond: 1",
        "X-Auto-Response-Suppress: All",
        "Precedence: auto_reply",
        "Precedence: junk",
        "X-Apple-Action: VACATION",
        "X-FC-MachineGenerated: true",
        "Return-Path: <>",
    ],
)
def test_by_a_header(field: str) -> None:
    assert verdict("Thanks, we got it", field).kind == "auto_reply"


@pytest.mark.parametrize(
    "field",
    [
        "Auto-Submitted: no",
        "X-Autoreply: no",
        "X-Auto-Response-Suppress: DR, OOF, AutoReply",
        "X-Auto-Response-Suppress: All\nX-Mailer: Microsoft Outlook 16.0",
        "Precedence: normal",
        "X-Loop: somebody@example.org",
        # A server that passes mail on says it for itself, above where the mail came in.
        "Precedence: bulk\nReceived: from mail.example.org by mx.example.com; Sun, 22 Nov 2026 09:00:00 +0100",
        "List-Unsubscribe: <https://example.com/u>",
        "List-Id: <info.example.nl>\nPrecedence: list",
        "X-MS-Exchange-Inbox-Rules-Loop: bob@example.com",
        "X-Forwarded-For: ann@example.com info@example.nl\nX-Forwarded-To: info@example.nl",
        "Resent-From: bob@example.com",
        "ARC-Seal: i=1; a=rsa-sha256",
        "Disposition-Notification-To: ann@example.com",
    ],
)
def test_a_person_in_spite_of_a_header(field: str) -> None:
    assert verdict("Could you call me about the kitchen?", field).kind == "person"


@pytest.mark.parametrize("subject", Path(__file__).with_name("automatic_subjects.txt").read_text().splitlines())
def test_by_its_subject(subject: str) -> None:
    assert verdict(AWAY, subject=subject).kind == "auto_reply"


@pytest.mark.parametrize(
    "subject", ["Out of Office: Offer", "Vacation reply", "Frånvaro: Offert", "Poissaoloilmoitus", "Abwesenheitsnotiz"]
)
def test_by_its_subject_alone_where_a_program_calls_it_so(subject: str) -> None:
    assert verdict("Jag svarar nästa vecka.", subject=subject).kind == "auto_reply"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Out of office: could you come when we are away?", "We are on vacation. Could you come then?"),
        ("Out of office space", "We need an extension."),
        ("Re: Automatic reply: Offer", "Enjoy your holiday, we speak when you are back"),
        ("Vakantie planning", "Kunnen we de keuken voor de vakantie plaatsen?"),
        ("Urlaub", "Wir möchten eine Reise buchen"),
        ("Holiday", "I am away until Monday, can you call me on Tuesday?"),
        ("Absence of a reply", "You never answered me"),
        ("Automatic door", "Our automatic door is broken"),
        (
            "Accepted: your offer",
            "We accept your offer. When can you start? I hope before Christmas.",
        ),
        ("Offer", "Good day\n\nOn Mon, 1 Nov 2026 info wrote:\n> This is an automatic message"),
        ("Re: Offer", "Thank you for your offer. We are on vacation until Monday and will decide after that."),
        ("Re: Offer", "Thanks for the quote. We received your message but not the drawings. Could you send them?"),
        ("Read: the meter", "The meter says 1234."),
        ("Vakantie", "Wij gaan op vakantie van 1 tot 5 december, kunt u daarvoor komen?"),
        ("Absent", "Je suis absent jusqu'au 3 décembre, pouvez-vous venir après ?"),
        ("Out of office furniture", "I would like to buy some."),
        ("Invoice", "The invoice was automatically generated and its amount is wrong."),
    ],
)
def test_a_person_in_spite_of_words(subject: str, text: str) -> None:
    assert verdict(text, subject=subject).kind == "person"


@pytest.mark.parametrize(
    "text",
    [
        "Thank you for contacting us. This is an automated response, please do not reply to this email.",
        "Your request (12345) has been received and is being reviewed by our support staff.",
        "Dit is een automatisch gegenereerd bericht. Wij hebben uw vraag ontvangen.",
        "Dies ist eine automatisch generierte Nachricht. Bitte antworten Sie nicht auf diese E-Mail.",
        "Ceci est un message automatique, merci de ne pas répondre.",
        "Thank you for your message. I am out of the office until Monday. For urgent matters call Bob.",
        "Bedankt voor uw mail. Ik ben op vakantie en ben maandag weer bereikbaar.",
        "Thank you for contacting us. We have received your request and reply within two business days.",
        "Bedankt voor je bericht. We hebben je vraag in goede orde ontvangen en antwoorden binnen één werkdag.",
        "Vielen Dank für Ihre Nachricht. Wir haben Ihre Anfrage erhalten, Ticket 4711.",
        "Este es un mensaje automático. Por favor, no responda a este correo.",
        "Questo messaggio è stato generato automaticamente. Si prega di non rispondere.",
    ],
)
def test_by_its_own_words(text: str) -> None:
    assert verdict(text, subject="We received your request").kind == "auto_reply"


def test_an_address_nobody_reads_unless_it_gives_another_for_answers() -> None:
    assert verdict("Your invoice", sender="noreply@shop.example").kind == "auto_reply"
    assert verdict("New lead", "Reply-To: bob@example.com", sender="noreply@portal.example").kind == "person"


def test_a_read_receipt() -> None:
    disposition = (
        "Content-Type: message/disposition-notification\n\nFinal-Recipient: rfc822;a@b.nl\nDisposition: x/y; displayed"
    )
    raw = mixed("\nYour message was displayed", disposition, kind="report; report-type=disposition-notification")
    assert classify(read(raw), own=OWN).kind == "auto_reply"
    assert verdict("Uw bericht is gelezen", subject="Gelezen: Offerte").kind == "auto_reply"


def test_a_calendars_answer() -> None:
    raw = mixed("\nI will be there", "Content-Type: text/calendar; method=REPLY\n\nBEGIN:VCALENDAR\nMETHOD:REPLY\n")
    assert classify(read(raw), own=OWN).kind == "auto_reply"
    invitation = mixed(
        "\nPlease come", "Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\nMETHOD:REQUEST\n"
    )
    assert classify(read(invitation), own=OWN).kind == "person"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("I'm out of the office. I'm back on 3 December.", date(2026, 12, 3)),
        ("I will return on December 3rd, 2026.", date(2026, 12, 3)),
        ("Out of office until Monday 30 November.", date(2026, 11, 30)),
        ("I am away from 20 November to 27 November, back on Monday.", date(2026, 11, 23)),
        ("I am on leave through 3 December.", date(2026, 12, 4)),
        ("I am away until 3 January.", date(2027, 1, 3)),
        ("Back on 2026-12-03.", date(2026, 12, 3)),
        ("Ik ben afwezig en ben terug op 3 december.", date(2026, 12, 3)),
        ("Ik ben afwezig tot en met 3 december.", date(2026, 12, 4)),
        ("Ik ben met vakantie t/m 3-12-2026.", date(2026, 12, 4)),
        ("Ik ben maandag weer bereikbaar. Terug op maandag.", date(2026, 11, 23)),
        ("Ich bin bis einschließlich 3.12. nicht im Büro.", date(2026, 12, 4)),
        ("Ich bin ab dem 3. Dezember wieder erreichbar.", date(2026, 12, 3)),
        ("Ich bin am 3. Dezember wieder da.", date(2026, 12, 3)),
        ("Ich bin bis 03.12.2026 abwesend.", date(2026, 12, 3)),
        ("Je suis absent, de retour le 3 décembre.", date(2026, 12, 3)),
        ("Je suis en congés jusqu'au 3 décembre inclus.", date(2026, 12, 4)),
        ("Estoy fuera de la oficina. Volveré el 3 de diciembre.", date(2026, 12, 3)),
        ("Estoy de vacaciones hasta el 3 de diciembre.", date(2026, 12, 3)),
        ("Sono in ferie, torno il 3 dicembre.", date(2026, 12, 3)),
        ("Sono assente fino al 3 dicembre compreso.", date(2026, 12, 4)),
        ("Estou de férias e estarei de volta em 3 de dezembro.", date(2026, 12, 3)),
        ("Estou ausente até 03/12/2026.", date(2026, 12, 3)),
        ("I am out of the office. Call me.", None),
        ("I am away. We were founded on 3 March 1998.", None),
        ("I am out of the office until 31 November.", None),
    ],
)
def test_the_day_of_return(text: str, day: date | None) -> None:
    assert verdict(text, "Auto-Submitted: auto-replied", subject="Out of office").returns_on == day


def test_an_american_writes_the_month_first() -> None:
    found = verdict("Back on 12/3/2026", "Auto-Submitted: auto-replied", date="Sun, 22 Nov 2026 09:00:00 -0800")
    assert found.returns_on is None or found.returns_on == date(2026, 12, 3)
