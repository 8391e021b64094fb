"""Messages on the health page: waiting, parked and stopped."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Min
from django.utils.translation import gettext as _

from comms.models import Inbound, KillSwitch, Medium, Message
from comms.models.sender_profile import SenderProfile
from crm.platform.organization.configuration import directory
from crm.web.health.findings import Finding, HealthPart, HealthState, ParkedItems, SwitchedOff
from crm.web.health.snapshot import HealthSnapshot

_State = Message.State
OUTBOX = "outbox:list"
# So many messages that perhaps left stand each by itself.
EACH = 5


def _unsettled_counts() -> dict[str, dict[str, Any]]:
    """Count unsettled messages by state, with the oldest time, in one query."""
    states = (_State.QUEUED, _State.HELD, _State.SENDING, _State.UNKNOWN, _State.FAILED)
    rows = Message.objects.filter(direction="out", state__in=states).order_by().values("state")
    return {row["state"]: row for row in rows.annotate(count=Count("pk"), oldest=Min("at"))}


def parts(look: HealthSnapshot) -> list[HealthPart]:
    """Return the outbox: queued, held, unknown and failed messages."""
    rows = _unsettled_counts()
    rows_shown = []
    for state, name, mark in (
        (_State.QUEUED, _("Waiting to be sent"), HealthState.OK),
        (_State.HELD, _("Held"), HealthState.OFF),
        (_State.UNKNOWN, _("Unclear"), HealthState.SLOW),
        (_State.FAILED, _("Failed"), HealthState.SLOW),
    ):
        row = rows.get(state, {})
        count = row.get("count", 0)
        times = ((_("oldest"), row["oldest"]),) if count else ()
        rows_shown.append(HealthPart(name, "", mark if count else HealthState.OK, str(count), times, OUTBOX))
    return rows_shown


def parked_findings(look: HealthSnapshot) -> Iterable[ParkedItems]:
    """Return parked items, and messages of unknown state."""
    arrived = Inbound.objects.only_parked().aggregate(count=Count("pk"), oldest=Min("received_at"))
    words = _("Incoming items that could not be read")
    yield ParkedItems(arrived["count"], words, "comms:unread", arrived["oldest"], acts=(("unread", ""),))
    rows = _unsettled_counts()
    yield from _unknown_findings(rows.get(_State.UNKNOWN))
    row = rows.get(_State.FAILED, {"count": 0, "oldest": None})
    yield ParkedItems(
        row["count"], _("Messages that could not be sent"), OUTBOX, row["oldest"], f"?state={_State.FAILED}"
    )


def _unknown_findings(row: dict[str, Any] | None) -> Iterable[ParkedItems]:
    """Return the oldest messages of unknown state one by one, as a member decides on each, and the rest."""
    if row is None:
        return
    query = f"?state={_State.UNKNOWN}"
    ours = Message.objects.filter(direction="out", state=_State.UNKNOWN)
    messages = list(ours.select_related("person").order_by("at", "pk")[:EACH])
    for one in messages:
        name = ""
        if one.person:
            name = one.person.name
        acts = (("went", str(one.uid)), ("again", str(one.uid)))
        words = _("%(medium)s, unclear whether it was sent") % {"medium": Medium(one.medium).label}
        yield ParkedItems(1, words, OUTBOX, one.at, query, acts=acts, whom=f"{name} {one.address}".strip())
    if (rest := row["count"] - len(messages)) > 0:
        yield ParkedItems(rest, _("More messages unclear whether sent"), OUTBOX, query=query)


def switched_findings(look: HealthSnapshot) -> Iterable[SwitchedOff]:
    """Return the stops in force, and the number of messages held by members."""
    what = {
        "tenant": _("All messages stopped: %(why)s"),
        "brand": _("Messages of a brand stopped: %(why)s"),
        "channel": _("Messages of a channel stopped: %(why)s"),
        "person": _("Messages to a customer stopped: %(why)s"),
    }
    for stop in KillSwitch.objects.on().select_related("by").order_by("pk")[:50]:
        words = what[stop.scope] % {"why": stop.reason}
        yield SwitchedOff(
            words, stop.by.name if stop.by else "", stop.at, stop.until, "ledger:switches", (("go_on", str(stop.uid)),)
        )
    if messages_held := Message.objects.filter(direction="out", state=_State.HELD, send_at=None).count():
        yield SwitchedOff(_("Messages held until resumed: %(n)s") % {"n": messages_held}, page=OUTBOX)


def hours_checked(look: HealthSnapshot) -> Iterable[Finding]:
    """Check the hours in which customers are texted; those of states and zones apply in addition."""
    profiles = {row.brand_id: row for row in SenderProfile.objects.all()}
    brands = [brand for brand in directory().brands.values() if brand.archived_at is None]
    own = [profiles.get(brand.pk) or SenderProfile(brand=brand) for brand in brands]
    first = min(row.sms_from for row in own)
    last = max(row.sms_until for row in own)
    words = _("Texts from %(first)s to %(last)s only, where the customer is")
    yield Finding(HealthState.OK, words % {"first": f"{first:%H:%M}", "last": f"{last:%H:%M}"})
