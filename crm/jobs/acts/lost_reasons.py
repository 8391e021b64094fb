"""Reasons why a lead was lost: a short list, each asking for number or name, such as a rival's price (RULES 7.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from babel.numbers import get_currency_precision
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from crm.jobs.models import Job
from crm.kernel import formats
from crm.kernel.refusal import Refused
from crm.platform.organization.configuration import directory

LONGEST = 80
# A note that leaves room for the longest reason before it.
NOTE = 56


class Incomplete(Refused):
    """The form of a lost reason lacks something; the message is shown to the person, `field` says where."""

    def __init__(self, words: str, field: str) -> None:
        super().__init__(words)
        self.field = field


@dataclass(frozen=True)
class Reason:
    """A reason a member can choose. `asks`: the names of the fields to fill in with it."""

    key: str
    label: str | Promise
    asks: tuple[str, ...] = ()


LOST = (
    Reason("price", _("Price"), ("gap",)),
    Reason("schedule", _("Schedule"), ("offered", "wanted")),
    Reason("cannot", _("Can’t do it"), ("note",)),
    Reason("silent", _("No answer")),
    Reason("competitor", _("Chose a competitor"), ("note",)),
    Reason("other", _("Other"), ("note",)),
)
DROPPED = (
    Reason("spam", _("Spam")),
    Reason("double", _("Duplicate")),
    Reason("area", _("Out of our area")),
    Reason("cannot", _("Can’t do it"), ("note",)),
    Reason("other", _("Other"), ("note",)),
)


def written(reasons: tuple[Reason, ...], given: Mapping[str, str], job: Job) -> str:
    """Return the reason as text in the organization's language, as everybody reads it on the bar. Raises Incomplete."""
    chosen = next((reason for reason in reasons if reason.key == given.get("reason")), None)
    if chosen is None:
        raise Incomplete(str(_("Choose a reason.")), "reason")
    note = " ".join(given.get("note", "").replace("\0", "").split())[:NOTE] if "note" in chosen.asks else ""
    if chosen.key == "other" and not note:
        raise Incomplete(str(_("Say what it was.")), "note")
    gap, offered, wanted = None, None, None
    if "gap" in chosen.asks:
        gap = _amount(given.get("gap", ""), job)
    if "offered" in chosen.asks:
        offered, wanted = _day(given, "offered"), _day(given, "wanted")
    with override(directory().tenant.language):
        details = [note, _gap(gap, job), _days(offered, wanted)]
        told = " · ".join([str(chosen.label), *(detail for detail in details if detail)])
    return told[:LONGEST]


def _amount(text: str, job: Job) -> int | None:
    """Parse a typed amount into minor units; three digits after the last separator are thousands, fewer are cents."""
    text = text.strip().lstrip("$€£").replace(" ", "").replace("\u00a0", "")
    if not text:
        return None
    whole, sign, rest = text.replace(",", ".").rpartition(".")
    plain = f"{whole.replace('.', '')}.{rest}" if sign and len(rest) < 3 else (whole + rest).replace(".", "")
    try:
        amount = Decimal(plain)
        if not amount.is_finite() or not 0 < amount < 10**12:
            raise InvalidOperation
    except InvalidOperation:
        raise Incomplete(str(_("Write the amount in digits, or leave it out.")), "gap") from None
    return int(amount * 10 ** get_currency_precision(job.currency))


def _day(given: Mapping[str, str], name: str) -> date | None:
    if not given.get(name):
        return None
    try:
        return date.fromisoformat(given[name])
    except ValueError:
        raise Incomplete(str(_("That is no date.")), name) from None


def _gap(gap: int | None, job: Job) -> str:
    if gap is None:
        return ""
    return str(_("%(money)s too much")) % {"money": formats.money(gap, job.currency, directory().tenant.country)}


def _days(offered: date | None, wanted: date | None) -> str:
    country = directory().tenant.country

    def words(at: date) -> str:
        return formats.full_day(at, country)

    if offered and wanted:
        return str(_("offered %(offered)s, wanted %(wanted)s")) % {"offered": words(offered), "wanted": words(wanted)}
    if offered:
        return str(_("offered %(offered)s")) % {"offered": words(offered)}
    return str(_("wanted %(wanted)s")) % {"wanted": words(wanted)} if wanted else ""
