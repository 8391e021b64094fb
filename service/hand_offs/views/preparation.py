"""Changes to a hand-off before it is answered: promises, ticks, and owed items."""

from datetime import datetime, time

from django.utils.translation import gettext as _

from comms.models import Message
from crm.jobs.models import Note
from crm.kernel import clock
from crm.kernel.days import parse_typed_day
from crm.kernel.refusal import Refused
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from service.hand_offs.job_statements import LONGEST, find_source
from service.hand_offs.views.hand_off_action import action
from service.models import HandOff, HandOffItem, Promise
from service.models.hand_off_checklist import Check, check_of

# What is owed until a day is due at this time of it.
EVENING = time(17)


@action(permission="handoffs.prepare")
def add_promise(request: TenantRequest, hand_off: HandOff) -> str:
    """Add a promise, with the customer's or seller's words."""
    post = request.POST
    if post.get("kind") not in Promise.Kind.values:
        raise Refused(_("Choose what the promise is about."))
    source = find_source(post.get("source", ""), hand_off.job, request.member)
    words = post.get("words", "").strip() or _source_text(source)
    Promise.add(
        hand_off,
        post["kind"],
        post.get("text", ""),
        words=words,
        said_at=source.at if source else None,
        message=source if isinstance(source, Message) else None,
        note=source if isinstance(source, Note) else None,
        by=request.member,
    )
    return _("Promise added.")


@action(permission="handoffs.prepare")
def remove_promise(request: TenantRequest, hand_off: HandOff) -> str:
    """Remove a promise."""
    wanted = request.POST.get("promise", "")
    promise = next((one for one in hand_off.promises.all() if str(one.pk) == wanted), None)
    if promise is None:
        return _("It is already removed.")
    promise.hand_off = hand_off
    promise.remove(by=request.member)
    return _("Removed.")


@action(permission="handoffs.prepare")
def tick(request: TenantRequest, hand_off: HandOff) -> str:
    """Tick a checklist item that is checked by hand."""
    check = _chosen_check(request, hand_off)
    if not check.asks:
        raise Refused(_("This is checked automatically and can’t be ticked."))
    HandOffItem.tick(hand_off, check.code, check.label, by=request.member)
    return _("Ticked.")


@action(permission="handoffs.prepare")
def untick(request: TenantRequest, hand_off: HandOff) -> str:
    """Remove a tick or an owed item."""
    HandOffItem.untick(hand_off, _chosen_check(request, hand_off).code, by=request.member)
    return _("Marked as missing.")


@action()
def owe(request: TenantRequest, hand_off: HandOff) -> str:
    """Record who owes an item and until when; this plans a follow-up."""
    check = _chosen_check(request, hand_off)
    post = request.POST
    owner = _find_member(post.get("owner", ""))
    if owner is None:
        raise Refused(_("Choose who will provide it."))
    reader = Reader.of(request.member, clock.now())
    day = parse_typed_day(post.get("day", ""))
    if day is None:
        raise Refused(_("Choose a day in the future."))
    due_at = datetime.combine(day, EVENING, reader.zone)
    HandOffItem.owe(hand_off, check.code, check.label, owner=owner, due_at=due_at, by=request.member)
    return _("%(name)s will provide it by %(day)s.") % {"name": owner.name, "day": reader.long_day(due_at)}


def _chosen_check(request: TenantRequest, hand_off: HandOff) -> Check:
    check = check_of(hand_off, request.POST.get("code", ""))
    if check is None:
        raise Refused(_("It is no longer on the list."))
    return check


def _find_member(uid: str) -> Member | None:
    return next((one for one in directory().members.values() if one.active and str(one.uid) == uid), None)


def _source_text(source: Message | Note | None) -> str:
    if isinstance(source, Message):
        return source.text[:LONGEST]
    if source:
        return source.body[:LONGEST]
    return ""
