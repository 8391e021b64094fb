"""How leads come into a demo organization: a form and an endpoint a brand, ads, tools and portals, and what came last.

Two wait for a person: a form tool whose questions nobody has mapped yet, and a portal's mail without a number.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.jobs.models import Job, Source
from crm.platform.models import Brand
from crm.platform.organization.configuration import directory
from leads.intake.contents import mail_body
from leads.models import IntakeDoor, Submission

Kind, State = IntakeDoor.DoorKind, Submission.SubmissionState
# Latest leads whose post is shown as it came.
READ = 6
# What is agreed to on a form, in the language of its brand.
WORDINGS = {
    "en": "You may send me offers and reminders by text and email. I can stop them at any time.",
    "nl": "Jullie mogen mij aanbiedingen en herinneringen sturen. Ik kan me altijd afmelden.",
}


class Ways(NamedTuple):
    """What an organization has besides the forms and endpoints of its brands."""

    # Why what waits could not be read.
    neither: str
    form_tool: str
    portal: str
    sender: str
    # The source that a portal and Meta's ads stand for, where there is one of that name.
    portal_source: str
    lead_mail: str
    strange: dict[str, str]
    mapping: dict[str, str]


WAYS = {
    "suncoast": Ways(
        "Neither a phone number nor an email address could be read.",
        "Roof quiz (Typeform)",
        "Angi",
        "@angi-leads.example",
        "Angi",
        "You have a new lead!\n\nCustomer Name: Denise Walker\nPhone: withheld until you accept\nTask:\nRoof repair\n"
        "Comments: Shingles came off over the garage in last night's storm.",
        {"q1_who": "Walter Dean", "q2_reach": "813-555-0177", "q3_roof": "Tile, about 25 years old"},
        {"Task": "work", "Comments": "message"},
    ),
    "chargeline": Ways(
        "Er kon geen telefoonnummer en geen e-mailadres worden gelezen.",
        "Laadpaalcheck (Typeform)",
        "Vakvinder",
        "@vakvinder.example",
        "Vakvinder",
        "Nieuwe aanvraag\n\nKlant: Marloes Visser\nTelefoon: zichtbaar na acceptatie\nKlus:\nLaadpaal thuis plaatsen\n"
        "Toelichting: Oprit naast het huis, meterkast in de gang.",
        {"vraag_1": "Bas de Wit", "vraag_2": "06 12345601", "vraag_3": "Een paal voor twee auto's"},
        {"Klant": "name", "Klus": "work", "Toelichting": "message"},
    ),
}


def create_intake(slug: str, now: datetime) -> None:
    """Create the doors and what came in by them."""
    ways = next(ways for name, ways in WAYS.items() if slug.startswith(name))
    brands = list(Brand.objects.order_by("-is_default", "pk"))
    doors = {door.kind: door for door in reversed(list(_doors(ways, brands)))}
    Submission.objects.bulk_create([*_read(doors[Kind.FORM]), *_waiting(ways, doors, now), _spam(doors, now)])


def _doors(ways: Ways, brands: list[Brand]) -> Iterator[IntakeDoor]:
    """Open the doors, as they were set up with the organization: no event of today."""
    sources = {row.name: row for row in Source.objects.all()}
    main, website = brands[0], sources.get("Website") or sources.get("Web form")
    for brand in brands:
        wordings = [WORDINGS[brand.language]]
        yield _door(f"Website {brand.name}", Kind.FORM, brand, wordings=wordings, source=website)
        yield _door(f"API {brand.name}", Kind.JSON, brand)
    yield _door("Facebook & Instagram", Kind.META, main, source=sources.get("Facebook"))
    yield _door("Google Ads", Kind.GOOGLE, main, source=sources.get("Google Ads"))
    yield _door(ways.form_tool, Kind.TOOL, main)
    portal = {"mail_from": ways.sender, "mapping": ways.mapping, "source": sources.get(ways.portal_source)}
    yield _door(ways.portal, Kind.MAIL, main, **portal)


def _door(name: str, kind: str, brand: Brand, **fields: Any) -> IntakeDoor:
    door = IntakeDoor(name=name[:80], kind=kind, brand=brand, **fields)
    door.save()
    return door


def _read(door: IntakeDoor) -> Iterator[Submission]:
    """The latest leads of the main brand, as they were sent from its website."""
    jobs = Job.objects.filter(brand_id=door.brand_id, person__isnull=False, lead__isnull=False)
    for job in jobs.select_related("person", "site", "lead").order_by("-came_in_at", "-pk")[:READ]:
        points = {point.kind: point.value for point in job.person.contact_points.all()}
        said = {"name": job.person.name, **points, "city": job.site.city if job.site else "", "consent": "yes"}
        yield _submission(door, json.dumps(said).encode(), job.came_in_at, State.READ, lead=job.lead)


def _waiting(ways: Ways, doors: dict[str, IntakeDoor], now: datetime) -> Iterator[Submission]:
    strange = json.dumps({"event_id": "01JD", **ways.strange}, ensure_ascii=False).encode()
    yield _submission(doors[Kind.TOOL], strange, now - timedelta(minutes=26), State.PARKED, error=ways.neither)
    mail = mail_body(ways.portal, f"leads{ways.sender}", ways.lead_mail)
    yield _submission(doors[Kind.MAIL], mail, now - timedelta(hours=2, minutes=5), State.PARKED, error=ways.neither)


def _spam(doors: dict[str, IntakeDoor], now: datetime) -> Submission:
    body = json.dumps({"name": "Best SEO", "email": "seo@spam.example", "website": "https://spam.example"}).encode()
    with override(directory().tenant.language):
        why = _("A program filled in the hidden field.")
    return _submission(doors[Kind.FORM], body, now - timedelta(hours=9), State.IGNORED, error=why)


def _submission(door: IntakeDoor, body: bytes, at: datetime, state: str, **fields: Any) -> Submission:
    digest = hashlib.sha256(body).hexdigest()
    return Submission(
        door=door,
        body=body,
        digest=digest,
        key=f"sha:{digest}",
        content_type="message/rfc822" if door.kind == Kind.MAIL else "application/json",
        received_at=at,
        read_at=at,
        state=state,
        **fields,
    )
