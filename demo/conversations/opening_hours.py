"""When a brand works, for messages that its people have written."""

from datetime import datetime, timedelta

from crm.jobs.models import Job
from crm.platform.organization.configuration import directory


def last_opening(job: Job, until: datetime) -> datetime:
    """Return the last instant until then at which the job's brand worked, by twenty minutes."""
    hours = directory().calendars[directory().calendar_of(job.brand_id) or 0]
    tried = (until - timedelta(minutes=20 * step) for step in range(3 * 24 * 10))
    return next((at for at in tried if hours.between(at, at + timedelta(seconds=1))), until)
