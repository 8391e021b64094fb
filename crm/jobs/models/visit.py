"""StageVisit: one stay of a job in a step: entered, left, by whom, why; and how a stay begins and ends."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db import models

from crm.jobs.clock import arithmetic as ageing
from crm.jobs.clock.arithmetic import Level
from crm.kernel import clock
from crm.platform.database.write_batch import Part
from crm.platform.models import Member, TenantForeignKey, TenantModel

if TYPE_CHECKING:
    from crm.jobs.models.job import Job


class StageVisit(TenantModel):
    """One stay in a step; stage null is the time without status."""

    job = TenantForeignKey("jobs.Job", models.CASCADE, related_name="visits")
    stage = TenantForeignKey("jobs.Stage", models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    # Who moved it here, and why when it was not a person's own click (import, rule, reopening).
    actor = TenantForeignKey("platform.Member", models.PROTECT, null=True, related_name="+")
    cause = models.CharField(max_length=80, blank=True)
    # At leaving: what was used and allowed in seconds, and the level it ended on.
    used = models.PositiveIntegerField(default=0)
    allowed = models.PositiveIntegerField()
    level = models.SmallIntegerField(choices=[(level.value, level.name) for level in Level], null=True)

    class Meta:
        base_manager_name = "objects"
        ordering = ["entered_at", "pk"]
        indexes = [models.Index(fields=["tenant", "job", "entered_at"], name="visit_job")]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "job"], condition=models.Q(left_at__isnull=True), name="job_is_in_one_step_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job_id} in {self.stage_id}"


# A job's present stay ends. The stays that end are called `left_stays`.
LEAVING = Part(
    "left_stays",
    """update "jobs_stagevisit" as stay
       set left_at = row.left_at, used = row.used, allowed = row.allowed, level = row.level from {rows}
       where stay.tenant_id = %(tenant)s and stay.job_id = row.job_id and stay.left_at is null returning stay.id""",
    "job_id bigint, left_at timestamptz, used integer, allowed integer, level smallint",
    "job_id",
)
# A job's next stay begins.
ENTERING = Part(
    "entered_stays",
    """insert into "jobs_stagevisit" (tenant_id, job_id, stage_id, entered_at, actor_id, cause, used, allowed)
       select %(tenant)s::bigint, row.job_id, row.stage_id, row.entered_at, row.actor_id, row.cause, 0, row.allowed
       from {rows}""",
    "job_id bigint, stage_id bigint, entered_at timestamptz, actor_id bigint, cause text, allowed integer",
    "job_id",
)
# The same behind LEAVING: Postgres writes the parts of a statement in an order of its own, unless one asks another.
PASSING_ON = replace(ENTERING, sql=f"{ENTERING.sql}, (select count(*) from left_stays) as before")


def enter(job: "Job", by: Member | None, cause: str) -> None:
    """Begin a stay, behind the one this verb ends."""
    job.ledger.write(PASSING_ON if LEAVING in job.ledger else ENTERING, [entering(job, by, cause)])


def leave(job: "Job") -> Level:
    """End the stay: the level it ends on."""
    left = leaving(job)
    job.ledger.write(LEAVING, [left])
    return Level(left["level"])


def entering(job: "Job", by: Member | None, cause: str) -> dict[str, Any]:
    """The stay that begins now."""
    return {
        "job_id": job.pk,
        "stage_id": job.stage_id,
        "entered_at": job.entered_at,
        "actor_id": by.pk if by else None,
        "cause": cause[:80],
        "allowed": job.allowed,
    }


def leaving(job: "Job") -> dict[str, Any]:
    """What the stay that ends now is left with; the bar remembers its level in `past`."""
    now = clock.now()
    # Of a job without status too, whose own level says no more than that.
    level = ageing.level(now, job.instants) if job.instants else job.level_at(now)
    if job.stage_id:
        job.past = f"{job.past} {job.stage_id}:{level.css}".strip()
    return {"job_id": job.pk, "left_at": now, "used": job.used_at(now), "allowed": job.allowed, "level": level}
