"""Mark follow-ups as missed when their time has passed; it happens once, and stays on them (K8)."""

from collections.abc import Sequence

from crm.kernel import clock
from crm.platform.events import events
from crm.platform.events.events import Fact
from followups.models import FollowUp


def miss(ids: Sequence[int]) -> None:
    """Mark those that are open, due and not missed yet, at the instant each was due."""
    found = FollowUp.objects.select_for_update().filter(pk__in=ids, missed_at__isnull=True)
    late = list(found.overdue(clock.now()).order_by("pk"))
    for follow_up in late:
        follow_up.missed_at = follow_up.due_at
    if late:
        # Without a new version: nobody changed it, and a form that is open stays good.
        FollowUp.objects.bulk_update(late, ["missed_at"])
        events.record_all(
            [Fact("followup.missed", row, {"kind": row.kind}, job_id=row.job_id, at=row.due_at) for row in late],
            by=None,
        )
