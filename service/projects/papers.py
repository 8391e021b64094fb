"""Request the documents of a project's template, and withdraw the requests when the project is undone."""

from collections.abc import Sequence
from datetime import timedelta

from crm.documents.kinds import kind_for
from crm.documents.models import DocumentRequest
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from service.models import Project


def ask_for_papers(started: Sequence[Event]) -> None:
    """Request each document of the template once; a title that was requested already is skipped."""
    kind = kind_for(is_photo=False)
    projects = Project.objects.select_related("job", "template").in_bulk([event.subject_id for event in started])
    today = clock.now().astimezone(directory().zone).date()
    for event in started:
        project = projects.get(event.subject_id)
        if project is None or project.template is None or kind is None or not project.job.is_open:
            continue
        requested_titles = set(DocumentRequest.objects.filter(job_id=project.pk).values_list("title", flat=True))
        by = None
        if event.actor_id:
            by = directory().members.get(event.actor_id)
        for paper in project.template.papers:
            if paper["title"] not in requested_titles:
                due_on = today + timedelta(days=paper["days"])
                DocumentRequest.ask(project.job, paper["title"], kind=kind, by=by, due_on=due_on)


def withdraw_papers(withdrawn: Sequence[Event]) -> None:
    """Withdraw unanswered document requests of a project that was undone."""
    since = {event.subject_id: event for event in withdrawn}
    kept = set(Project.objects.filter(pk__in=since).values_list("pk", flat=True))
    for job in Job.objects.filter(pk__in=set(since) - kept):
        by = directory().members.get(since[job.pk].actor_id or 0)
        for request in DocumentRequest.objects.filter(job=job, state__in=("open", "sent")):
            if request.title in since[job.pk].data.get("papers", ()):
                request.withdraw(by=by)
