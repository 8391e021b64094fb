"""Two people at once, in two real transactions: one wins, and the job's copy of its next step is never a stale one."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client

from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp, FollowUpOutcome, FollowUpStatus
from tests.cast import House, load_cast
from tests.together import together


def plan(house: House, hours: int) -> FollowUp:
    at = clock.now() + timedelta(hours=hours)
    return FollowUp.plan(kind="call", subject=f"In {hours}", due_at=at, job=house.job, assignee=house.rita, by=None)


def test_one_of_two_forms_wins(transactional_db: None) -> None:
    house = load_cast().house
    with use_tenant(house.tenant):
        # In ten days: next Monday, to which it is moved, is never then, on whatever day this runs.
        follow_up = plan(house, 240)
    prefix = f"/{house.tenant.slug}/followups/{follow_up.uid}/"

    def post(member: str, verb: str, **data: str) -> Callable[[], object]:
        client = Client()
        client.force_login(getattr(house, member).user)
        return lambda: client.post(f"{prefix}{verb}/", {"version": "1", **data}).status_code

    codes = together(post("rita", "complete", outcome="successful"), post("mona", "reschedule", when="week"))
    assert sorted(map(str, codes)) == ["302", "409"]
    with use_tenant(house.tenant):
        kinds = set(Event.objects.of(follow_up).values_list("kind", flat=True)) - {"followup.planned"}
        assert len(kinds) == 1


def test_of_two_who_complete_it_at_once_one_does(transactional_db: None) -> None:
    house = load_cast().house
    with use_tenant(house.tenant):
        follow_up = plan(house, 24)

    def complete(member: str, outcome: FollowUpOutcome) -> Callable[[], object]:
        def act() -> None:
            with use_tenant(house.tenant):
                FollowUp.objects.get(pk=follow_up.pk).complete(outcome, by=getattr(house, member))

        return act

    together(complete("rita", FollowUpOutcome.SUCCESSFUL), complete("mona", FollowUpOutcome.NO_ANSWER))
    with use_tenant(house.tenant):
        event = Event.objects.of(follow_up).get(kind="followup.completed")
        follow_up.refresh_from_db()
        assert (follow_up.completed_by_id, follow_up.version) == (event.actor_id, 2)


def test_both_of_a_jobs_done_at_once_leave_the_hole(transactional_db: None) -> None:
    house = load_cast().house
    for round_ in range(5):
        with use_tenant(house.tenant):
            first, second = plan(house, 2 + round_), plan(house, 30 + round_)

        def complete(follow_up: FollowUp) -> Callable[[], object]:
            def act() -> None:
                with use_tenant(house.tenant):
                    follow_up.complete(FollowUpOutcome.SUCCESSFUL, by=house.rita)

            return act

        together(complete(first), complete(second))
        with use_tenant(house.tenant):
            assert FollowUp.objects.filter(status=FollowUpStatus.COMPLETED).count() == 2 * (round_ + 1)
            assert Job.objects.get(pk=house.job.pk).next_step_kind == ""
