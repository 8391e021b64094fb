"""The rules ready made about updates: each reads well in both languages, and the ladder of a missed one is climbed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils.translation import gettext, override

from comms.models import Message, SurveyAnswer
from crm.automation.definition import DoStep
from crm.automation.models import AutomationPolicy, Mode, Rule, RuleRun
from crm.automation.registry.presets import RulePreset, rule_preset
from crm.automation.setup import ReadRule, chosen_values
from crm.jobs.models import Job
from crm.jobs.models.appointments import Appointment, AppointmentType
from crm.jobs.pipelines.stage import CustomerText
from crm.kernel import clock
from crm.people.models import Person
from crm.platform import features
from crm.web.models import Notice
from followups.models import FollowUp
from portal.access.sessions import visited
from portal.models import CustomerUpdate, PortalAccess, UpdatePlan
from portal.preferences.withheld import withheld_reason
from service.models import Milestone, Project
from tests.automation.rules import taken_back
from tests.portal.conftest import Coming
from tests.portal.updates.conftest import NOW, work

pytestmark = pytest.mark.django_db


def on(key: str) -> None:
    preset = rule_preset(key)
    assert preset is not None
    Rule.add(str(preset.name), preset.definition(), by=None, preset=key, mode=Mode.ON)


def test_each_reads_and_says_what_it_does(house: Any) -> None:
    AppointmentType.add("Material delivery", by=house.ada, minutes=60)
    for language in ("en", "nl"):
        with override(language):
            for preset in [one for one in features.of(RulePreset) if one.key.startswith("updates.")]:
                read = ReadRule.of(Rule(name=str(preset.name)), preset.definition())
                assert read.problem == "", preset.key
                for step, found in zip(read.definition.steps, read.steps, strict=True):
                    if isinstance(step, DoStep) and found:
                        assert found[0].words(chosen_values(found[1])), preset.key


def follow_ups() -> list[str]:
    rows = FollowUp.objects.filter(origin__startswith="rule:").order_by("pk")
    return list(rows.values_list("subject", flat=True))


def written() -> list[str]:
    rows = Message.objects.exclude(origin="").filter(template_version__isnull=False).order_by("pk")
    return [f"{row.template_version.language} {row.template_version.template.key}" for row in rows]


def asked() -> list[str]:
    told = Notice.objects.filter(kind="rule.escalated").order_by("pk")
    return [name.split()[0] for name in told.values_list("member__name", flat=True)]


def visits(house: Any, job: Job, days: int) -> None:
    kind = AppointmentType.objects.get(name="Material delivery")
    Appointment.book(job, kind, clock.now() + timedelta(days=days, hours=2), [house.rita], by=house.rita)
    work()
    work(NOW + timedelta(days=days) - timedelta(days=1))


def reaches(house: Any, job: Job, days: int) -> None:
    milestone = Milestone.add(Project.objects.get(job=job), "The old roof is off", by=house.sam, visibility="customer")
    Milestone.objects.filter(pk=milestone.pk).update(asks=True)
    milestone.refresh_from_db()
    milestone.complete(by=house.sam)


def enters(house: Any, job: Job, days: int) -> None:
    told = {"en": CustomerText("We begin", ""), "nl": CustomerText("We beginnen", "")}
    house.stage("Quote sent").tell_customers(told, by=house.ada)
    job.move_to(house.stage("Quote sent"), by=house.rita)


def is_not_content(house: Any, job: Job, days: int) -> None:
    SurveyAnswer.give(job, 1, "")
    work()
    work(NOW + timedelta(hours=days))


def is_not_seen(house: Any, job: Job, days: int) -> None:
    at = UpdatePlan.objects.get(job=job).draft_at()
    assert at is not None
    work(at)
    CustomerUpdate.objects.update(state=CustomerUpdate.State.SENT, sent_at=at)
    with clock.at(at):
        CustomerUpdate.objects.get().delivery.propose("sms")
        work()


def visits_their_page(house: Any, job: Job, days: int) -> None:
    visited.send(PortalAccess, person_id=job.person_id, at=clock.now())
    work()


# By preset: what happens, and the messages by template, the follow-ups, and who is asked.
CALL = "Call today: unhappy customer"
STORIES: list[tuple[str, Callable[[Any, Job, int], None], int, list[str], list[str], list[str]]] = [
    ("updates.unseen", is_not_seen, 0, [], ["Call: update not viewed"], []),
    ("updates.visited", visits_their_page, 0, [], ["Call: they visited their page"], []),
    ("updates.step", enters, 0, ["step_reached"], [], []),
    ("updates.preparation", visits, 4, ["preparation_notice"], [], []),
    ("updates.delivery", visits, 4, ["delivery_notice"], [], []),
    ("updates.milestone_survey", reaches, 0, ["milestone_survey"], [], []),
    ("updates.detractor", is_not_content, 1, [], [CALL], ["Rita"]),
    ("updates.detractor", is_not_content, 24, [], [CALL], ["Rita", "Mona"]),
]


@pytest.mark.parametrize(("key", "act", "days", "sent", "planned", "who"), STORIES)
def test_it_plays_its_story(
    house: Any,
    job: Job,
    key: str,
    act: Callable[[Any, Job, int], None],
    days: int,
    sent: list[str],
    planned: list[str],
    who: list[str],
) -> None:
    AppointmentType.add("Material delivery", by=house.ada, minutes=60)
    AutomationPolicy.set_person_wins(0, by=None)
    for language in ("nl", "en"):
        with taken_back():
            Person.objects.filter(pk=job.person_id).update(language=language)
            with override(language):
                on(key)
                wanted = [gettext(subject) for subject in planned]
            act(house, Job.objects.get(pk=job.pk), days)
            work(clock.now())
            assert [one for one in written() if one.partition(" ")[2] in sent] == [f"{language} {one}" for one in sent]
            assert (follow_ups(), asked()) == (wanted, who)


def test_a_missed_update_goes_to_whose_job_it_is_then_to_the_managers(house: Any, job: Job) -> None:
    texts = ("Send the customer their update", "A customer update is late")
    for language in ("nl", "en"):
        with taken_back():
            with override(language):
                on("updates.missed")
                wanted = [gettext(text) for text in texts]
            at = UpdatePlan.objects.get(job=job).draft_at()
            assert at is not None
            work(at)
            update = CustomerUpdate.objects.get()
            work(update.due_at)
            told = Notice.objects.filter(kind="rule.escalated").order_by("pk")
            assert list(told.values_list("member__name", "data__text")) == [("Rita Rep", wanted[0])]
            work(update.due_at + timedelta(days=1))
            assert list(told.values_list("member__name", "data__text")) == [
                ("Rita Rep", wanted[0]),
                ("Mona Manager", wanted[1]),
            ]


def test_a_milestone_and_the_day_before_it_are_told_by_their_templates(house: Any, job: Job) -> None:
    AutomationPolicy.set_person_wins(0, by=None)
    for language in ("nl", "en"):
        with taken_back():
            Person.objects.filter(pk=job.person_id).update(language=language)
            with override(language):
                on("updates.milestone")
                on("updates.tomorrow")
            project = Project.objects.get(job=job)
            project.milestones.all().delete()
            first = Milestone.add(project, "The old roof is off", by=house.sam, visibility="customer")
            for name, days in (("The new tiles are on", 3), ("The gutters are on", 5)):
                Milestone.add(
                    project, name, by=house.sam, visibility="customer", planned_on=(NOW + timedelta(days=days)).date()
                )
            work()
            first.complete(by=house.sam)
            work()
            told = Message.objects.exclude(origin="").order_by("-pk")
            assert "The old roof is off" in told[0].text
            # The day before each, also while the one before it is not ticked off.
            for name, days in (("The new tiles are on", 2), ("The gutters are on", 4)):
                with clock.at(NOW + timedelta(days=days, hours=1)):
                    work()
                assert name in told.all()[0].text
            keys = ["milestone_reached", "milestone_tomorrow", "milestone_tomorrow"]
            assert written() == [f"{language} {key}" for key in keys]


def test_who_wants_one_letter_hears_nothing_by_itself(house: Any, job: Job, portal_client: Coming) -> None:
    AutomationPolicy.set_person_wins(0, by=None)
    on("updates.milestone")
    project = Project.objects.get(job=job)
    project.milestones.all().delete()
    steps = [
        Milestone.add(project, name, by=house.sam, visibility="customer")
        for name in ("Old roof off", "Tiles on", "Gutters on")
    ]
    paces: Any = ({"days": 1, "is_gathered": True}, {"days": None, "only_the_end": True})
    with clock.at(NOW + timedelta(hours=1)):
        for pace, milestone in zip(paces, steps, strict=False):
            UpdatePlan.objects.get(job=job).set_cadence(**pace, by=None)
            milestone.complete(by=house.sam)
            work()
    assert not Message.objects.exclude(origin="").exists()
    assert "one message" in str(RuleRun.objects.earliest("pk").log), "the run says why"
    # A letter of each day is written on the day with what happened, in one; without news on no day.
    plan = UpdatePlan.objects.get(job=job)
    plan.set_cadence(1, is_gathered=True, by=None)
    plan.refresh_from_db()
    assert plan.next_due_at is not None
    page = portal_client(house.cora).get(f"/my/{house.tenant.slug}/jobs/{job.number}/").text
    assert ("The next day there is news" in page, "whenever something changes" in page) == (True, False)
    work(plan.next_due_at - timedelta(hours=3))
    letter = CustomerUpdate.objects.get()
    assert ("Old roof off" in letter.happened, "Tiles on" in letter.happened) == (True, True)
    letter.delete()
    with clock.at(plan.next_due_at):
        plan.note_told(plan.next_due_at, plan.next_due_at)
    work(NOW + timedelta(days=2, hours=7))
    assert not CustomerUpdate.objects.exists()
    with clock.at(NOW + timedelta(days=2, hours=9)):
        steps[2].complete(by=house.sam)
    work(NOW + timedelta(days=3, hours=7))
    assert "Gutters on" in CustomerUpdate.objects.get().happened
    # Once it is done, they hear so in any case.
    Job.objects.get(pk=job.pk).finish(by=house.rita)
    assert withheld_reason(Job.objects.get(pk=job.pk), "milestone_reached") == ""
