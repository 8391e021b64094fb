"""Lead capture as rows of *Settings, Connections*: forms, ads, tools and lead mail."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Case, Count, Max, Value, When
from django.db.models.functions import TruncHour
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.integrations.systems import HOURS, SystemRow, SystemSource, hour_states
from leads.models import IntakeDoor, Submission
from leads.models.intake_door import doors

DoorKind = IntakeDoor.DoorKind
_ICONS = {DoorKind.META: "megaphone", DoorKind.GOOGLE: "megaphone", DoorKind.MAIL: "mail"}


def intake_systems(slug: str, now: datetime) -> Iterable[SystemRow]:
    """Return the forms and endpoints that others send to, with what came in the last 24 hours. Two queries."""
    current = [door for door in doors().values() if door.archived_at is None and door.kind != DoorKind.LOG]
    if not current:
        return
    bad = Case(When(state=Submission.SubmissionState.PARKED, then=Value(True)), default=Value(False))
    since = now - timedelta(hours=HOURS)
    rows = Submission.objects.filter(received_at__gt=since, received_at__lte=now).order_by()
    rows = rows.annotate(hour=TruncHour("received_at"), bad=bad).values("door_id", "hour", "bad")
    hours = defaultdict[int, list[tuple[datetime, bool]]](list)
    last: dict[int, datetime] = {}
    for row in rows.annotate(last=Max("received_at")):
        pk = row["door_id"]
        hours[pk].append((row["hour"], row["bad"]))
        last[pk] = max(row["last"], last.get(pk, row["last"]))
    in_review = Submission.objects.in_review().order_by().values_list("door_id").annotate(count=Count("pk"))
    parked = dict(in_review)
    for door in current:
        waiting = parked.get(door.pk, 0)
        mark = "ok"
        state = _("works")
        waits = ""
        if waiting:
            mark = "soon"
            state = _("to look at")
            waits = ngettext("%(count)s parked", "%(count)s parked", waiting) % {"count": waiting}
        yield SystemRow(
            name=door.name,
            note=DoorKind(door.kind).label,
            icon=_ICONS.get(DoorKind(door.kind), "log-in"),
            way="in",
            mark=mark,
            state=state,
            url=reverse("intake:door", args=[slug, door.pk]),
            at=last.get(door.pk),
            hours=hour_states(hours[door.pk], now),
            waits=waits,
        )


SYSTEM = SystemSource(name="intake", group="leads", permission="intake.set_up", icon="log-in", read=intake_systems)
