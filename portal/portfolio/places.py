"""Places of a customer's jobs: address, state and group."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.jobs.models import Job, JobState, Stage
from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.organization.configuration import directory


class Group(StrEnum):
    """Sold work under way, work not sold yet, and finished work."""

    ACTIVE = "active"
    PENDING = "pending"
    COMPLETED = "completed"


@dataclass(frozen=True)
class CustomerPlace:
    """One job at its address. `state`: its state in the customer's words."""

    job: Job
    group: Group
    state: str

    @property
    def address(self) -> str:
        site = self.job.site
        if site:
            return site.street or site.one_line
        return self.job.title

    @property
    def town(self) -> str:
        if self.job.site:
            return self.job.site.city
        return ""

    @property
    def tint(self) -> str:
        """Colour of the badge, by group."""
        return {Group.ACTIVE: "is-brand", Group.COMPLETED: "is-good"}.get(self.group, "")


def places_of(jobs: Iterable[Job]) -> list[CustomerPlace]:
    """Return the places of jobs in their order; sites must be loaded."""
    return [CustomerPlace(job, _group_of(job), _state_words(job)) for job in jobs]


def group_headings() -> dict[Group, str]:
    """Return the headings of the groups, in order."""
    return {Group.ACTIVE: _("Under way"), Group.PENDING: _("Being arranged"), Group.COMPLETED: _("Done")}


def _group_of(job: Job) -> Group:
    if job.state != JobState.OPEN:
        return Group.COMPLETED
    if job.is_sold:
        return Group.ACTIVE
    return Group.PENDING


def _state_words(job: Job) -> str:
    if job.state == JobState.DONE:
        if job.ended_at:
            return _("Finished %(year)s") % {"year": job.ended_at.year}
        return _("Finished")
    if job.state != JobState.OPEN:
        return _("Closed")
    stage = pipeline_setup().stages.get(job.stage_id or 0)
    if stage is None:
        so_far = []
    else:
        so_far = [*_stages_before(stage), stage]
    languages = (get_language() or "en", directory().brands[job.brand_id].language)
    texts = [text.title for step in so_far if (text := step.customer_text(languages))]
    if texts:
        return texts[-1]
    return _("Your request is in")


def _stages_before(stage: Stage) -> list[Stage]:
    """The steps before one; a step hidden from customers counts as the last visible one before it."""
    setup = pipeline_setup()
    place = (setup.places[stage.phase_id], stage.position)
    return [step for step in setup.steps(stage.pipeline_id) if (setup.places[step.phase_id], step.position) < place]
