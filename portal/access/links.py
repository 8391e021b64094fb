"""Signed links in messages: to a job, a request, a document, a quote or an invoice; valid for fourteen days.

Encrypted and signed in one (Fernet): nobody reads a number off it, or changes one. Who holds one is known by it, and no
better: it opens at link level, read-only, and says so when another browser than the first shows it (PortalLink).
"""

import json
import secrets as random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.fernet import InvalidToken
from django.urls import NoReverseMatch, reverse

from billing.message_values import INVOICE
from comms.library.variables import TemplateSubject
from crm.jobs.models import Job
from crm.kernel import clock
from crm.people.models import ContactPoint, Person
from crm.platform.models import Brand
from crm.platform.organization.configuration import directory
from crm.platform.tenancy import secrets
from portal.access.hosts import origin_of
from portal.access.sessions import secret_digest
from portal.models import PortalAccess

KEPT = timedelta(days=14)
# One whose document's id is the longest is shorter than that.
LONGEST = 600


class BrokenLink(Exception):
    """The link is truncated, altered, forged, or belongs to another company."""


class ExpiredLink(BrokenLink):
    """The link has expired; `link` is what it opened."""

    def __init__(self, link: "Link") -> None:
        super().__init__("too old")
        self.link = link


@dataclass(frozen=True)
class Link:
    """Recipient of a link, the address it was sent to, and its target. `nonce` makes it unique.

    `request`: the id of what is asked of them on the job, where the message asked for something. `about`: the quote or
    invoice the message was about, such as "quote:0190…".
    """

    tenant_id: int
    person_id: int
    point_id: int | None
    job_id: int | None
    document: str
    at: datetime
    nonce: str
    request: str = ""
    about: str = ""

    def token(self) -> str:
        """Return the link as a token for a URL."""
        of = [self.tenant_id, self.person_id, self.point_id, self.job_id, self.document]
        return secrets.encrypt(
            json.dumps({"portal": [*of, int(self.at.timestamp()), self.nonce, self.request, self.about]})
        )

    def is_about(self, kind: str, uid: object) -> bool:
        """True if the message was about this quote or invoice."""
        return self.about == f"{kind}:{uid}"

    @property
    def digest(self) -> str:
        """Hash by which an opened link is stored."""
        return secret_digest(self.nonce)


def make_link(
    person: Person,
    *,
    job: Job | None,
    point: ContactPoint | None = None,
    document: str = "",
    request: str = "",
    about: str = "",
) -> Link:
    """Make a new link for a person to a job, to one of its documents, to a request, or to a quote or invoice."""
    return Link(
        tenant_id=person.tenant_id,
        person_id=person.pk,
        point_id=point.pk if point else None,
        job_id=job.pk if job else None,
        document=document,
        at=clock.now(),
        nonce=random.token_urlsafe(12),
        request=request,
        about=about,
    )


def read_link(token: str, tenant_id: int) -> Link:
    """Read a company's link. Raises BrokenLink or ExpiredLink."""
    if not token or len(token) > LONGEST:
        raise BrokenLink
    try:
        values: list[Any] = json.loads(secrets.decrypt(token))["portal"]
        # Links of before named no request, and no quote.
        of, person_id, point_id, job_id, document, stamp, nonce, *rest = values
        at = datetime.fromtimestamp(stamp, UTC)
        link = Link(of, person_id, point_id, job_id, document, at, nonce, *rest)
    except (InvalidToken, ValueError, TypeError, KeyError, OverflowError):
        raise BrokenLink from None
    if link.tenant_id != tenant_id:
        raise BrokenLink
    if clock.now() - link.at > KEPT:
        raise ExpiredLink(link)
    return link


def link_url(link: Link, brand: Brand) -> str:
    """Return the address of a link, on the brand's own host where it has one."""
    path = reverse("portal:open", kwargs={"company": directory().tenant.slug, "token": link.token()})
    return f"{origin_of(brand)}{path}"


def link_of(subject: TemplateSubject) -> str:
    """Return a message recipient's portal link to the invoice or job of the message; blank if they have no access."""
    person = subject.person
    job = subject.job
    if person is None or job is None or person.erased_at:
        return ""
    if PortalAccess.objects.filter(person=person, state=PortalAccess.State.REVOKED).exists():
        return ""
    point = None
    if subject.address:
        point = ContactPoint.objects.filter(person=person, value=subject.address).first()
    return link_url(make_link(person, job=job, point=point, about=_invoice_of(subject)), subject.brand)


def _invoice_of(subject: TemplateSubject) -> str:
    """Return what a link of a message about an invoice is about; blank for other messages."""
    invoice = subject.given.get(INVOICE)
    if invoice is None:
        return ""
    return f"invoice:{invoice.uid}"


# By what a link is of, the page of the portal: its name and what its address takes besides the company.
PAGES = {
    "document": ("portal:document", "uid"),
    "request": ("portal:request", "uid"),
    "job": ("portal:job", "number"),
    "quote": ("portal:quote", "uid"),
    "invoice": ("portal:invoice", "uid"),
}


def target_of(link: Link, company: str) -> str:
    """Return the path of a link's target."""
    if link.document:
        return _page_path("document", company, link.document)
    if link.request:
        return _page_path("request", company, link.request)
    of, _colon, uid = link.about.partition(":")
    if of in PAGES:
        return _page_path(of, company, uid)
    number = None
    if link.job_id:
        number = Job.objects.filter(pk=link.job_id).values_list("number", flat=True).first()
    if number:
        return _page_path("job", company, number)
    return reverse("portal:home", kwargs={"company": company})


def _page_path(of: str, company: str, key: object) -> str:
    name, argument = PAGES[of]
    try:
        return reverse(name, kwargs={"company": company, argument: key})
    except NoReverseMatch:
        return reverse("portal:home", kwargs={"company": company})
