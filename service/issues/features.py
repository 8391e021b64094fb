"""Register what issues add: permissions, list, settings page, notices, event words."""

from collections.abc import Collection, Sequence

from django.utils.translation import gettext_lazy as _

from crm.jobs.job_titles import job_titles
from crm.jobs.models import Job
from crm.platform.access.permissions import EVERYBODY, Permission
from crm.platform.features import Feature
from crm.platform.models import Event, Role
from crm.platform.organization.configuration import directory
from crm.web.models import NoticeWay
from crm.web.notices.kinds import NoticeKind
from crm.web.notices.notify import NoticeDraft, notify_all
from crm.web.settings.sections import Section
from crm.web.shell.navigation import NavigationPage
from crm.web.shell.record_pages import RecordLink, RecordPage
from crm.web.timeline.event_words import EventWords
from followups.sequences.models import PauseReason
from followups.sequences.registry import EnrolmentPause
from service.models import Issue

TO_APPROVE = "issue.to_approve"
OFFICE = frozenset({Role.SERVICE, Role.MANAGER, Role.ADMIN})


def _jobs_with_open_issues(job_ids: Collection[int]) -> set[int]:
    """Return those of these jobs that have an issue that is not ended."""
    return set(Issue.objects.filter(job_id__in=job_ids, ended_at__isnull=True).values_list("job_id", flat=True))


FEATURES: list[Feature] = [
    EnrolmentPause(
        name="issue",
        reason=PauseReason.COMPLAINT,
        find=_jobs_with_open_issues,
        events=("issue.opened", "issue.ended", "issue.reopened", "issue.undone"),
    ),
    Permission(
        name="issues.view",
        roles=EVERYBODY,
        group="service",
        label=_("See issues"),
        note=_("What went wrong on what they sold, and on the leads they see."),
    ),
    Permission(
        name="issues.work",
        roles=OFFICE,
        group="service",
        label=_("Work on issues"),
        note=_("Report them, offer something up to their limit, approve what others offer, and close them."),
    ),
    Permission(
        name="issues.set_up",
        roles=frozenset({Role.ADMIN}),
        group="settings",
        label=_("Set limits for offers"),
        note=_("Up to how much each role may offer a customer by itself."),
    ),
    NavigationPage(
        name="issues:list",
        permission="issues.view",
        icon="triangle-alert",
        label=_("Issues"),
        section=True,
        tab_of="service:list",
    ),
    RecordPage(model=Issue, name="issues:issue", list="issues:list", titles=job_titles),
    RecordLink(
        model=Job, purpose="report_issue", name="issues:report", permission="issues.work", key="number", query="job"
    ),
    Section(
        group="service",
        name="issues:limits",
        permission="issues.set_up",
        icon="shield-check",
        label=_("Approval limits"),
        note=_("How much each role may offer a customer without approval."),
        affects=_("Affects offers on issues: a higher amount waits for approval."),
        words=_("refund discount compensation goodwill authority amount"),
    ),
    NoticeKind(
        name=TO_APPROVE,
        permission="issues.work",
        icon="triangle-alert",
        label=_("An offer to a customer waits for approval"),
        words=_("An offer to the customer waits for approval"),
        default=NoticeWay.MAIL,
        gathers=False,
    ),
    EventWords("issue.opened", "triangle-alert", _("reported an issue")),
    EventWords("issue.offered", "hand", _("made an offer to the customer")),
    EventWords("issue.approved", "check", _("approved the offer")),
    EventWords("issue.declined", "x", _("rejected the offer")),
    EventWords("issue.ended", "circle-check", _("closed the issue")),
    EventWords("issue.reopened", "undo-2", _("reopened the issue")),
    EventWords("issue.undone", "undo-2", _("undid a step of the issue")),
    EventWords("approval_limit.set", "shield-check", _("set a limit for offers")),
]


def tell_to_approve(offered: Sequence[Event]) -> None:
    """Notify managers of offers that need approval."""
    rows = Issue.objects.select_related("job").in_bulk([event.subject_id for event in offered])
    managers = [pk for pk, one in directory().members.items() if one.active and one.role in (Role.MANAGER, Role.ADMIN)]
    waiting = [(event, row) for event in offered if (row := rows.get(event.subject_id)) and row.state == "to_approve"]
    notify_all(
        TO_APPROVE,
        [NoticeDraft(managers, f"event:{event.pk}", row, by=event.actor_id, at=event.at) for event, row in waiting],
    )
