"""Checklist of a hand-off: items checked automatically, ticked by a person, or owed by somebody."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from crm.documents.models import Document
from crm.kernel import formats
from crm.people.models import ContactPoint
from crm.platform.organization.configuration import directory

DEPOSIT = "deposit"


@dataclass(frozen=True)
class Check:
    """A checklist item. `seen`: the result of the automatic check, in words; `asks`: a person must tick it."""

    code: str
    label: str
    seen: str = ""
    asks: bool = False
    # The row of service.HandOffItem about it, if a person ticked it or somebody owes it.
    item: Any = None

    @property
    def ticked(self) -> bool:
        return bool(self.item and self.item.done_at)

    @property
    def owed(self) -> bool:
        return bool(self.item and not self.item.done_at) and not self.seen

    @property
    def is_missing(self) -> bool:
        return not self.seen and not self.ticked


def checklist_of(hand_off: Any) -> list[Check]:
    """Return the checklist in order. Five queries."""
    items = {item.code: item for item in hand_off.items.select_related("owner", "done_by")}
    lines = [*_automatic_checks(hand_off), *_manual_checks(hand_off), *_broken_promise_checks(hand_off)]
    return [Check(line.code, line.label, line.seen, line.asks, items.get(line.code)) for line in lines]


def check_of(hand_off: Any, code: str) -> Check | None:
    """Return the item with a code, if it is on the checklist."""
    return next((check for check in checklist_of(hand_off) if check.code == code), None)


def _automatic_checks(hand_off: Any) -> Iterator[Check]:
    """Yield the items that the product checks itself; they can't be ticked by hand."""
    job = hand_off.job
    organization = directory()
    value = ""
    if job.value is not None:
        value = formats.money(job.value, job.currency, organization.tenant.country, organization.tenant.language)
    yield Check("value", _("Price agreed"), value)
    yield Check("address", _("Address of the work"), job.site.one_line if job.site else "")
    reached = list(ContactPoint.objects.filter(person_id=job.person_id).order_by("kind", "pk")[:1])
    yield Check(
        "contact",
        _("How to reach them"),
        formats.phone(reached[0].value, organization.tenant.country) if reached else "",
    )
    if wanted := hand_off.template.photos if hand_off.template else 0:
        photos = Document.objects.live().filter(job_id=job.pk, media_type__startswith="image/").count()
        enough = ""
        if photos >= wanted:
            enough = _("%(count)s photos") % {"count": photos}
        yield Check("photos", _("Photos, at least %(count)s") % {"count": wanted}, enough)


def _manual_checks(hand_off: Any) -> Iterator[Check]:
    """Yield the items a person ticks: payment, and those of the template."""
    yield Check(DEPOSIT, _("Deposit paid, or none agreed"), asks=True)
    for line in hand_off.template.checklist if hand_off.template else ():
        yield Check(f"line:{line[:50]}", line, asks=True)


def _broken_promise_checks(hand_off: Any) -> Iterator[Check]:
    """Yield the promises that can't be kept, which must be agreed with the customer."""
    for promise in hand_off.promises.filter(answer="no").order_by("pk"):
        label = _("Agree with the customer: %(why)s") % {"why": promise.why_not}
        yield Check(f"promise:{promise.pk}", label[:120], asks=True)
