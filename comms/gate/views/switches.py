"""Settings of kill switches for everybody, a brand or a channel, and of the weekly limits."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from comms.gate.switches import set_limits
from comms.models import Channel, KillSwitch, Purpose, Suppression
from comms.models.sending_policy import sending_policy
from crm.kernel import clock
from crm.kernel.days import parse_typed_day
from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import parse_typed_number
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.settings.page import Context, settings_page


@settings_page("ledger:switches", "comms.stop", "comms/gate/switches.html")
def switches(request: TenantRequest) -> Context:
    """Show active stops and those of the last weeks."""
    reader = Reader.of(request.member, clock.now())
    rows = KillSwitch.objects.select_related("by", "ended_by", "brand", "channel", "person").order_by("-pk")
    on = list(rows.on())
    return {
        "on": [(row, reader.moment(row.at), reader.moment(row.until) if row.until else "") for row in on],
        "past": [(row, reader.moment(row.at)) for row in rows.exclude(pk__in=[row.pk for row in on])[:20]],
        "brands": [brand for brand in directory().brands.values() if brand.archived_at is None],
        "channels": Channel.objects.in_use().select_related("brand").order_by("medium", "address"),
        "purposes": [choice for choice in Purpose.choices if choice[0] != Purpose.SECURITY],
        "policy": sending_policy(),
        "unclear": Suppression.objects.in_force().filter(reason=Suppression.Reason.UNCLEAR).count(),
    }


def _switch_of(uid: str) -> KillSwitch:
    return get_object_or_404(KillSwitch.objects.all(), uid=uid)


@switches.action()
def stop_sending(request: TenantRequest) -> str:
    """Stop sending for everybody, a brand or a channel."""
    posted = request.POST
    scope: dict[str, Any] = {}
    what, _colon, uid = posted.get("what", "").partition(":")
    if what == "brand":
        scope["brand"] = next((one for one in directory().brands.values() if str(one.uid) == uid), None)
    elif what == "channel":
        scope["channel"] = next((one for one in Channel.objects.in_use() if str(one.uid) == uid), None)
    if what not in ("tenant", "brand", "channel") or None in scope.values():
        raise Refused(_("Choose what to stop."))
    if (purpose := posted.get("purpose", "")) in Purpose.values:
        scope["purpose"] = purpose
    KillSwitch.switch_on(
        reason=posted.get("reason", ""), by=request.member, until=_end_of(posted.get("until", "")), **scope
    )
    return _("Stopped. Waiting messages are held until you resume.")


def _end_of(day: str) -> datetime | None:
    """Return the end of a day in the organization's time zone; None for no day."""
    last = parse_typed_day(day)
    if last:
        return datetime.combine(last + timedelta(days=1), time(), ZoneInfo(str(directory().zone)))
    return None


@switches.action(_switch_of)
def end(request: TenantRequest, switch: KillSwitch) -> str:
    """Lift a stop."""
    switch.end(by=request.member)
    return _("Messages are resumed. Held messages are checked again before they are sent.")


@switches.action()
def limits(request: TenantRequest) -> str:
    """Set how many messages a person may get in seven days."""
    posted = request.POST
    sentence = _("Enter a number from 0 to 999.")
    set_limits(
        emails=parse_typed_number(posted.get("emails", ""), sentence, most=999),
        texts=parse_typed_number(posted.get("texts", ""), sentence, most=999),
        transactional_counts="transactional_counts" in posted,
        by=request.member,
    )
    return _("Saved.")
