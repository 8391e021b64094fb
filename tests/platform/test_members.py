"""Members: roles and their last admin, who leaves and who gets the work, and when somebody was last seen."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.access.visibility_report import count_visible_rows
from crm.platform.models import Event, Member, Role
from crm.platform.organization import invitations, member_departure
from crm.platform.organization.invitations import InvalidInvitation
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp
from tests.cast import HOUSE, OTHER, PASSWORD, Cast, load_cast
from tests.platform.test_invite import NEW, invited, link
from tests.together import together


def kinds(member: Member) -> list[str]:
    return list(Event.objects.of(member).order_by("pk").values_list("kind", flat=True))


def test_a_role_changes_once_and_says_from_what(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        for _ in range(2):
            house.rita.change_role(Role.MANAGER, by=house.ada)
        event = Event.objects.get(kind="member.role_changed")
        assert (event.data, event.actor_id) == ({"from": "rep", "to": "manager"}, house.ada.pk)
        with pytest.raises(ValueError, match="owner"):
            house.rita.change_role("owner", by=house.ada)


def test_the_last_active_admin_stays_one(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        house.mona.change_role(Role.ADMIN, by=house.ada)
        house.mona.deactivate(by=house.ada)
        with pytest.raises(Refused, match="last active admin"):
            house.ada.change_role(Role.REP, by=house.ada)
        with pytest.raises(Refused, match="last active admin"):
            house.ada.deactivate(by=house.ada)
        house.mona.reactivate(by=house.ada)
        house.ada.change_role(Role.REP, by=house.ada)
        assert kinds(house.ada) == ["member.role_changed"]


def test_of_two_admins_who_demote_each_other_at_once_one_is_refused(transactional_db: None) -> None:
    house = load_cast().house
    with use_tenant(house.tenant):
        house.mona.change_role(Role.ADMIN, by=house.ada)

    def demote(whom: Member, by: Member) -> Callable[[], object]:
        def act() -> str:
            try:
                with use_tenant(house.tenant):
                    Member.objects.get(pk=whom.pk).change_role(Role.REP, by=by)
            except Refused:
                return "refused"
            return "done"

        return act

    answers = together(demote(house.mona, house.ada), demote(house.ada, house.mona))
    assert sorted(map(str, answers)) == ["done", "refused"]
    with use_tenant(house.tenant):
        assert Member.objects.active().filter(role=Role.ADMIN).count() == 1


def test_of_two_clicks_on_one_invitation_one_joins(transactional_db: None) -> None:
    cast = load_cast()
    invited(cast)
    secret = link().split("/")[3]

    def act() -> object:
        try:
            return invitations.accept(secret, user=None, name="Kim", password=NEW).name
        except InvalidInvitation as over:
            return over.reason

    assert sorted(map(str, together(act, act))) == ["Kim", "accepted"]


def test_what_a_leaver_holds_goes_to_whom_it_is_given(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        theirs = open_job(title="Hector Salinas", member=house.mona, by=house.mona)
        lost = open_job(title="Marisol Vega", member=house.rita, by=house.rita)
        lost.lose("Price", by=house.rita)
        due = clock.now() + timedelta(days=1)
        plan = FollowUp.plan(kind="call", subject="Ring", due_at=due, job=house.job, assignee=house.rita, by=house.rita)
        held = [(one.name, one.words) for one in member_departure.count_held_work(house.rita)]
        assert held == [("jobs", "1 open lead"), ("followups", "1 open follow-up")]
        house.rita.deactivate(by=house.ada)
        assert member_departure.hand_over(house.rita, house.mona, by=house.ada) == 2
        assert member_departure.hand_over(house.rita, house.mona, by=house.ada) == 0
        for row in (house.job, plan, lost, theirs):
            row.refresh_from_db()
        assert (house.job.member_id, plan.assignee_id, lost.member_id) == (house.mona.pk, house.mona.pk, house.rita.pk)
        assert plan.version == 2
        event = Event.objects.get(kind="job.assigned")
        assert event.job_id == house.job.pk
        assert event.data == {"from": house.rita.pk, "to": house.mona.pk, "cause": "offboarding"}
        assert Event.objects.filter(kind="followup.assigned").count() == 1


def test_work_goes_to_nobody_but_not_to_one_who_has_left(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        house.sam.deactivate(by=house.ada)
        for gone in (house.sam, house.rita):
            with pytest.raises(ValueError, match="active colleague"):
                member_departure.hand_over(house.rita, gone, by=house.ada)
        assert member_departure.hand_over(house.rita, None, by=house.ada) == 1
        assert Job.objects.get(pk=house.job.pk).member_id is None


def test_what_kim_sees_is_what_her_list_shows(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        open_job(title="Hector Salinas", member=house.mona, by=house.mona)
        open_job(title="Marisol Vega", by=None)
        leads = {member.name: count_visible_rows(member)[0] for member in (house.rita, house.mona)}
    assert (leads["Rita Rep"].count, leads["Rita Rep"].of) == (2, 3)
    assert (leads["Mona Manager"].count, leads["Mona Manager"].of) == (3, 3)


def test_a_sign_in_is_seen_where_it_leads(client: Client, cast: Cast) -> None:
    def seen(member: Member) -> bool:
        with use_tenant(member.tenant_id):
            return Member.objects.get(pk=member.pk).seen_at is not None

    assert not seen(cast.house.ada)
    client.post("/account/login/", {"login": cast.house.ada.user.email, "password": PASSWORD})
    assert seen(cast.house.ada)
    with use_tenant(cast.other.tenant):
        second = Member.objects.create(user=cast.house.rita.user, name="Rita Rep", role="rep")
    now = clock.now()
    client.force_login(cast.house.rita.user)
    client.get(f"/{HOUSE}/leads/")
    assert (seen(cast.house.rita), seen(second)) == (False, False), "where she goes is not known yet"
    with clock.at(now + timedelta(minutes=11)):
        client.get(f"/{OTHER}/leads/")
    assert (seen(cast.house.rita), seen(second)) == (False, True)
