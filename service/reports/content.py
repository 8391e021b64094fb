"""Content of a progress report: state, milestones since the last one, and photos visible to the customer."""

from collections.abc import Sequence

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from crm.documents.models import Document
from crm.kernel import clock, formats
from crm.platform.files import stored_files
from crm.platform.organization.configuration import directory
from service.models import FieldPhoto, Milestone, ProgressReport, Project
from service.projects.project_days import project_dates, project_day_number
from service.reports.pdf import Content

MOST_PHOTOS = 12


def draft_text(project: Project) -> str:
    """Return the report's text in the customer's language: the day, milestones since the last report, next steps."""
    languages = languages_of(project)
    with override(languages[0]):
        today = clock.now().astimezone(directory().zone).date()
        lines = []
        if day := project_day_number(project, today):
            lines.append(_("Day %(day)s of %(days)s.") % {"day": day, "days": len(project_dates(project))})
        if project.is_held:
            lines.append(_("The work is on hold: %(why)s.") % {"why": project.hold_reason})
        fresh = [one.text(languages) for one in _reached_milestones(project, since_last=True)]
        if fresh:
            lines.append(_("Since our last report: %(what)s.") % {"what": "; ".join(fresh)})
        coming = project.milestones.customers().filter(done_at=None).in_order().first()
        if coming:
            lines.append(_("Next: %(what)s.") % {"what": coming.text(languages)})
        return "\n".join(lines) or _("There is no news, and the work goes on as planned.")


def usual_photos(project: Project) -> list[int]:
    """Return document ids of the newest photos the customer may see, oldest first."""
    kept = FieldPhoto.objects.filter(project=project, document__archived_at=None, document__visibility="customer")
    ids = list(kept.order_by("-added_at", "-pk").values_list("document_id", flat=True)[:MOST_PHOTOS])
    return ids[::-1]


def content_of(report: ProgressReport) -> Content:
    """Return the content of the PDF."""
    project = report.project
    job = report.project.job
    languages = languages_of(project)
    with override(languages[0]):
        today = clock.now().astimezone(directory().zone).date()
        return Content(
            brand=job.brand.name,
            title=_("Progress report: %(title)s") % {"title": job.title},
            place=job.site.one_line if job.site else "",
            day=formats.full_day(today, job.brand.country),
            percent=report.percent,
            text=report.text,
            reached=tuple(one.text(languages) for one in _reached_milestones(project)),
            photos=tuple(_read_photos(report.photos)),
            is_letter=job.brand.country in ("US", "CA", "MX"),
        )


def language_of(project: Project) -> str:
    """Return the customer's language."""
    return languages_of(project)[0]


def languages_of(project: Project) -> list[str]:
    """Return the languages for texts to the customer, in order of preference."""
    job = project.job
    choices = [job.person.language if job.person else "", job.brand.language, get_language(), "en"]
    return [language for language in choices if language]


def _reached_milestones(project: Project, *, since_last: bool = False) -> Sequence[Milestone]:
    rows = project.milestones.customers().filter(done_at__isnull=False).in_order()
    if since_last:
        last = ProgressReport.objects.filter(project=project, sent_at__isnull=False).order_by("-sent_at").first()
        if last:
            rows = rows.filter(done_at__gt=last.sent_at)
    return list(rows)


def _read_photos(ids: Sequence[int]) -> list[tuple[bytes, str]]:
    """Load the photos that may still be shown; skips formats that browsers don't display."""
    documents = Document.objects.for_customer().filter(pk__in=ids).in_bulk()
    photos = []
    for pk in ids[:MOST_PHOTOS]:
        document = documents.get(pk)
        if document and document.media_type in ("image/jpeg", "image/png", "image/webp"):
            with stored_files.open_file(document.current.file) as file:
                photos.append((file.read(), document.title))
    return photos
