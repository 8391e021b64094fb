"""Who may see which jobs: reps their own and those nobody has; who may see everybody's, all of them (ARCHITECTURE §6).

Row-level security separates tenants, not roles. The list, search, exports and single jobs all ask here.
"""

from crm.platform.access.permissions import allows
from crm.platform.models import Member


def limited_to(member: Member) -> int | None:
    """The id of the member whose own and unclaimed jobs are all that is seen; None where every job is."""
    return None if allows(member, "jobs.see_all") else member.pk
