"""The rows of service's list: the lead list's own, with the crew, how much is done, and the next milestone."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from crm.jobs.list.rows import Group, Row, RowMaker, html
from crm.jobs.models import Job, Level
from crm.kernel import durations
from crm.platform.organization.configuration import directory
from crm.web.requests.url_cache import address
from service.models import HandOff, Milestone, Project


class ProjectRowMaker(RowMaker):
    """Turns jobs into rows of service, with three queries for all of them (`read` first)."""

    hand_offs: dict[int, HandOff]
    projects: dict[int, Project]
    next_milestones: dict[int, Milestone]

    def read(self, jobs: Sequence[Job]) -> None:
        """Read what the rows of these jobs show besides the jobs themselves."""
        ids = [job.pk for job in jobs]
        self.today: date = self.reader.today
        self.hand_offs = {row.pk: row for row in HandOff.objects.unanswered().filter(pk__in=ids)}
        self.projects = {row.pk: row for row in Project.objects.filter(pk__in=ids)}
        open_ = Milestone.objects.filter(project_id__in=ids, done_at=None).order_by("project_id", "position", "pk")
        self.next_milestones = {row.project_id: row for row in reversed(list(open_))}

    def row(self, job: Job) -> Row:
        row, slug = super().row(job), directory().tenant.slug
        if hand_off := self.hand_offs.get(job.pk):
            ago = durations.short((self.reader.now - hand_off.opened_at).total_seconds())
            css = hand_off.level_at(self.reader.now).css
            url = address("service:hand_off", slug, hand_off.uid)
            return replace(row, url=url, age=ago, css=css, of_allowed=_("since the sale"))
        if project := self.projects.get(job.pk):
            return replace(row, url=address("service:project", slug, project.uid))
        return row

    def _facts(self, job: Job) -> str:
        project = self.projects.get(job.pk)
        team = directory().teams.get(project.team_id or 0) if project else None
        return " · ".join(filter(None, [super()._facts(job), team.name if team else ""]))

    def _value(self, job: Job) -> str:
        project = self.projects.get(job.pk)
        return _("%(percent)s %%") % {"percent": project.percent} if project else "–"

    def _next_step(self, job: Job, level: Level) -> tuple[str, str, str]:
        if hand_off := self.hand_offs.get(job.pk):
            is_late = hand_off.due_at <= self.reader.now
            words = _("Sent back") if hand_off.state == "returned" else _("Answer")
            css = "overdue" if is_late else "today"
            return css, "arrow-right-left", f"{words} · {self.reader.near(hand_off.due_at)}"
        project, milestone = self.projects.get(job.pk), self.next_milestones.get(job.pk)
        if project and project.is_held:
            until = self.reader.date(project.hold_until) if project.hold_until else ""
            return "", "pause", " · ".join(filter(None, [project.hold_reason, until]))
        if milestone is None:
            return ("", "check", _("All milestones reached")) if project else ("", "", "")
        css = "overdue" if milestone.is_late(self.today) else "today" if milestone.planned_on == self.today else ""
        when = self.reader.date(milestone.planned_on) if milestone.planned_on else ""
        return css, "list-checks", " · ".join(filter(None, [milestone.name, when]))


def group(key: str, name: str, note: str, jobs: Iterable[Job], maker: ProjectRowMaker) -> Group:
    """Return the rows of a group; `maker` has read what they show."""
    body = mark_safe("".join(html(maker.row(job)) for job in jobs))  # noqa: S308 - html() escapes what people typed
    return Group(key, name, note, body)
