"""StageVisit: one stay of a job in a stage, with its start, end, member and reason."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models

from crm.jobs.clock import arithmetic as ageing
from crm.jobs.clock.arithmetic import Level
from crm.jobs.models.job_record import JobRecord
from crm.kernel import clock
from crm.platform.database import bulk_write
from crm.platform.models import Member, TenantForeignKey, TenantModel

# Stands for the time without a status among a job's past visits: no step has this id.
NO_STATUS = 0


class StageVisit(TenantModel):
    """One stay in a step; without a stage, the time without status."""

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
        indexes = [
            models.Index(fields=["tenant", "job", "entered_at"], name="visit_job"),
            # Where jobs stood at a past instant: what was left after it, or not yet, and entered before. All that the
            # reports read of very many stays is in it.
            models.Index(
                fields=["tenant", "left_at", "entered_at"],
                include=["id", "stage", "job", "allowed"],
                name="visit_by_end",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "job"], condition=models.Q(left_at__isnull=True), name="job_is_in_one_step_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job_id} in {self.stage_id}"

    # One job's visits or many's: the verbs of a job write them by these, too.

    @classmethod
    def open_ones(cls, job_ids: Iterable[int]) -> list[tuple[int, int, int]]:
        """Return the open visits of jobs: job id, visit id, and the allowed seconds."""
        return bulk_write.execute(_OPEN, "job_id bigint", [{"job_id": job_id} for job_id in job_ids])

    @classmethod
    def begin_all(cls, entered: Mapping[int, Mapping[str, Any]]) -> None:
        """Create the next visits of jobs, by job, with the values of `visit_entered`."""
        bulk_write.insert_all(cls, [{"job_id": job_id, **values} for job_id, values in entered.items()])

    @classmethod
    def end_all(cls, left: Mapping[int, Mapping[str, Any]]) -> None:
        """End the open visits of jobs, by job, with the values of `visit_left`."""
        rows = [{"job_id": job_id, **values} for job_id, values in left.items()]
        bulk_write.execute(_END, _LEFT, rows)

    @classmethod
    def follow_all(cls, left: Mapping[int, Mapping[str, Any]], entered: Mapping[int, Mapping[str, Any]]) -> None:
        """End the open visits of jobs and begin the next ones, as `end_all` and `begin_all`, in one statement."""
        rows = [
            {
                "job_id": job_id,
                **entered[job_id],
                **values,
                "had": values["allowed"],
                "allowed": entered[job_id]["allowed"],
            }
            for job_id, values in left.items()
        ]
        bulk_write.write(_FOLLOW, f"{_LEFT}, had integer, {_ENTERED}", rows)


def visit_entered(job: JobRecord, by: Member | None, cause: str) -> dict[str, Any]:
    """Return the values of the visit that begins now."""
    return {
        "stage_id": job.stage_id,
        "entered_at": job.entered_at,
        "actor_id": by.pk if by else None,
        "cause": cause[:80],
        "allowed": job.allowed,
    }


def visit_left(job: JobRecord) -> dict[str, Any]:
    """Return the values that a visit gets at its end; add its level to `past` for the bar."""
    now = clock.now()
    # The level of the clock, also of a job without status, whose own level is always NONE.
    if job.instants:
        level = ageing.level(now, job.instants)
    else:
        level = job.level_at(now)
    job.past = f"{job.past} {past_visit(job.stage_id, level.css)}".strip()
    return {"left_at": now, "used": job.used_at(now), "allowed": job.allowed, "level": level}


def past_visit(stage_id: int | None, level: str) -> str:
    """Return an ended visit in the bar's format, `"12:late"`; "" for a time without status that was not late."""
    if not stage_id and level not in ("late", "crit"):
        return ""
    return f"{stage_id or NO_STATUS}:{level}"


_LEFT = "job_id bigint, left_at timestamptz, used integer, allowed integer, level smallint"
_ENTERED = "stage_id bigint, entered_at timestamptz, actor_id bigint, cause text"
_END = """update "jobs_stagevisit" as visit
    set left_at = row.left_at, used = row.used, allowed = row.allowed, level = row.level from {rows}
    where visit.tenant_id = %(tenant)s and visit.job_id = row.job_id and visit.left_at is null"""
_OPEN = """select visit.job_id, visit.id, visit.allowed from {rows} join "jobs_stagevisit" as visit
    on visit.tenant_id = %(tenant)s and visit.job_id = row.job_id and visit.left_at is null"""
# The rows are taken apart once. The join has a visit end before the next one of its job begins: there is one open at a
# time.
_FOLLOW = """with row as materialized (select * from {rows}), ended as (
        update "jobs_stagevisit" as visit
        set left_at = row.left_at, used = row.used, allowed = row.had, level = row.level from row
        where visit.tenant_id = %(tenant)s and visit.job_id = row.job_id and visit.left_at is null
        returning visit.job_id
    )
    insert into "jobs_stagevisit" (tenant_id, job_id, stage_id, entered_at, actor_id, cause, used, allowed)
    select %(tenant)s::bigint, row.job_id, row.stage_id, row.entered_at, row.actor_id, row.cause, 0, row.allowed
    from row left join ended on ended.job_id = row.job_id"""
