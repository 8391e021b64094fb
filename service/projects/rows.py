"""Rows of service's list: the lead list's columns, plus crew, percentage and next milestone."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from crm.jobs.list.rows import LeadGroup, LeadRow, LeadRowMaker, html
from crm.jobs.models import Job, Level
from crm.kernel import durations, formats
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from service.models import Arrival, HandOff, Milestone, Project
from service.projects.project_days import is_ahead


class OfProjects:
    """Data of projects for rows and cards, loaded with four queries (call `read` first)."""

    reader: Reader
    hand_offs: dict[int, HandOff]
    projects: dict[int, Project]
    next_milestones: dict[int, Milestone]
    arrivals: dict[int, Arrival]

    def read(self, jobs: Sequence[Job]) -> None:
        """Load the data of these jobs' rows."""
        ids = [job.pk for job in jobs]
        self.today: date = self.reader.today
        self.hand_offs = {row.pk: row for row in HandOff.objects.waiting_for_answer().filter(pk__in=ids)}
        self.projects = {row.pk: row for row in Project.objects.filter(pk__in=ids)}
        arrivals = Arrival.objects.on(self.today).filter(project_id__in=ids).exclude(state=Arrival.State.HERE)
        self.arrivals = {row.project_id: row for row in arrivals}
        open_ = Milestone.objects.filter(project_id__in=ids, done_at=None).order_by("project_id", "position", "pk")
        self.next_milestones = {row.project_id: row for row in reversed(list(open_))}

    def page_of(self, job: Job) -> str:
        """Return the URL of service's page for a job; blank for none."""
        slug = directory().tenant.slug
        if hand_off := self.hand_offs.get(job.pk):
            return reverse("service:hand_off", args=[slug, hand_off.uid])
        project = self.projects.get(job.pk)
        if project:
            return reverse("service:project", args=[slug, project.uid])
        return ""

    def progress_words(self, job: Job) -> str:
        """Return the percentage in words, once work has begun."""
        project = self.projects.get(job.pk)
        if project is None or is_ahead(project, self.today):
            return "–"
        return formats.whole_percent(project.percent)

    def _next_step(self, job: Job, level: Level) -> tuple[str, str, str]:
        if hand_off := self.hand_offs.get(job.pk):
            is_late = hand_off.due_at <= self.reader.now
            if hand_off.state == "returned":
                words = _("Sent back")
            else:
                words = _("Answer")
            css = "today"
            if is_late:
                css = "overdue"
            return css, "arrow-right-left", f"{words} · {self.reader.near(hand_off.due_at)}"
        project = self.projects.get(job.pk)
        milestone = self.next_milestones.get(job.pk)
        if project and project.is_held:
            until = ""
            if project.hold_until:
                until = self.reader.date(project.hold_until)
            return "", "pause", " · ".join(filter(None, [project.hold_reason, until]))
        if arrival := self.arrivals.get(job.pk):
            return _arrival_badge(arrival)
        if milestone is None:
            if project:
                return ("", "check", _("All milestones reached"))
            return ("", "", "")
        if milestone.is_late(self.today):
            css = "overdue"
        elif milestone.planned_on == self.today:
            css = "today"
        else:
            css = ""
        when = ""
        if milestone.planned_on:
            when = self.reader.date(milestone.planned_on)
        return css, "list-checks", " · ".join(filter(None, [milestone.name, when]))


class ProjectRowMaker(OfProjects, LeadRowMaker):
    """Turns jobs into rows of service's list."""

    def row(self, job: Job) -> LeadRow:
        row = super().row(job)
        row = replace(row, url=self.page_of(job) or row.url)
        if hand_off := self.hand_offs.get(job.pk):
            ago = durations.short_duration((self.reader.now - hand_off.opened_at).total_seconds())
            css = hand_off.level_at(self.reader.now).css
            return replace(row, age=ago, css=css, of_allowed=_("since the sale"))
        return row

    def _facts(self, job: Job) -> str:
        project = self.projects.get(job.pk)
        team = None
        if project:
            team = directory().teams.get(project.team_id or 0)
        return " · ".join(filter(None, [super()._facts(job), team.name if team else ""]))

    def _value(self, job: Job) -> str:
        return self.progress_words(job)


def _arrival_badge(arrival: Arrival) -> tuple[str, str, str]:
    if arrival.state == Arrival.State.LATE:
        return "overdue", "truck", _("Crew is %(minutes)s min late") % {"minutes": arrival.minutes}
    return "today", "truck", _("Crew is on the way")


def group(key: str, name: str, note: str, jobs: Iterable[Job], maker: ProjectRowMaker) -> LeadGroup:
    """Return the rows of a group; call `read` of `maker` first."""
    body = mark_safe("".join(html(maker.row(job)) for job in jobs))  # noqa: S308 - html() escapes what people typed
    return LeadGroup(key, name, note, body)
