"""The columns of the board of follow-ups: a status each, with the missed ones as derived. Rule: docs/rules.md#k8."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from followups.filters import LATE
from followups.models import FollowUpQuerySet, FollowUpStatus
from followups.models.queryset import OPEN

# Cards of a column; its list has the rest.
CAP = 50
COLUMNS = (
    str(FollowUpStatus.PENDING),
    str(FollowUpStatus.IN_PROGRESS),
    LATE,
    str(FollowUpStatus.COMPLETED),
    str(FollowUpStatus.CANCELLED),
)


def column_names() -> dict[str, str]:
    """Return the names of the columns, by key."""
    labels = {status.value: str(status.label) for status in FollowUpStatus} | {LATE: _("Missed")}
    return {key: labels[key] for key in COLUMNS}


def column_condition(key: str, now: datetime) -> Q:
    """Return the condition of a column's follow-ups. Each is in exactly one column."""
    if key == LATE:
        return Q(status__in=OPEN, sort_at__lt=now)
    if key in OPEN:
        return Q(status=key, sort_at__gte=now)
    return Q(status=key)


def columns_to_count(rows: FollowUpQuerySet, now: datetime) -> dict[str, Any]:
    """Return the querysets of the columns' counts, by element id."""
    return {f"column-{key}": rows.filter(column_condition(key, now)) for key in COLUMNS}


def counts_beyond_cap(counts: Mapping[str, str]) -> dict[str, str]:
    """Return how many follow-ups the columns do not show: "212 more"."""
    texts = {}
    for key in COLUMNS:
        count = counts.get(f"column-{key}", "0")
        more = int(count.removesuffix("+")) - CAP
        if more > 0:
            texts[f"more-{key}"] = _("%(count)s more") % {"count": f"{more}+" if count.endswith("+") else more}
    return texts
