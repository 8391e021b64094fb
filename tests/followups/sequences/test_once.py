"""Nothing is done twice: by two workers at once, by a worker that is killed in mid-step, by work given again."""

from functools import partial
from typing import Any

import pytest
from django.db import transaction

from comms.models import Message
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.models import Member, Tenant
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp
from followups.sequences.engine import walk
from followups.sequences.enrolling import enrol, enrol_all
from followups.sequences.models import EnrolmentStep, Sequence
from tests.automation.rules import work
from tests.cast import Cast, House
from tests.followups.preset_acts import MONDAY, writing
from tests.followups.sequences.scenes import DAY, another_lead, lead, message, row, sequence, task, wait
from tests.together import together

# So often a race is run.
TIMES = 20


class Killed(BaseException):
    """Ends a worker in the middle."""


@pytest.mark.parametrize("at", ["insert_all", "save_enrolments"])
def test_a_worker_killed_in_mid_step_leaves_nothing_half_done(house: House, monkeypatch: Any, at: str) -> None:
    enrol(sequence(message(), task(), wait(1)), lead(house), by=house.rita)

    def killed(*_given: object, **_more: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(walk if at == "save_enrolments" else walk.bulk_write, at, killed)
        with pytest.raises(Killed), transaction.atomic():
            walk.walk_due([row().pk])
    assert (Message.objects.filter(origin__startswith="sequence:").count(), FollowUp.objects.count()) == (0, 0)
    for _time in range(2):
        walk.walk_due([row().pk])
    assert (Message.objects.filter(origin__startswith="sequence:").count(), FollowUp.objects.count()) == (1, 1)


def test_a_step_recorded_twice_is_refused_by_the_database(house: House) -> None:
    enrol(sequence(message(), wait(1)), lead(house), by=house.rita)
    walk.walk_due([row().pk])
    step = EnrolmentStep.objects.get()
    with pytest.raises(Exception, match="enrolment_step_is_done_once"), transaction.atomic():
        EnrolmentStep.objects.create(
            enrolment=step.enrolment, version=step.version, position=step.position, result="done"
        )


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_do_each_step_once(cast: Cast) -> None:
    """Twenty times, under load: both get the same batch at the same moment."""
    with writing(cast) as house:
        made = sequence(message(), wait(1))
        batches = [enrol_all(made, _leads(house, time), by=house.rita).entered for time in range(TIMES)]
    for batch in batches:
        walks = partial(_walk, cast.house.tenant, [each.pk for each in batch])
        together(walks, walks)
    with use_tenant(cast.house.tenant):
        origins = Message.objects.filter(origin__startswith="sequence:")
        assert origins.count() == EnrolmentStep.objects.count() == 3 * TIMES


def _leads(house: House, time: int) -> list[Job]:
    return [another_lead(house, f"P{time}x{n}") for n in range(3)]


def _walk(tenant: Tenant, ids: list[int]) -> None:
    with clock.at(MONDAY), use_tenant(tenant):
        walk.walk_due(ids)


@pytest.mark.django_db(transaction=True)
def test_two_who_enrol_one_customer_at_once_let_one_in(cast: Cast) -> None:
    with writing(cast) as house:
        sequences = [sequence(wait(9), name="One"), sequence(wait(9), name="Two")]
        job = lead(house)

    def enters(made: Sequence) -> int:
        with clock.at(MONDAY), use_tenant(cast.house.tenant):
            return len(enrol_all(made, [job], by=None).entered)

    assert sum(together(*(partial(enters, made) for made in sequences))) == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_complete_its_follow_up_at_once_let_it_go_on_once(cast: Cast) -> None:
    with writing(cast) as house:
        enrol(sequence(task(), wait(1), message()), lead(house), by=house.rita)
        walk.walk_due([row().pk])

    def complete(member: Member) -> None:
        with clock.at(MONDAY), use_tenant(cast.house.tenant):
            FollowUp.objects.get().complete("successful", by=member)

    together(partial(complete, house.rita), partial(complete, house.mona))
    with use_tenant(cast.house.tenant):
        work(MONDAY)
        assert (row().position, row().next_at, EnrolmentStep.objects.count()) == (1, MONDAY + DAY, 1)
