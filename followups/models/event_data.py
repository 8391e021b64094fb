"""Parts of the data of a follow-up's events."""

from datetime import datetime
from typing import Any

from followups.models.follow_up_row import FollowUpRow


def planned_data(follow_up: FollowUpRow) -> dict[str, Any]:
    """Return the data of the event of planning it."""
    return {"kind": str(follow_up.kind), "assignee": follow_up.assignee_id} | time_data("at", follow_up.due_at)


def time_data(name: str, at: datetime | None) -> dict[str, str | None]:
    """Return a time as ISO text under this name."""
    return {name: at.isoformat() if at else None}


def cause_data(cause: str) -> dict[str, str]:
    """Return the cause, if there is one."""
    if cause:
        return {"cause": cause}
    return {}
