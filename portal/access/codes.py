"""Send sign-in codes. A worker looks up the address, so that the response time does not reveal who is known."""

from django.db.models import QuerySet

from comms.outbox.by_template import queue_to
from crm.kernel.refusal import Refused
from crm.people.models import ContactPoint
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due_io
from portal.access.code_origin import CodeOrigin
from portal.access.entrance import brand_for
from portal.models import PortalAccess, PortalCode
from portal.models.code import LASTS

# Due work that sends a code.
SEND = "portal.send_code"
TEMPLATE = "portal_code"


def ask_code(address: str, origin: CodeOrigin, *, next_page: str = "", point: ContactPoint | None = None) -> PortalCode:
    """Request a code for a normalised address if its owner has access; `point`: the contact point, if known."""
    portal_code = PortalCode.ask(
        address, origin=origin.key, is_known_device=origin.is_known_device, next_page=next_page, point=point
    )
    due_io.schedule(SEND, portal_code.pk, portal_code.asked_at)
    return portal_code


def send_code(tenant_id: int, code_id: int) -> None:
    """Send a code. Sends nothing for an unknown address, too many codes or a missing channel."""
    with use_tenant(tenant_id):
        portal_code = PortalCode.objects.select_for_update(no_key=True).filter(pk=code_id, digest="").first()
        point = None
        if portal_code and not portal_code.is_too_much:
            point = portal_code.point or point_of(portal_code.address)
        if portal_code is None or point is None:
            return
        code = portal_code.make(point)
        try:
            queue_to(
                point,
                TEMPLATE,
                brand=brand_for(point.person_id),
                given={"portal.code": code},
                useful_until=portal_code.asked_at + LASTS,
            )
        except Refused:
            return


def point_of(address: str) -> ContactPoint | None:
    """Return the contact point with access for an address: the confirmed one, else the one last active."""
    points = list(_open_points(address))
    people = [point.person_id for point in points]
    visits = dict(PortalAccess.objects.filter(person__in=people).values_list("person", "pk"))
    return max(
        points,
        key=lambda point: (point.verified_at is not None, visits.get(point.person_id, 0), -point.pk),
        default=None,
    )


def holders_of(code: PortalCode) -> list[ContactPoint]:
    """Return the people a code signs in: the one it was requested for, else all people with its address.

    Whoever reads a shared mailbox can have a code sent for any of its holders, so a proven code proves all of them.
    """
    points = list(_open_points(code.address))
    if code.is_for_point:
        return [point for point in points if point.pk == code.point_id]
    return points


def _open_points(address: str) -> QuerySet[ContactPoint]:
    """Return the contact points with this address whose owners have access, ordered by name."""
    open_to = PortalAccess.objects.exclude(state=PortalAccess.State.REVOKED).values("person")
    points = ContactPoint.objects.reached_at(address).filter(person__in=open_to, person__erased_at=None)
    return points.select_related("person").order_by("person__name", "pk")
