"""The reasons a new tenant starts with (RULES 7.2), in its language."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.jobs.models.losses import Asks, Ends, LostReason
from crm.platform.models.tenant import configuration_changed

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
    """Create them for a tenant that has none yet."""
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
