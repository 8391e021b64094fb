"""Form for the reason why a lead ended: a reason, a sub-reason, and the number or name it asks for.

Rule: docs/rules.md#loss-reasons.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from babel.numbers import get_currency_precision
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.jobs.losses.setup import lost_reasons
from crm.jobs.models import Job
from crm.jobs.models.losses import Asks, Ends, LostCase, LostReason
from crm.kernel import formats
from crm.kernel.days import parse_typed_day
from crm.kernel.refusal import Refused
from crm.platform.models import Member
from crm.platform.organization.configuration import directory

LONGEST = 80
# A note that leaves room for the longest reason before it.
NOTE = 56


class Incomplete(Refused):
    """The form of a lost reason is incomplete; the message is shown to the user, `field` is the missing field."""

    def __init__(self, words: str, field: str) -> None:
        super().__init__(words)
        self.field = field


@dataclass(frozen=True)
class ClosingReason:
    """The chosen and typed reason why a job ends. `gap` in minor units of the job's currency."""

    reason: LostReason
    part: LostReason | None = None
    gap: int | None = None
    offered: date | None = None
    wanted: date | None = None
    rival: str = ""
    note: str = ""

    def text(self, job: Job) -> str:
        """Return the reason's text in the organization's language, as shown to everybody on the bar."""
        with override(directory().tenant.language):
            part = ""
            if self.part:
                part = self.part.name
            details = [part, self.rival, self.note, _gap_words(self.gap, job), _dates_words(self.offered, self.wanted)]
            text = " · ".join([self.reason.name, *(detail for detail in details if detail)])
        return text[:LONGEST]


def read(ends: str, given: Mapping[str, str], job: Job) -> ClosingReason:
    """Read the form. Raises Incomplete."""
    offered = lost_reasons().live_groups(ends)
    chosen = next(((top, parts) for top, parts in offered if top.code == given.get("reason")), None)
    if chosen is None:
        raise Incomplete(str(_("Choose a reason.")), "reason")
    top, parts = chosen
    words = " ".join(given.get("note", "").split())[:NOTE]
    if top.asks == Asks.WORDS and not words:
        raise Incomplete(str(_("Add a few words.")), "note")
    return ClosingReason(
        top,
        next((part for part in parts if part.code == typed_text(given, "part", top)), None),
        gap=_parse_amount(typed_text(given, "gap", top), job) if top.asks == Asks.GAP else None,
        offered=_parse_day(given, "offered", top) if top.asks == Asks.DAYS else None,
        wanted=_parse_day(given, "wanted", top) if top.asks == Asks.DAYS else None,
        rival=words if top.asks == Asks.RIVAL else "",
        note=words if top.asks in (Asks.NOTE, Asks.WORDS) else "",
    )


@transaction.atomic
def end(job: Job, why: ClosingReason, *, by: Member | None, version: str | None = None) -> str:
    """Close the job as lost or dropped and store the reason. Idempotent. Returns the reason's text."""
    text = why.text(job)
    if why.reason.ends == Ends.LOST:
        verb = job.lose
    else:
        verb = job.drop
    was_open = job.is_open
    verb(text, by=by, version=version)
    if was_open and job.ended_at:
        facts = {name: getattr(why, name) for name in ("reason", "part", "gap", "offered", "wanted", "rival", "note")}
        LostCase.objects.update_or_create(job=job, defaults={"ended_at": job.ended_at, **facts})
    return text


def _parse_amount(text: str, job: Job) -> int | None:
    """Parse a typed amount into minor units; three digits after the last separator are thousands, fewer are cents."""
    text = text.strip().lstrip("$€£").replace(" ", "").replace("\u00a0", "")
    if not text:
        return None
    whole, sign, rest = text.replace(",", ".").rpartition(".")
    if sign and len(rest) < 3:
        plain = f"{whole.replace('.', '')}.{rest}"
    else:
        plain = (whole + rest).replace(".", "")
    try:
        amount = Decimal(plain)
        if not amount.is_finite() or not 0 < amount < 10**12:
            raise InvalidOperation
    except InvalidOperation:
        raise Incomplete(str(_("Write the amount in digits, or leave it empty.")), "gap") from None
    return int(amount * 10 ** get_currency_precision(job.currency)) or None


def typed_text(given: Mapping[str, str], name: str, reason: LostReason) -> str:
    """Return the typed text of a reason's field: each reason has its own, as the form submits all of them."""
    return given.get(f"{name}-{reason.code}", given.get(name, ""))


def _parse_day(given: Mapping[str, str], name: str, reason: LostReason) -> date | None:
    try:
        return parse_typed_day(typed_text(given, name, reason))
    except Refused as why:
        raise Incomplete(str(why), name) from None


def _gap_words(gap: int | None, job: Job) -> str:
    if gap is None:
        return ""
    return str(_("%(money)s too much")) % {"money": formats.money(gap, job.currency, directory().tenant.country)}


def _dates_words(offered: date | None, wanted: date | None) -> str:
    country = directory().tenant.country

    def words(at: date) -> str:
        return formats.full_day(at, country)

    if offered and wanted:
        return str(_("offered %(offered)s, wanted %(wanted)s")) % {"offered": words(offered), "wanted": words(wanted)}
    if offered:
        return str(_("offered %(offered)s")) % {"offered": words(offered)}
    if wanted:
        return str(_("wanted %(wanted)s")) % {"wanted": words(wanted)}
    return ""
