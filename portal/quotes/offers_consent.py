"""Record that a customer wants offers by email, asked on the page of a quote. Never needed for anything."""

from allauth.account.adapter import get_adapter
from django.utils.translation import gettext as _

from comms.gate.consent import consents
from comms.models import Consent, Medium, Purpose
from crm.people.models import ContactPoint
from portal.access.pages import PortalRequest
from portal.access.viewer import Level

# A change of the words below is a new version of them.
VERSION = "QUOTE-1"


def offers_words() -> str:
    """Return the question, which is stored as the wording of the consent."""
    return _("Email me offers now and then")


def offers_point(request: PortalRequest) -> ContactPoint | None:
    """Return the email address the question is about; None where there is nothing to ask.

    With a code: their first address. By a link: the one the link was sent to, as its holder reads it.
    """
    viewer = request.viewer
    emails = ContactPoint.objects.filter(person=viewer.person, kind=ContactPoint.PointKind.EMAIL)
    if viewer.level < Level.SESSION:
        emails = emails.filter(pk=viewer.link.point_id if viewer.link else None)
    point: ContactPoint | None = emails.verified_first("pk").first()
    return point


def record_offers_consent(request: PortalRequest) -> None:
    """Record a yes if the form has it; a box that is not ticked says nothing."""
    point = offers_point(request) if "offers" in request.POST else None
    if point is None:
        return
    consents.record(
        point.value,
        brand=request.viewer.brand,
        medium=Medium.EMAIL,
        purpose=Purpose.MARKETING,
        given=True,
        wording=offers_words(),
        wording_version=VERSION,
        source=Consent.Source.FORM,
        ip=get_adapter().get_client_ip(request),
        user_agent=request.headers.get("User-Agent", ""),
    )
