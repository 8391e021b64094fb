"""The options of a lead's action menus: the steps it can move to, who can get it, how somebody was in touch.
Built from the cached configuration.
"""

from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crm.jobs.bar.upright import allowed_in
from crm.jobs.models import Job, Stage
from crm.jobs.pipelines.setup import pipeline_setup
from crm.jobs.pipelines.stage_successor import next_stages
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.platform.organization.configuration import directory


class StepChoice(NamedTuple):
    """A step in the menu, with the time it allows."""

    pk: int
    name: str
    allowed: str
    current: bool
    # Where it goes next.
    is_next: bool


class ContactChoice(NamedTuple):
    """A contact type and its outcome, for the menu and the note's label: "call:no_answer", "Call:", "No answer"."""

    value: str
    icon: str
    kind: str
    label: str


def contact_choices() -> list[ContactChoice]:
    """List the ways to log; a planned meeting or video call is completed among the follow-ups."""
    call = _("Call")
    text = pgettext("send", "Text")
    email = _("Email")
    visit = _("Visit")
    return [
        ContactChoice("call:reached", "phone", call, _("Reached")),
        ContactChoice("call:no_answer", "phone", call, _("No answer")),
        ContactChoice("call:message_left", "phone", call, _("Left a message")),
        ContactChoice("text:sent", "message-square-more", text, _("Texted")),
        ContactChoice("email:sent", "mail", email, _("Emailed")),
        ContactChoice("visit:reached", "calendar", visit, _("Visited")),
        ContactChoice("visit:no_answer", "calendar", visit, _("Nobody there")),
    ]


class PhaseChoice(NamedTuple):
    """A phase with the steps that a pipeline has in it."""

    name: str
    steps: list[StepChoice]


def next_stage(job: Job) -> Stage | None:
    """Return the step an open job goes to next; None after the last one and for ended jobs."""
    if job.is_open:
        return next_stages().get((job.pipeline_id, job.stage_id))
    return None


def phases_of(job: Job) -> list[PhaseChoice]:
    """Group the steps of the job's pipeline by phase; phases it skips are left out."""
    setup = pipeline_setup()
    onward = next_stage(job)
    return [
        PhaseChoice(
            phase.name,
            [StepChoice(s.pk, s.name, allowed_in(job, s.pk), s.pk == job.stage_id, s == onward) for s in steps],
        )
        for phase, steps in zip(setup.phases, setup.shapes[job.pipeline_id], strict=True)
        if steps
    ]


def receivers(job: Job, member: Member) -> list[Member | None]:
    """Return the allowed assignees; None unassigns. Without jobs.assign, members may only claim or release jobs."""
    if allows(member, "jobs.assign"):
        others = [row for row in directory().members.values() if row.active and row.pk != job.member_id]
        if job.member_id:
            return [*others, None]
        return [*others]
    if job.member_id is None:
        return [directory().members[member.pk]]
    if job.member_id == member.pk:
        return [None]
    return []
