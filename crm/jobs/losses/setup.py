"""The tenant's lost reasons, cached per process, and the defaults in its language.

Rule: docs/rules.md#loss-reasons.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.jobs.models.losses import Asks, Ends, LostReason
from crm.platform.models.tenant import configuration_changed
from crm.platform.organization.configuration import cached_per_tenant


@dataclass(frozen=True)
class LostReasons:
    """All reasons by id, in their order. Treat the rows as read-only."""

    all: dict[int, LostReason]

    def live_groups(self, ends: str) -> list[tuple[LostReason, list[LostReason]]]:
        """Return the live reasons, each with its live sub-reasons."""
        live = [row for row in self.all.values() if row.ends == ends and row.archived_at is None]
        tops = [row for row in live if row.parent_id is None]
        return [(top, [row for row in live if row.parent_id == top.pk]) for top in tops]

    def name(self, pk: int | None) -> str:
        """Return the name of a reason; "" for none."""
        if pk in self.all:
            return self.all[pk].name
        return ""


@cached_per_tenant
def lost_reasons() -> LostReasons:
    """Return the lost reasons of the current tenant."""
    return LostReasons({row.pk: row for row in LostReason.objects.order_by("ends", "position", "pk")})


Start = tuple[str, str | Promise, Asks, tuple[str | Promise, ...]]

LOST: tuple[Start, ...] = (
    ("price", _("Price"), Asks.GAP, (_("Over their budget"), _("Another was cheaper"))),
    ("schedule", _("Schedule"), Asks.DAYS, (_("We were too far out"), _("They put it off"))),
    ("cannot", _("Can’t do it"), Asks.NOTE, (_("Not our kind of work"), _("Too small or too big"))),
    ("silent", _("No answer"), Asks.NOTHING, (_("Never reached"), _("Went quiet after the quote"))),
    ("competitor", _("Chose a competitor"), Asks.RIVAL, ()),
    ("other", _("Other"), Asks.WORDS, ()),
)
DROPPED: tuple[Start, ...] = (
    ("spam", _("Spam"), Asks.NOTHING, ()),
    ("double", _("Duplicate"), Asks.NOTHING, ()),
    ("area", _("Out of our area"), Asks.NOTHING, ()),
    ("cannot", _("Can’t do it"), Asks.NOTE, ()),
    ("other", _("Other"), Asks.WORDS, ()),
)


def create_lost_reasons() -> None:
    """Create the default reasons for a tenant that has none yet."""
    if LostReason.objects.exists():
        return
    for ends, starts in ((Ends.LOST, LOST), (Ends.DROPPED, DROPPED)):
        tops = LostReason.objects.bulk_create(
            LostReason(ends=ends, code=code, name=str(name), asks=asks, position=at)
            for at, (code, name, asks, _parts) in enumerate(starts)
        )
        LostReason.objects.bulk_create(
            LostReason(ends=ends, parent=top, code=f"{top.code}-{at}", name=str(name), position=at)
            for top, (_code, _name, _asks, parts) in zip(tops, starts, strict=True)
            for at, name in enumerate(parts)
        )
    configuration_changed()
