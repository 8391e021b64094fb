"""Whose job it is to share."""

from crm.jobs.models import Job, JobParty
from portal.access.viewer import Level, Viewer

_SHARERS = frozenset({JobParty.Role.CUSTOMER, JobParty.Role.OWNER})


def may_share(viewer: Viewer, job: Job) -> bool:
    """Whether they may let others see a job: its customer or owner, known by a code."""
    return viewer.level >= Level.SESSION and bool(viewer.roles(job) & _SHARERS)
