"""Plan a series from a typed line that asks for a repetition."""

from datetime import datetime
from typing import Any

from django.db.models import Model

from crm.kernel import clock
from crm.platform.models import Member
from crm.web.reader import Reader
from followups.models import FollowUp
from followups.recurrence.edits import SeriesValues, create_series


def plan_typed_series(
    *, kind: str, subject: str, rule: str, first_at: datetime, by: Member, about: Model | None, **values: Any
) -> FollowUp:
    """Plan a series on its author's clock; returns its first occurrence. Raises Refused."""
    zone = Reader.of(by, clock.now()).zone
    start = first_at.astimezone(zone)
    series_values = SeriesValues(
        kind=kind,
        subject=subject,
        rule=rule,
        zone=zone.key,
        start_day=start.date(),
        start_time=start.time(),
        **values,
    )
    series = create_series(series_values, by=by, about=about)
    first: FollowUp = FollowUp.objects.filter(series=series).by_time()[0]
    return first
