"""Taking an act back: what it altered of jobs is kept, and put back as long as nobody altered it since.

Columns, the stays in steps and the clock's next crossing go back to what they were; the facts of both stay on record.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext as _

from crm.jobs.clock.crossings import schedule
from crm.jobs.models import Change, Job, JobChange, Stage, StageVisit, State
from crm.jobs.pipelines.setup import line
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.database import bulk_write
from crm.platform.database.write_batch import Ledger, Part
from crm.platform.events import events
from crm.platform.events.events import Fact
from crm.platform.models import Event, Member
from crm.platform.tenancy.context import required_tenant_id
from crm.platform.work import due

FORGET = "job.forget_changes"
KEPT = timedelta(days=1)

# What acts alter. The next step is the follow-ups' to take back; `level` alone moves by itself, with time.
LINE = ("stage_id", "state", "entered_at", "ended_at", "ended_reason", "past")
FIELDS = {field.attname: field for field in Job._meta.concrete_fields}
REST = ("member_id", "priority", "waiting_since", "unread_count", "unread_channel", "touched_at")
COLUMNS = (*LINE, *Job.CLOCK_COLUMNS, *REST)

Values = dict[str, Any]
# The day on which a tenant's old changes were last set to be forgotten, by this process.
_forgetting: dict[int, object] = {}


@dataclass(frozen=True)
class TakenBack:
    """What became of it: jobs that are as they were; those that stay, changed since or their step archived since."""

    change: Change
    jobs: list[Job]
    changed: list[Job] = field(default_factory=list)
    shut: list[Job] = field(default_factory=list)

    @property
    def staying(self) -> list[Job]:
        return [*self.changed, *self.shut]


@contextmanager
def keep(
    kind: str, jobs: Iterable[Job], *, by: Member, locked: bool = False, change: Change | None = None
) -> Iterator[Change]:
    """Lock jobs, let the block act on these very objects, and keep what it altered. `locked`: the caller has done it.

    Nothing altered: the change is not saved, and its `pk` stays None. `change`: of the act these jobs are a further
    part of.
    """
    with transaction.atomic():
        acted = {job.pk: job for job in jobs}
        if not locked:
            rows = {row.pk: row for row in Job.objects.select_for_update().filter(pk__in=acted).order_by("pk")}
            acted = {pk: job for pk, job in acted.items() if pk in rows}
            for pk, job in acted.items():
                job.reflect(rows[pk])
        before = {pk: _values(job) for pk, job in acted.items()}
        visits = _open_visits(before)
        change = change or Change(kind=kind, member=by, at=clock.now())
        with _held(acted.values()):
            yield change
        changes = [_row(job, before[pk], visits.get(pk)) for pk, job in acted.items()]
        altered = [row for row in changes if row["after"]]
        if altered:
            if change.pk is None:
                change.save()
            bulk_write.insert_all(JobChange, [{**row, "change_id": change.pk} for row in altered])
            _forget_old(change.at)


@contextmanager
def keep_one(kind: str, job: Job, *, by: Member) -> Iterator[Change]:
    """`keep` for one verb on one job that the caller has locked; what it writes and what is kept go as one statement.

    There is no savepoint: what is refused must be so before anything is written, or end the caller's transaction.
    """
    before, change = _values(job), Change(kind=kind, member=by, at=clock.now())
    job.ledger = ledger = Ledger()
    try:
        with _held([job]):
            yield change
    finally:
        del job.ledger
    row = _row(job, before, None)
    if row["after"]:
        ledger.write(MADE, [{"kind": kind, "member_id": by.pk, "at": change.at}])
        ledger.write(OF_ONE, [row])
        _forget_old(change.at, into=ledger)
        change.pk, change.uid = ledger.send("id, uid from made_change") or (None, None)
    else:
        ledger.send()


MADE = Part(
    "made_change",
    """insert into "jobs_change" (tenant_id, kind, member_id, at)
       select %(tenant)s::bigint, row.kind, row.member_id, row.at from {rows} returning id, uid""",
    "kind text, member_id bigint, at timestamptz",
)
# The stay that was open before is read here: the statement that ends it does not see it ended.
OF_ONE = Part(
    "changed_job",
    """insert into "jobs_jobchange" (tenant_id, change_id, job_id, before, after, visit_id, visit_allowed)
       select %(tenant)s::bigint, made_change.id, row.job_id, row.before, row.after, stay.id, stay.allowed
       from made_change cross join {rows} left join "jobs_stagevisit" as stay
           on stay.tenant_id = %(tenant)s and stay.job_id = row.job_id and stay.left_at is null""",
    "job_id bigint, before jsonb, after jsonb",
)


@contextmanager
def _held(jobs: Iterable[Job]) -> Iterator[None]:
    for job in jobs:
        job.is_held = True
    try:
        yield
    finally:
        for job in jobs:
            del job.is_held


@transaction.atomic
def take_back(uid: UUID, *, by: Member) -> TakenBack:
    """Put back what an act of this member altered; jobs altered since stay as they are and are named.

    So does one that the member may see no more, and one whose step was archived meanwhile. Raises Refused when none
    can be: too late, somebody else's act, or all were changed since. Again: nothing more.
    """
    change = Change.objects.select_for_update().filter(uid=uid, member=by).first()
    if change is None or clock.now() - change.at > Change.POSSIBLE:
        raise Refused(_("It is too late to take this back."))
    kept = {row.job_id: row for row in JobChange.objects.filter(change=change)}
    seen = Job.objects.visible_to(by).select_for_update().filter(pk__in=kept).order_by("pk")
    jobs = {job.pk: job for job in seen}
    if change.taken_back_at and jobs:
        return TakenBack(change, list(jobs.values()))
    as_left = {pk: job for pk, job in jobs.items() if _is_as_left(job, kept[pk].after)}
    shut = {pk: step for pk, job in as_left.items() if (step := _shut_step(job, kept[pk].before, change))}
    same = [job for pk, job in as_left.items() if pk not in shut]
    changed = [job for pk, job in jobs.items() if pk not in as_left]
    if hidden := kept.keys() - jobs.keys():
        changed += Job.objects.filter(pk__in=hidden).order_by("pk")
    if not same:
        raise Refused(_archived(shut) if shut and not changed else _since(changed, change))
    change.taken_back_at = clock.now()
    ledger, data = Ledger(), {"of": change.kind, "since": change.at.isoformat()}
    _restore(same, kept, change, ledger)
    ledger.keep([change], ["taken_back_at"])
    events.record_all([Fact("job.undone", job, data, job_id=job.pk) for job in same], by=by, into=ledger)
    ledger.send()
    return TakenBack(change, same, changed, [jobs[pk] for pk in shut])


def _restore(jobs: list[Job], kept: Mapping[int, JobChange], change: Change, ledger: Ledger) -> None:
    for job in jobs:
        for name, value in kept[job.pk].before.items():
            setattr(job, name, FIELDS[name].to_python(value))
    altered = {name for job in jobs for name in kept[job.pk].before}
    ledger.keep(jobs, sorted(altered))
    if altered.intersection(LINE):
        moved = [kept[job.pk] for job in jobs if kept[job.pk].before.keys() & LINE]
        stays = [{"job_id": row.job_id, "id": row.visit_id, "allowed": row.visit_allowed} for row in moved]
        ledger.write(NEVER_BEGUN, stays)
        ledger.write(GOING_ON, stays)
    if altered.intersection(Job.CLOCK_COLUMNS):
        # From the act on: what came in between is crossed by the next tick.
        schedule(jobs, change.at, into=ledger)


# The stay an act began was none, and the one it ended goes on; as ever, the one that is open goes first.
NEVER_BEGUN = Part(
    "stays_never_begun",
    """delete from "jobs_stagevisit" as stay using {rows}
       where stay.tenant_id = %(tenant)s and stay.job_id = row.job_id and stay.left_at is null
         and stay.id is distinct from row.id returning stay.id""",
    "job_id bigint, id bigint",
)
GOING_ON = Part(
    "stays_going_on",
    """update "jobs_stagevisit" as stay
       set left_at = null, used = 0, level = null, allowed = coalesce(row.allowed, stay.allowed)
       from {rows}, (select count(*) from stays_never_begun) as before
       where stay.tenant_id = %(tenant)s and stay.id = row.id""",
    "id bigint, allowed integer",
)


def _values(job: Job) -> Values:
    return {name: getattr(job, name) for name in COLUMNS}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _row(job: Job, before: Values, visit: tuple[int, int] | None) -> Values:
    after = _values(job)
    altered = [name for name in COLUMNS if before[name] != after[name]]
    if set(altered) & set(Job.CLOCK_COLUMNS) and "level" not in altered:
        altered.append("level")
    return {
        "job_id": job.pk,
        "before": {name: before[name] for name in altered},
        "after": {name: after[name] for name in altered},
        "visit_id": visit[0] if visit else None,
        "visit_allowed": visit[1] if visit else None,
    }


def _is_as_left(job: Job, after: Values) -> bool:
    return all(_plain(getattr(job, name)) == value for name, value in after.items() if name != "level")


def _shut_step(job: Job, before: Values, change: Change) -> Stage | None:
    """The step the job would enter again, archived since the act; where it stood when it was archived is none."""
    stage_id, state = before.get("stage_id", job.stage_id), before.get("state", job.state)
    enters = state == State.OPEN and (stage_id, state) != (job.stage_id, job.state)
    step = line().stages.get(stage_id or 0) if enters else None
    return step if step and step.archived_at and step.archived_at >= change.at else None


def _archived(steps: Mapping[int, Stage]) -> str:
    step = next(iter(steps.values())).name
    return _("“%(step)s” was archived meanwhile, so it cannot be taken back.") % {"step": step}


def _open_visits(job_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    visits = StageVisit.objects.filter(job_id__in=list(job_ids), left_at__isnull=True)
    return {job_id: (pk, allowed) for job_id, pk, allowed in visits.values_list("job_id", "pk", "allowed")}


def _since(jobs: list[Job], change: Change) -> str:
    """Who changed it since, if a person did."""
    later = Event.objects.filter(job_id__in=[job.pk for job in jobs], at__gt=change.at).exclude(actor=None)
    last: models.Model | None = later.exclude(actor=change.member).order_by("-pk").first()
    if last is None:
        return _("It was changed since, so it cannot be taken back.")
    return _("%(name)s changed it since, so it cannot be taken back.") % {"name": last.actor.name}  # type: ignore[attr-defined]


def _forget_old(now: datetime, *, into: Ledger | None = None) -> None:
    """Have changes of more than a day ago deleted; asked for once a day, tenant and process."""
    tenant_id, day = required_tenant_id(), now.date()
    if _forgetting.get(tenant_id) != day:
        due.schedule(FORGET, 0, now + KEPT, key=f"{FORGET}:{day}", into=into)
        _forgetting[tenant_id] = day


@due.handler(FORGET)
def forget(_subjects: object) -> None:
    """Delete changes that are long past being taken back."""
    old = Change.objects.filter(at__lt=clock.now() - KEPT + timedelta(minutes=1))
    JobChange.objects.filter(change__in=old).delete()
    old.delete()
