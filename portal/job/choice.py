"""Choose the job of a portal tab: the only one, or the viewer chooses."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render

from portal.access.pages import PortalRequest

MOST_JOBS = 50


@dataclass(frozen=True)
class JobChoice:
    """A page of a job: URL name, sections, icon, title, and the text shown without a job."""

    page: str
    sections: tuple[str, ...]
    icon: str
    title: str
    nothing: str


def choose_part(request: PortalRequest, choice: JobChoice) -> HttpResponse:
    """Open the page for their only job with a visible section, or show the choice."""
    viewer = request.viewer
    rows = viewer.jobs().select_related("site").order_by("-pk")[:MOST_JOBS]
    jobs = [job for job in rows if any(viewer.may(job, section) for section in choice.sections)]
    if len(jobs) == 1:
        return redirect(choice.page, company=request.company.slug, number=jobs[0].number)
    return render(request, "portal/job/choice.html", {"choice": choice, "jobs": jobs})
