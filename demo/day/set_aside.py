"""What came in and nobody has to answer: automatic answers, newsletters, spam, copies; and who is not known yet."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from comms.models import Channel, Direction, Inbound, Medium, Message
from comms.models.message import SPAM, searchable_text
from crm.kernel import clock, formats
from crm.people.models import ContactPoint, Person
from crm.platform.organization.configuration import directory
from tickets.matching.placement import place_messages


class SetAsideMail(NamedTuple):
    """A mail: why it is set aside, who wrote it, how many hours ago, and what it says."""

    automatic: str
    name: str
    address: str
    hours: float
    subject: str
    text: str


class Stranger(NamedTuple):
    """Somebody who wrote and whom nobody has confirmed yet."""

    name: str
    address: str
    hours: float
    subject: str
    text: str


MAILS: Mapping[str, tuple[SetAsideMail, ...]] = {
    "en": (
        SetAsideMail(
            *("auto_reply", "Gulf Pointe Dental", "office@gulfpointe.example", 3.4),
            "Automatic reply: Your inspection",
            "Our office is closed until Monday. For urgent matters call the number on our website.",
        ),
        SetAsideMail(
            *("auto_reply", "City of Tampa Permits", "noreply@permits.example", 21),
            "Permit BLD-26-0417: received",
            "We have received your application. This mailbox is not read.",
        ),
        SetAsideMail(
            *("list", "Shingle Supply Weekly", "news@shinglesupply.example", 7.5),
            "Prices for underlayment this week",
            "This week: synthetic underlayment from $68 a roll. Unsubscribe at the bottom of this mail.",
        ),
        SetAsideMail(
            *("list", "Roofing Contractors Association", "bulletin@roofers.example", 50),
            "Your November bulletin",
            "Safety training dates, and what changes in the building code.",
        ),
        SetAsideMail(
            *(SPAM, "Best Rank SEO", "hello@best-rank.example", 5.2),
            "Get your website on page one of Google",
            "Dear owner, we found 14 errors on your website. Reply YES for a free report.",
        ),
        SetAsideMail(
            *(SPAM, "Invoice Dept", "billing@invoice-service.example", 30),
            "Overdue invoice 88213",
            "Please open the attached invoice and pay today to avoid fees.",
        ),
        SetAsideMail(
            *("duplicate", "Ines Kovač", "ines.kovac@mail.example", 26),
            "Photos of the ceiling",
            "The two photos you asked for.",
        ),
        SetAsideMail(
            *("challenge", "Harbor View Condos", "board@harborview.example", 46),
            "Please confirm your message",
            "Your mail is held. Click the link once to deliver it.",
        ),
    ),
    "nl": (
        SetAsideMail(
            *("auto_reply", "VvE Havenmeester", "bestuur@havenmeester.example", 3.4),
            "Automatisch antwoord: offerte laadpalen",
            "Ik ben afwezig tot maandag. Voor spoed kun je de beheerder bellen.",
        ),
        SetAsideMail(
            *("auto_reply", "Netbeheer Utrecht", "noreply@netbeheer.example", 21),
            "Aanvraag verzwaring ontvangen",
            "We hebben je aanvraag ontvangen. Deze mailbox wordt niet gelezen.",
        ),
        SetAsideMail(
            *("list", "Elektro Vakblad", "nieuws@elektrovakblad.example", 7.5),
            "Nieuwe regels voor laadpunten",
            "Wat er in januari verandert, en wat dat voor installateurs betekent.",
        ),
        SetAsideMail(
            *("list", "Groothandel Stroom", "acties@groothandelstroom.example", 50),
            "Actie: 5 x 6 mm² kabel",
            "Deze week per haspel. Afmelden kan onderaan deze mail.",
        ),
        SetAsideMail(
            *(SPAM, "Beste SEO", "info@beste-seo.example", 5.2),
            "Uw website bovenaan in Google",
            "Geachte eigenaar, wij vonden 14 fouten op uw website. Antwoord JA voor een gratis rapport.",
        ),
        SetAsideMail(
            *(SPAM, "Facturatie", "billing@invoice-service.example", 30),
            "Openstaande factuur 88213",
            "Open de bijlage en betaal vandaag om kosten te voorkomen.",
        ),
        SetAsideMail(
            *("duplicate", "Bas Vermeer", "bas.vermeer@mail.example", 26),
            "Foto van de meterkast",
            "Zoals gevraagd, met de deur open.",
        ),
        SetAsideMail(
            *("challenge", "Woonstichting De Kade", "kcc@dekade.example", 46),
            "Bevestig uw bericht",
            "Uw mail wordt vastgehouden. Klik op de link om hem te bezorgen.",
        ),
    ),
}
STRANGERS: Mapping[str, tuple[Stranger, ...]] = {
    "en": (
        Stranger(
            *("Priscilla Munro", "priscilla.munro@mail.example", 1.3),
            "Do you do metal roofs?",
            "Hi, my neighbor on Palm Dr used you last spring. Do you do standing seam too? It is about 1,900 sq ft.",
        ),
        Stranger(
            *("D. Calloway", "calloway.d@mail.example", 20),
            "Question about your warranty",
            "We bought the house on Ridge Ct in August. Does the warranty on the roof pass on to us?",
        ),
    ),
    "nl": (
        Stranger(
            *("Femke Brouwer", "femke.brouwer@mail.example", 1.3),
            "Laadpaal voor twee auto’s",
            "Hallo, onze buren zijn heel tevreden over jullie. Kan er ook een paal voor twee auto’s, met 3 x 25 A?",
        ),
        Stranger(
            *("H. de Graaf", "h.degraaf@mail.example", 20),
            "Garantie na verkoop van het huis",
            "Wij kochten in augustus het huis aan de Lindelaan. Gaat de garantie op de laadpaal mee over?",
        ),
    ),
}


# Who calls in vain, by the country of the brand.
CALLERS = {"US": "+18135550168", "NL": "+31612345068"}


def create_set_aside(now: datetime) -> None:
    """Create what is set aside, and two people who are to be confirmed, inside the tenant and after its channels."""
    here = directory()
    support = Channel.objects.filter(medium=Medium.EMAIL, role="support", archived_at=None, owner=None)
    channel = support.order_by("-brand__is_default", "pk")[0]
    language = here.tenant.language if here.tenant.language in MAILS else "en"
    Message.objects.bulk_create(_set_aside(channel, MAILS[language], now))
    for stranger in STRANGERS[language]:
        _write_in(channel, stranger, now - timedelta(hours=stranger.hours))
    _call_in_vain(channel, now - timedelta(minutes=95))
    _park(channel, now - timedelta(minutes=50))


def _set_aside(channel: Channel, mails: tuple[SetAsideMail, ...], now: datetime) -> Iterator[Message]:
    for mail in mails:
        at = now - timedelta(hours=mail.hours)
        yield _message(channel, mail.name, mail.address, mail.subject, mail.text, at, automatic=mail.automatic)


def _message(
    channel: Channel, name: str, address: str, subject: str, text: str, at: datetime, **fields: object
) -> Message:
    message = Message(
        brand=channel.brand,
        channel=channel,
        medium=Medium.EMAIL,
        direction=Direction.IN,
        state=Message.State.RECEIVED,
        address=address,
        address_name=name,
        at=at,
        created_at=at,
        subject=subject,
        text=text,
        **fields,
    )
    message.spam_since = at if message.automatic == SPAM else None
    message.search_text = searchable_text(message)
    return message


def _write_in(channel: Channel, stranger: Stranger, at: datetime) -> None:
    """Have somebody write for the first time: a person to be confirmed, and their conversation."""
    person = Person.objects.create(name=stranger.name, created_at=at, unconfirmed_since=at)
    point = ContactPoint.objects.create(
        person=person, kind=ContactPoint.PointKind.EMAIL, value=stranger.address, created_at=at
    )
    message = _message(
        channel,
        stranger.name,
        stranger.address,
        stranger.subject,
        stranger.text,
        at,
        person=person,
        contact_point=point,
    )
    message.save()
    with clock.at(at):
        place_messages(message)


def _call_in_vain(support: Channel, at: datetime) -> None:
    """Have somebody call whom nobody knows and nobody answered: everybody's to call back."""
    channel = Channel.objects.filter(brand=support.brand, medium=Medium.CALL, archived_at=None, owner=None)[0]
    number = CALLERS[support.brand.country]
    name = formats.phone(number, support.brand.country)
    person = Person.objects.create(name=name, created_at=at, unconfirmed_since=at)
    point = ContactPoint.objects.create(person=person, kind=ContactPoint.PointKind.PHONE, value=number, created_at=at)
    message = _message(channel, "", number, "", "", at, person=person, contact_point=point)
    message.medium, message.duration = Medium.CALL, 0
    message.save()
    with clock.at(at):
        place_messages(message)


def _park(channel: Channel, at: datetime) -> None:
    """Keep a mail that could not be read: its sender's program broke it."""
    body = b"From: scanner@copier.example\r\nTo: office\r\nContent-Type: multipart/mixed; boundary=\r\n\r\n\xff\xd8\xff"
    Inbound.objects.create(
        channel=channel,
        kind=Inbound.Kind.MAIL,
        provider=channel.provider,
        received_at=at,
        envelope={"from": "scanner@copier.example"},
        body=body,
        digest=hashlib.sha256(body).hexdigest(),
        state=Inbound.State.PARKED,
        outcome="parked",
        reason="multipart/mixed has no boundary",
        attempts=3,
    )
