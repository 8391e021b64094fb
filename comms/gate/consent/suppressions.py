"""Suppress addresses, numbers or persons on all channels, and lift suppressions, with author and reason."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from comms.addresses import address_key, masked_address
from comms.models import Message, Suppression
from comms.sending_lock import hold_addresses
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import Person
from crm.platform.events import events
from crm.platform.models import Brand, Member

Reason = Suppression.Reason
Covers = Suppression.Covers
_WISHES = (Reason.STOP, Reason.UNSUBSCRIBED)
WEEK = timedelta(days=7)


@transaction.atomic
def suppress(
    address: str,
    reason: str,
    *,
    source: str,
    medium: str = "",
    brand: Brand | None = None,
    covers: str = Covers.EVERYTHING,
    evidence: str = "",
    by: Member | None = None,
) -> Suppression:
    """Suppress an address or number from this commit on. Idempotent.

    `medium` blank: on any; `brand` None: from any. `source`: message, link, preferences, provider, staff.
    """
    made = Suppression(
        key=address_key(address),
        masked=masked_address(address),
        medium=medium,
        brand=brand,
        reason=reason,
        covers=covers,
        source=source,
        evidence=evidence[:300],
        by=by,
    )
    if reason in _WISHES:
        made.after_message = _last_sent(address, medium)
    return _added_once(made)


def _last_sent(address: str, medium: str) -> Message | None:
    """Return the last message sent to them that they may have reacted to."""
    ours = Message.objects.filter(direction="out", address=address, sent_at__gt=clock.now() - WEEK, automatic="")
    newest: Message | None = (ours.filter(medium=medium) if medium else ours).order_by("-at", "-pk").first()
    return newest


@transaction.atomic
def suppress_again(of: Suppression, reason: str, *, by: Member | None) -> Suppression:
    """Add a suppression of everything for a further reason to an existing one, by its key."""
    made = Suppression(
        key=of.key, masked=of.masked, medium=of.medium, brand=of.brand, reason=reason, source="staff", by=by
    )
    made.evidence = of.evidence
    return _added_once(made)


def _added_once(made: Suppression) -> Suppression:
    hold_addresses([made.key])
    same = {"key": made.key, "medium": made.medium, "reason": made.reason, "covers": made.covers}
    in_force = Suppression.objects.in_force().filter(**same)
    if made.brand_id:
        existing = in_force.filter(brand=made.brand)
    else:
        existing = in_force.filter(brand__isnull=True)
    return existing.first() or _save_suppression(made, made.by)


@transaction.atomic
def suppress_person(person: Person, reason: str, *, by: Member | None, evidence: str = "") -> Suppression:
    """Suppress a person at every address: they have died or must not be contacted."""
    hold_addresses([f"person {person.pk}"])
    if existing := Suppression.objects.in_force().filter(person=person, reason=reason).first():
        return existing
    return _save_suppression(
        Suppression(person=person, reason=reason, source="staff", evidence=evidence[:300], by=by), by
    )


@transaction.atomic
def lift(suppression: Suppression, why: str, *, by: Member | None) -> None:
    """Lift a suppression; missing consent stays missing.

    Raises Refused without a reason from a member. Idempotent.
    """
    if by and not why.strip():
        raise Refused(_("Enter a reason, so that colleagues know later."))
    suppression.lock()
    if suppression.lifted_at:
        return
    suppression.lifted_at = clock.now()
    suppression.lifted_by = by
    suppression.lift_reason = why.strip()[:300]
    suppression.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    events.record("suppression.lifted", subject=suppression, by=by, data={"reason": suppression.reason})


def lift_dead_address(address: str, why: str, *, medium: str, before: datetime | None = None) -> None:
    """Lift the mark of a dead address that evidently exists. `before`: only older marks."""
    marks = Suppression.objects.in_force().filter(
        key=address_key(address), reason=Reason.HARD_BOUNCE, medium__in=(medium, "")
    )
    if before is not None:
        marks = marks.filter(at__lt=before)
    for mark in marks:  # of an ordinary address there is none: one statement for each mail that arrives
        lift(mark, why, by=None)


def _save_suppression(suppression: Suppression, by: Member | None) -> Suppression:
    suppression.save()
    suppression.refresh_from_db(fields=["uid"])
    data = {"reason": suppression.reason, "medium": suppression.medium}
    events.record("suppression.added", subject=suppression, by=by, data=data)
    return suppression
