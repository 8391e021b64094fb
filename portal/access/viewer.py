"""PortalViewer: the person viewing the portal, their assurance level, and what they may see. Used by every page.

A colleague who looks as a customer is a viewer too, of the same pages: `is_preview` (docs/decisions/0038).
"""

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from crm.jobs.models import Job, JobParty, JobState
from crm.people.models import Person
from crm.platform.models import Brand, Member
from portal.access.links import Link
from portal.access.policy import BY_LINK, HOUSEHOLD, SECTIONS, sections_of
from portal.models import JobShare, PortalAccess, PortalDevice

# Who may let others see a job.
SHARERS = frozenset({JobParty.PartyRole.CUSTOMER, JobParty.PartyRole.OWNER})


class Level(IntEnum):
    """Assurance level of a viewer: holds a link that we sent, or has also entered a code.

    Rule: docs/rules.md#portal-access.
    """

    LINK = 1
    SESSION = 2


@dataclass(frozen=True)
class PortalViewer:
    """The person viewing the portal. `link`: set if they came by a link without a code; it limits what they see."""

    person: Person
    brand: Brand
    level: Level
    access: PortalAccess
    device: PortalDevice | None = None
    link: Link | None = None
    # The colleague who looks as them: sees no more than they may themselves, and does nothing.
    member: Member | None = None

    @property
    def is_preview(self) -> bool:
        return self.member is not None

    @property
    def document(self) -> str:
        """Id of the only document a link opens; blank without one, or if the viewer entered a code."""
        if self.link:
            return self.link.document
        return ""

    @property
    def may_act(self) -> bool:
        """True if the viewer may submit forms: signed in by a code, and not a member in preview."""
        return self.level >= Level.SESSION and not self.is_preview

    @property
    def needs_code_for_all(self) -> bool:
        """True if they hold a link to all their places, which requires a code."""
        return self.level < Level.SESSION and not self._scope and not self.document

    def jobs(self) -> Any:
        """Return the jobs they may see as a JobQuerySet: those they have a role in; by link, those of its place."""
        parties = JobParty.objects.filter(person=self.person).exclude(role=JobParty.PartyRole.CUSTOMER)
        # Whose job it is says the job itself: a customer corrected since is none.
        jobs = Job.objects.filter(Q(person=self.person) | Q(pk__in=parties.order_by().values("job_id")))
        jobs = jobs.exclude(state=JobState.DROPPED)
        if self.level < Level.SESSION:
            if self._scope and not self.document:
                jobs = jobs.filter(self._in_scope())
            else:
                jobs = jobs.none()
        if self.member:
            return jobs.visible_to(self.member)
        return jobs

    def may(self, job: Job, section: str) -> bool:
        """True if they may see a section of a job, by a role or a personal setting."""
        if section not in SECTIONS:
            raise ValueError(f"the portal has no section {section!r}")
        if self.level < Level.SESSION and section not in BY_LINK:
            return False
        return self.has_section(job, section)

    def has_section(self, job: Job, section: str) -> bool:
        """True if a role or a personal setting gives them a section of a job, whatever their level."""
        roles = self.roles(job)
        if not roles:
            return False
        own = self.access.overrides.get(section)
        if own is not None:
            return bool(own)
        parties = self._roles.get(job.pk, {})
        return any(section in _sections_of_role(role, parties.get(role)) for role in roles)

    def may_answer(self, job: Job, asked_id: int | None) -> bool:
        """True if they may answer a request: it was made to them, or to the customer of their household.

        `asked_id`: who is asked; None for the job's customer.
        """
        if (asked_id or job.person_id) == self.person.pk:
            return True
        is_of_customer = asked_id in (None, job.person_id)
        return is_of_customer and self.level >= Level.SESSION and bool(self.roles(job) & HOUSEHOLD)

    def may_share(self, job: Job) -> bool:
        """True if they may share a job: its customer or owner, signed in by a code."""
        return self.level >= Level.SESSION and bool(self.roles(job) & SHARERS)

    def roles(self, job: Job) -> frozenset[str]:
        """Return their roles in a job; empty if they have none."""
        if job.person_id == self.person.pk:
            customer = {str(JobParty.PartyRole.CUSTOMER)}
        else:
            customer = set()
        return frozenset(self._roles.get(job.pk, {}).keys() - {str(JobParty.PartyRole.CUSTOMER)} | customer)

    @cached_property
    def _roles(self) -> dict[int, dict[str, bool | None]]:
        """Roles by job, each with whether the customer who shared it shows them the money; None if not shared."""
        share = JobShare.objects.live().filter(job=OuterRef("job"), person=self.person, role=OuterRef("role"))
        parties = JobParty.objects.filter(person=self.person).annotate(sees=Subquery(share.values("sees_money")[:1]))
        roles: dict[int, dict[str, bool | None]] = {}
        for job_id, role, sees_money in parties.values_list("job_id", "role", "sees"):
            roles.setdefault(job_id, {})[role] = sees_money
        return roles

    @property
    def _scope(self) -> int | None:
        if self.link:
            return self.link.job_id
        return None

    def _in_scope(self) -> Q:
        site = Job.objects.filter(pk=self._scope).exclude(site=None).values("site_id")
        return Q(pk=self._scope) | Q(site_id__in=site)


def _sections_of_role(role: str, sees_money: bool | None) -> frozenset[str]:
    """Return the sections a role sees; for a role given by sharing, those the customer chose."""
    if sees_money is None:
        return sections_of(role)
    if sees_money:
        return frozenset(SECTIONS)
    return frozenset(SECTIONS) - {"money"}
