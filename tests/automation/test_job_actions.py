"""What a step of a rule does to a lead, what it leaves as it is, and what it is refused."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crm.automation.escalation import escalation_recipients
from crm.automation.models import AutomationPolicy, Mode, RuleRun, Webhook, WebhookCall
from crm.automation.notices import addressed_members, recipient_choices, who_words
from crm.automation.registry.actions import Firing, find_action
from crm.automation.registry.records import record_kind
from crm.automation.setup import chosen_values
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job, Phase, Pipeline, Priority, Side, Stage
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Event, Member, Role, Team, TeamMember
from crm.platform.models.tenant import configuration_changed
from crm.platform.organization.configuration import clear_configuration_caches
from crm.platform.tenancy.context import use_tenant
from crm.web.models import Notice
from tests.automation.rules import do, rule, work
from tests.cast import Cast, House, member

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # 10:00 in New York
HOUR = timedelta(hours=1)


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant), clock.at(MONDAY):
        yield cast.house


@pytest.fixture
def job(house: House) -> Job:
    row: Job = Job.objects.get(pk=house.job.pk)
    return row


def came(job: Job, name: str, **options: Any) -> tuple[str, str]:
    """What came of a step that a rule did as its lead wrote: the state of it, and in words."""
    rule("job.heard", do(name, **options))
    job.hear("sms")
    work(clock.now(), rounds=2)
    [entry] = RuleRun.objects.get().log
    job.refresh_from_db()
    return entry["state"], entry["words"]


def foreseen(job: Job, name: str, **options: Any) -> str:
    """What a step says it would do."""
    kind, found = record_kind("job"), find_action(name)
    assert kind
    assert found
    assert found.foresee
    given = chosen_values(found.options({key: str(value) for key, value in options.items()}))
    return found.foresee(Firing(kind, job, 0, "A rule", 0), given)


def test_a_lead_is_moved_in_the_rules_name(house: House, job: Job) -> None:
    assert came(job, "job.move", step=house.stage("Reached").pk)[0] == "done"
    moved = Event.objects.filter(kind="job.moved").latest("pk")
    assert (job.stage, moved.actor) == (house.stage("Reached"), None)


def test_a_lead_that_stands_there_is_not_moved(house: House, job: Job) -> None:
    stay = job.stay
    assert came(job, "job.move", step=house.stage("New").pk) == ("skipped", "")
    assert job.stay == stay


def test_a_pipeline_without_the_step_is_refused(house: House, job: Job) -> None:
    other = Pipeline.objects.create(name="Care plan")
    phase = Phase.objects.order_by("position")[0]
    step = Stage.objects.create(pipeline=other, phase=phase, name="Only here", position=0)
    configuration_changed()
    clear_configuration_caches()
    state, words = came(job, "job.move", step=step.pk)
    assert (state, "Only here" in words, job.stage) == ("refused", True, house.stage("New"))


def test_a_person_who_moved_it_wins_for_a_day(house: House, job: Job) -> None:
    job.move_to(house.stage("Reached"), by=house.rita)
    with clock.at(MONDAY + 23 * HOUR):
        state, words = came(job, "job.move", step=house.stage("Quote sent").pk)
    assert (state, words) == ("refused", "Someone moved it in the last 24 hours, so it stays.")


def test_where_a_person_wins_for_no_time_the_rule_moves_it(house: House, job: Job) -> None:
    AutomationPolicy.set_person_wins(0, by=house.ada)
    job.move_to(house.stage("Reached"), by=house.rita)
    assert came(job, "job.move", step=house.stage("Quote sent").pk)[0] == "done"


def test_what_nobody_did_holds_no_rule_back(house: House, job: Job) -> None:
    job.move_to(house.stage("Reached"), by=None)
    assert came(job, "job.move", step=house.stage("Quote sent").pk)[0] == "done"


def test_a_move_is_foreseen_and_nothing_is_done(house: House, job: Job) -> None:
    words = [foreseen(job, "job.move", step=house.stage(name).pk) for name in ("Reached", "New")]
    assert words == ["would move to Reached", "stays in New"]
    assert not Event.objects.filter(kind="job.moved").exists()


def test_a_move_that_a_person_forbids_is_foreseen_as_refused(house: House, job: Job) -> None:
    job.move_to(house.stage("Reached"), by=house.rita)
    with pytest.raises(Refused, match="Someone moved it"):
        foreseen(job, "job.move", step=house.stage("Quote sent").pk)


def test_a_lead_is_assigned(house: House, job: Job) -> None:
    assert came(job, "job.assign", member=house.mona.pk)[0] == "done"
    assert job.member == house.mona


def test_a_lead_is_not_assigned_to_who_has_it(house: House, job: Job) -> None:
    assert came(job, "job.assign", member=house.rita.pk) == ("skipped", "")


@pytest.mark.parametrize(("minutes", "state"), [(9, "refused"), (10, "done")])
def test_whom_a_person_chose_stays_for_ten_minutes(house: House, job: Job, minutes: int, state: str) -> None:
    job.assign_to(house.mona, by=house.mona)
    with clock.at(MONDAY + timedelta(minutes=minutes)):
        assert came(job, "job.assign", member=house.sam.pk)[0] == state


def test_whom_a_rule_chose_does_not_stay(house: House, job: Job) -> None:
    job.assign_to(house.mona, by=None)
    assert came(job, "job.assign", member=house.sam.pk)[0] == "done"


def test_a_closed_lead_is_not_distributed(house: House, job: Job) -> None:
    rule("job.lost", do("job.distribute"), options={"reason": ""})
    job.lose("Price", by=house.rita)
    work(MONDAY, rounds=2)
    [entry] = RuleRun.objects.get().log
    assert (entry["state"], entry["words"]) == ("refused", "It is closed. Reopen it first.")


@pytest.mark.parametrize(
    ("before", "options", "state", "after"),
    [
        (Priority.NORMAL, {"priority": Priority.HIGH}, "done", Priority.HIGH),
        (Priority.HIGH, {"priority": Priority.HIGH}, "skipped", Priority.HIGH),
        (Priority.URGENT, {"priority": Priority.HIGH}, "done", Priority.HIGH),
        (Priority.URGENT, {"priority": Priority.HIGH, "raise_only": "on"}, "skipped", Priority.URGENT),
        (Priority.LOW, {"priority": Priority.HIGH, "raise_only": "on"}, "done", Priority.HIGH),
    ],
)
def test_a_priority_is_set_or_only_raised(
    house: House, job: Job, before: Priority, options: dict[str, Any], state: str, after: Priority
) -> None:
    Job.objects.filter(pk=job.pk).update(priority=before)
    job.refresh_from_db()
    assert came(job, "job.prioritize", **options)[0] == state
    assert job.priority == after


@pytest.mark.parametrize(("side", "state"), [(Side.CUSTOMER, "done"), (Side.US, "skipped")])
def test_the_next_move_is_turned(house: House, job: Job, side: Side, state: str) -> None:
    assert came(job, "job.turn", side=side)[0] == state
    assert job.side == side


def test_the_next_move_stays_where_a_person_turned_it(house: House, job: Job) -> None:
    job.turn_to(Side.CUSTOMER, by=house.rita)
    job.turn_to(Side.US, by=house.rita)
    assert came(job, "job.turn", side=Side.CUSTOMER)[0] == "refused"


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("job.move", lambda house: {"step": house.stage("Reached").pk}, "moved it to Reached"),
        ("job.move", lambda house: {"step": 10**9}, "moved it to —"),
        ("job.assign", lambda house: {"member": house.mona.pk}, "assigned it to Mona Manager"),
        ("job.assign", lambda house: {"member": 10**9}, "assigned it to —"),
        ("job.prioritize", lambda house: {"priority": Priority.HIGH}, "set the priority to High"),
        ("webhook.call", lambda house: {"webhook": 10**9}, "called the webhook “—”"),
    ],
)
def test_what_was_done_is_told_also_of_what_is_gone(
    house: House, name: str, data: Callable[[House], dict[str, Any]], words: str
) -> None:
    found = find_action(name)
    assert found
    assert found.told
    assert found.told(data(house)) == words


def names(members: list[Member]) -> list[str]:
    return sorted(one.name.split()[0] for one in members)


def test_the_owner_is_told_and_of_nobodys_lead_the_managers(house: House) -> None:
    assert names(addressed_members("owner", house.rita.pk)) == ["Rita"]
    assert names(addressed_members("owner", None)) == ["Mona"]


def test_an_owner_who_left_is_told_nothing(house: House) -> None:
    house.rita.deactivate(by=house.ada)
    clear_configuration_caches()
    assert names(addressed_members("owner", house.rita.pk)) == ["Mona"]


@pytest.mark.parametrize(("who", "told"), [("managers", ["Mona"]), ("admins", ["Ada"])])
def test_those_of_a_role_are_told(house: House, who: str, told: list[str]) -> None:
    gone = member("Lea Left", Role.MANAGER, house.tenant.slug)
    gone.deactivate(by=house.ada)
    clear_configuration_caches()
    assert names(addressed_members(who, house.rita.pk)) == told


def test_a_team_or_a_colleague_is_told(house: House) -> None:
    team = Team.create("Crew A", by=None)
    for one in (house.sam, house.rita):
        TeamMember.objects.create(team=team, member=one)
    clear_configuration_caches()
    assert names(addressed_members(f"team:{team.pk}", None)) == ["Rita", "Sam"]
    assert names(addressed_members(f"member:{house.sam.pk}", None)) == ["Sam"]
    assert who_words(f"team:{team.pk}") == "Crew A"


def test_a_team_that_is_archived_is_not_offered(house: House) -> None:
    team = Team.create("Crew A", by=None)
    team.archive(by=house.ada)
    clear_configuration_caches()
    offered = [value for _label, group in recipient_choices() if isinstance(group, list) for value, _name in group]
    assert (f"team:{team.pk}" in offered, f"member:{house.sam.pk}" in offered) == (False, True)
    assert who_words("team:0") == "—"


def test_where_nobody_is_meant_the_step_is_refused(house: House, job: Job) -> None:
    Member.objects.filter(pk=house.mona.pk).update(active=False)
    clear_configuration_caches()
    assert came(job, "tell", who="managers") == ("refused", "There is nobody to notify.")
    assert not Notice.objects.filter(kind="rule.told").exists()


@pytest.mark.parametrize("name", ["tell", "escalate"])
def test_who_would_be_told_is_foreseen_by_name(house: House, job: Job, name: str) -> None:
    assert foreseen(job, name, who="owner").endswith("Rita Rep")
    assert not Notice.objects.exists()


def test_a_rule_tells_its_words_or_its_name(house: House, job: Job) -> None:
    came(job, "tell", who="owner", text="Ring Cora")
    assert "Ring Cora" in str(Notice.objects.get(kind="rule.told").data)


def test_nobody_is_asked_about_a_lead_they_do_not_see(house: House, job: Job) -> None:
    theirs = open_job(title="Monas", member=house.mona, by=house.mona)
    assert names(escalation_recipients(f"member:{house.rita.pk}", None, theirs)) == ["Mona"]
    assert names(escalation_recipients(f"member:{house.rita.pk}", None, job)) == ["Rita"]


def test_a_webhook_is_called_once_a_step_with_plain_facts(house: House, job: Job) -> None:
    webhook, _secret = Webhook.add("ERP", "https://erp.example/hook", by=house.ada)
    Job.objects.filter(pk=job.pk).update(value=120_000)
    assert came(job, "webhook.call", webhook=webhook.pk)[0] == "done"
    record = WebhookCall.objects.get().payload["record"]
    assert (record["number"], record["step"], record["value"]) == (job.number, "New", 120_000)
    assert "Cora" not in str(record)


def test_an_archived_webhook_is_none_to_choose(house: House) -> None:
    webhook, _secret = Webhook.add("ERP", "https://erp.example/hook", by=house.ada)
    webhook.archive(by=house.ada)
    found = find_action("webhook.call")
    assert found
    assert found.options({"webhook": str(webhook.pk)}).problem() == "Its webhook no longer exists."


@pytest.mark.parametrize(
    ("name", "options", "problem"),
    [
        ("job.move", {}, "Choose a step."),
        ("job.move", {"step": "999999"}, "Its step no longer exists."),
        ("tell", {}, "Choose who is notified."),
        ("tell", {"who": "member:999999"}, "Whoever it notifies no longer exists."),
        ("webhook.call", {}, "Choose a webhook; add one in Settings, “Webhooks”."),
    ],
)
def test_what_is_not_chosen_or_is_gone_is_said(house: House, name: str, options: dict[str, str], problem: str) -> None:
    found = find_action(name)
    assert found
    assert found.options(options).problem() == problem


def test_in_the_shadow_no_step_is_done(house: House, job: Job) -> None:
    rule("job.heard", do("job.assign", member=house.mona.pk), mode=Mode.SHADOW)
    job.hear("sms")
    work(MONDAY, rounds=2)
    job.refresh_from_db()
    assert (job.member, RuleRun.objects.get().log) == (house.rita, [])


def test_a_step_that_is_refused_does_not_hold_up_the_next(house: House, job: Job) -> None:
    Member.objects.filter(pk=house.mona.pk).update(active=False)
    clear_configuration_caches()
    rule("job.heard", do("tell", who="managers"), do("job.assign", member=house.sam.pk))
    job.hear("sms")
    work(MONDAY, rounds=2)
    job.refresh_from_db()
    assert [entry["state"] for entry in RuleRun.objects.get().log] == ["refused", "done"]
    assert job.member == house.sam
