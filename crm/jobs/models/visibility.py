"""Which jobs a member may see: reps their own and unassigned ones; all jobs with the permission.

Row-level security separates tenants, not roles. The list, search, exports and single jobs all ask here.

Rule: docs/rules.md#jobs-a-member-sees.
"""

from crm.platform.access.permissions import allows
from crm.platform.models import Member


def limited_to(member: Member) -> int | None:
    """Return the id of a member who sees only their own and unassigned jobs; None if they see all jobs."""
    if allows(member, "jobs.see_all"):
        return None
    return member.pk
