"""Walk enrolments on: claim what is due, judge it, do steps until each waits, rests or ends, and write it all at once.

What the steps make, that they were done and where each enrolment stands are committed together, and a step's key is
unique. So a worker killed at any moment leaves enrolments that go on with the next step, and nothing is made twice.
"""

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import override

from crm.kernel import clock
from crm.platform.database import bulk_write
from crm.platform.organization.configuration import directory
from followups.sequences.engine.acts import do_step
from followups.sequences.engine.held_back import follow_departures
from followups.sequences.engine.judgement import (
    EnrolmentEnd,
    EnrolmentFacts,
    EnrolmentRest,
    Verdict,
    judge_enrolments,
    load_facts,
)
from followups.sequences.engine.states import (
    end_enrolments,
    pause_enrolments,
    resume_rows,
    save_enrolments,
)
from followups.sequences.engine.walker import Walker
from followups.sequences.models import Enrolment, EnrolmentState, EnrolmentStep


def walk_due(ids: Sequence[int]) -> None:
    """Walk on with the enrolments whose time has come. Idempotent."""
    now = clock.now()
    ready = Q(state=EnrolmentState.ACTIVE, next_at__lte=now) | Q(state=EnrolmentState.PAUSED, paused_until__lte=now)
    rows = Enrolment.lock_all(Enrolment.objects.filter(ready, pk__in=ids))
    if not rows:
        return
    with override(directory().tenant.language):
        facts = load_facts(rows)
        going = apply_verdicts(rows, judge_enrolments(rows, facts))
        resumed = [row for row in going if row.state == EnrolmentState.PAUSED]
        resume_rows(resumed, by=None)
        if resumed:
            follow_departures(resumed)
        walk_on([row for row in going if row.next_at is not None and row.next_at <= now], facts)


def apply_verdicts(rows: Sequence[Enrolment], verdicts: dict[int, Verdict]) -> list[Enrolment]:
    """End or pause the locked enrolments that must. Returns the others."""
    ends = []
    rests = defaultdict[EnrolmentRest, list[Enrolment]](list)
    others = []
    for row in rows:
        verdict = verdicts.get(row.pk)
        if isinstance(verdict, EnrolmentEnd):
            ends.append((row, verdict.reason, verdict.cause))
        elif verdict is not None:
            rests[verdict].append(row)
        else:
            others.append(row)
    end_enrolments(ends)
    for rest, those in rests.items():
        pause_enrolments(those, rest.reason, rest.until, by=None)
    return others


def walk_on(rows: Sequence[Enrolment], facts: EnrolmentFacts) -> None:
    """Do the steps of locked, judged enrolments until each waits or ends."""
    walkers = [
        Walker(
            row,
            facts.reads[row.version_id],
            facts.jobs[row.job_id],
            facts.people[row.person_id],
            since=row.next_at or clock.now(),
        )
        for row in rows
    ]
    going = list(walkers)
    while going:
        by_step = defaultdict[tuple[int, int], list[Walker]](list)
        for walker in going:
            by_step[walker.row.version_id, walker.row.position].append(walker)
        going = [walker for those in by_step.values() for walker in do_step(those)]
    bulk_write.insert_all(EnrolmentStep, [record for walker in walkers for record in walker.records])
    save_enrolments([walker.row for walker in walkers if walker.end is None])
    end_enrolments([(walker.row, *walker.end) for walker in walkers if walker.end is not None])
