"""Find the job of a page among those the viewer may see."""

from typing import Any

from django.http import Http404

from crm.jobs.models import Job
from portal.access.viewer import PortalViewer


def found_job(viewer: PortalViewer, number: int, section: str = "", jobs: Any = None) -> Job:
    """Return a job by number. Raises Http404 if the job or the section is not visible to the viewer."""
    if jobs is None:
        rows = viewer.jobs().select_related("site", "member", "brand")
    else:
        rows = jobs
    # Numbers are bigint; a longer one would be an error of the database's.
    job: Job | None = None
    if number < 1 << 62:
        job = rows.filter(number=number).first()
    if job is None or (section and not viewer.may(job, section)):
        raise Http404("not their job")
    return job
