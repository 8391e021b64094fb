"""What an update tells of, what becomes of it, and how the list and the figures count it."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.jobs.models.appointments import Appointment, AppointmentType
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.tenancy.context import use_tenant
from crm.web.reader import Reader
from portal.models import CustomerUpdate
from portal.updates import tracking
from portal.updates.drafting.facts import Facts, FactsInput, facts_of
from portal.updates.queue.rows import rows
from portal.updates.queue.update_list import UPDATES, to_approve
from portal.updates.take_off import put_off
from service.models import Milestone, Project
from tests.cast import Cast, House
from tests.followups.conftest import Browser

# Monday, nine o'clock in Tampa.
NOW = datetime(2026, 5, 11, 13, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Put = Callable[..., CustomerUpdate]


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with clock.at(NOW), use_tenant(cast.house.tenant):
        yield cast.house


@pytest.fixture
def job(house: House) -> Job:
    """Cora's job, in work since ten days ago."""
    row: Job = Job.objects.select_related("site", "brand", "person").get(pk=house.job.pk)
    with clock.at(NOW - 10 * DAY):
        row.move_to(house.stage("Scheduled"), by=house.rita)
    return row


@pytest.fixture
def put(house: House, job: Job) -> Put:
    """An update of the job in a state; sent two days ago unless said otherwise."""

    def make(state: str = "sent", *, of: Job | None = None, **more: Any) -> CustomerUpdate:
        of = of or job
        given = {"happened": "The roof is on.", "next": "The gutter.", "language": "en", "due_at": NOW - 2 * DAY}
        if state == "sent":
            given |= {"sent_at": NOW - 2 * DAY, "medium": "email"}
        row: CustomerUpdate = CustomerUpdate.objects.create(
            job=of, person_id=of.person_id, brand_id=of.brand_id, member_id=of.member_id, state=state,
            since=NOW - 14 * DAY, until=NOW - 2 * DAY, **given | more,
        )  # fmt: skip
        row.refresh_from_db()
        return row

    return make


def told(job: Job, since: datetime = NOW - 7 * DAY) -> Facts:
    return facts_of([FactsInput(job, since, ("en",))], NOW)[job.pk]


def kinds(found: list[Any]) -> list[str]:
    return [one.kind for one in found]


def test_of_a_quiet_week_there_is_nothing_to_tell(job: Job) -> None:
    facts = told(job)
    assert (facts.past, facts.coming, facts.wanted, facts.negatives) == ([], [], [], set())
    assert facts.place == "2207 Bayshore Ct"


@pytest.fixture
def visit(house: House) -> AppointmentType:
    return AppointmentType.add("Inspection", by=house.ada, minutes=60)


def booked(house: House, job: Job, visit: AppointmentType, at: datetime) -> Appointment:
    with clock.at(NOW - 8 * DAY):
        return Appointment.book(job, visit, at, [house.rita], by=house.rita, anyway=True)


def test_an_appointment_to_come_is_told_and_is_to_be_confirmed(house: House, job: Job, visit: AppointmentType) -> None:
    booked(house, job, visit, NOW + DAY)
    facts = told(job)
    assert (kinds(facts.coming), kinds(facts.wanted), facts.coming[0].what) == (["visit"], ["confirm"], "Inspection")


def test_a_confirmed_appointment_wants_nothing(house: House, job: Job, visit: AppointmentType) -> None:
    booked(house, job, visit, NOW + DAY).confirm(by=house.rita)
    assert told(job).wanted == []


def test_an_appointment_that_was_called_off_is_bad_news(house: House, job: Job, visit: AppointmentType) -> None:
    booked(house, job, visit, NOW + DAY).cancel("Rain", by=house.rita)
    facts = told(job)
    assert (kinds(facts.past), facts.coming, facts.negatives) == (["cancelled"], [], {"cancelled"})


@pytest.mark.parametrize(("days", "negatives"), [(1, {"delay"}), (-1, set())])
def test_only_a_later_time_is_a_delay(
    house: House, job: Job, visit: AppointmentType, days: int, negatives: set[str]
) -> None:
    row = booked(house, job, visit, NOW + 3 * DAY)
    row.reschedule(NOW + (3 + days) * DAY, by=house.rita, anyway=True)
    assert told(job).negatives == negatives


@pytest.fixture
def project(job: Job) -> Project:
    """The work on it, from tomorrow to the day after."""
    row = Project.objects.filter(job=job).first() or Project.objects.create(job=job)
    row.milestones.all().delete()
    return row  # type: ignore[no-any-return]


def milestone(project: Project, name: str, **more: Any) -> Milestone:
    given = {"position": project.milestones.count() + 1, "visibility": "customer"} | more
    row: Milestone = Milestone.objects.create(project=project, name=name, **given)
    return row


def test_milestones_reached_are_told_and_the_next_two(job: Job, project: Project) -> None:
    milestone(project, "Tear-off", done_at=NOW - DAY)
    for name in ("Deck", "Shingles", "Gutter"):
        milestone(project, name, planned_on=(NOW + DAY).date())
    facts = told(job)
    assert [one.what for one in facts.past] == ["Tear-off"]
    assert [one.what for one in facts.coming] == ["Deck", "Shingles"]
    assert not facts.is_done


def test_a_milestone_that_is_not_the_customers_is_told_to_nobody(job: Job, project: Project) -> None:
    milestone(project, "Order paid", visibility="internal", done_at=NOW - DAY)
    assert told(job).past == []


def test_a_milestone_of_before_is_told_no_more(job: Job, project: Project, put: Put) -> None:
    milestone(project, "Tear-off", done_at=NOW - 8 * DAY)
    milestone(project, "Deck", done_at=NOW - DAY)
    put(sources=[{"kind": "milestone_done", "at": None, "what": "Deck"}])
    assert told(job).past == []


def test_a_late_milestone_is_a_delay(job: Job, project: Project) -> None:
    milestone(project, "Deck", planned_on=(NOW - 3 * DAY).date())
    facts = told(job)
    assert (facts.negatives, facts.coming[0].at) == ({"delay"}, None)


def test_after_the_last_milestone_all_is_done(job: Job, project: Project) -> None:
    milestone(project, "Deck", done_at=NOW - 20 * DAY)
    assert told(job).is_done


@pytest.mark.parametrize(("score", "negatives"), [(2, {"complaint"}), (3, set())])
def test_a_low_answer_is_a_complaint(job: Job, score: int, negatives: set[str]) -> None:
    events.record("survey.answered", subject=job, by=None, data={"score": score}, job_id=job.pk)
    assert told(job).negatives == negatives


def test_facts_of_many_jobs_are_each_its_own(house: House, job: Job, visit: AppointmentType) -> None:
    other = open_job(title="Second", person=house.cora, by=house.rita)
    booked(house, job, visit, NOW + DAY)
    found = facts_of([FactsInput(one, NOW - 7 * DAY, ("en",)) for one in (job, other)], NOW)
    assert (kinds(found[job.pk].coming), found[other.pk].coming) == (["visit"], [])


def test_a_visit_to_their_page_is_to_have_seen_the_last_one(house: House, put: Put) -> None:
    older, newer = put(sent_at=NOW - 9 * DAY), put()
    tracking.note_visit(person_id=house.cora.pk, at=NOW)
    for row in (older, newer):
        row.refresh_from_db()
    assert (older.seen_at, newer.seen_at, newer.seen_by) == (None, NOW, "visit")


def test_a_visit_before_it_was_sent_saw_nothing(house: House, put: Put) -> None:
    row = put()
    tracking.note_visit(person_id=house.cora.pk, at=NOW - 3 * DAY)
    row.refresh_from_db()
    assert row.seen_at is None


def test_a_letter_of_several_places_is_seen_with_any_of_them(house: House, put: Put) -> None:
    letter = put(sent_at=NOW - 3 * DAY)
    put(of=open_job(title="Second", person=house.cora, by=house.rita), digest=letter)
    tracking.note_visit(person_id=house.cora.pk, at=NOW)
    letter.refresh_from_db()
    assert letter.seen_at == NOW


def test_who_was_sent_nothing_has_seen_nothing(house: House, put: Put) -> None:
    row = put("draft")
    tracking.note_visit(person_id=house.cora.pk, at=NOW)
    row.refresh_from_db()
    assert row.seen_at is None


@pytest.mark.parametrize(
    ("reason", "words", "at", "match"),
    [
        ("nonesuch", "", NOW + DAY, "why the work could not begin"),
        ("other", "  ", NOW + DAY, "why the work could not begin"),
        ("weather", "", NOW, "in the future"),
        ("weather", "", NOW - DAY, "in the future"),
    ],
)
def test_work_is_put_off_for_a_reason_to_a_day_to_come(
    house: House, job: Job, reason: str, words: str, at: datetime, match: str
) -> None:
    with pytest.raises(Refused, match=match):
        put_off(job, reason, words, at, None, by=house.rita)
    assert not CustomerUpdate.objects.exists()


def test_what_was_put_off_is_told_with_the_new_day_once_approved(house: House, job: Job) -> None:
    update, _change = put_off(job, "weather", "Heavy rain", NOW + 2 * DAY, None, by=house.rita)
    assert (update.state, update.negatives, update.may_leave_by_itself) == ("draft", ["delay"], False)
    assert update.happened == "We could not begin because of the weather.\nHeavy rain"
    assert update.next == "The new day: Wednesday, May 13."


def test_another_reason_is_told_in_their_words_alone(house: House, job: Job) -> None:
    update, _change = put_off(job, "other", "A  tree\nfell", NOW + 2 * DAY, None, by=house.rita)
    assert update.happened == "A tree fell"


def test_put_off_again_the_newer_message_stands_in_the_olders_place(house: House, job: Job) -> None:
    first, _change = put_off(job, "weather", "", NOW + DAY, None, by=house.rita)
    second, _change = put_off(job, "crew", "", NOW + 2 * DAY, None, by=house.rita)
    first.refresh_from_db()
    assert (first.state, second.state) == ("skipped", "draft")


def test_the_work_keeps_as_many_days(house: House, job: Job, project: Project) -> None:
    Project.objects.filter(pk=project.pk).update(starts_on=date(2026, 5, 11), ends_on=date(2026, 5, 13))
    put_off(job, "weather", "", NOW + 7 * DAY, None, by=house.rita)
    project.refresh_from_db()
    assert (project.starts_on, project.ends_on) == (date(2026, 5, 18), date(2026, 5, 20))


def test_a_colleagues_work_is_put_off_by_nobody_else(house: House, job: Job) -> None:
    job.assign_to(house.mona, by=house.mona)
    given = {"reason": "weather", "day": "2026-05-20", "time": "09:00"}
    Browser(house, house.rita).post(f"updates/jobs/{job.number}/take-off/", given, status=404)
    assert not CustomerUpdate.objects.exists()


def listed(house: House, member: Any = None, **query: str) -> list[str]:
    filters = UPDATES.filters(**query)
    rows = UPDATES.apply(filters, member or house.mona)
    return list(UPDATES.order(filters).of(rows).values_list("state", flat=True))


def test_the_queue_has_what_somebody_is_to_do(house: House, put: Put) -> None:
    put("sent")
    put("sent", proposed_medium="sms", kind="take_off")
    put("skipped")
    put("draft")
    assert sorted(listed(house)) == ["draft", "sent"]
    assert to_approve(house.mona) == "2"


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"state": "sent"}, 2),
        ({"seen": "1"}, 1),
        ({"answered": "1"}, 0),
        ({"unseen": "1"}, 1),
        ({"missed": "1"}, 1),
        ({"bad": "1"}, 1),
        ({"medium": "email"}, 2),
        ({"medium": "sms"}, 0),
    ],
)
def test_updates_are_narrowed(house: House, put: Put, query: dict[str, str], count: int) -> None:
    put(seen_at=NOW, seen_by="visit")
    put(proposed_medium="sms")
    put("draft", missed_at=NOW, negatives=["delay"])
    assert len(listed(house, **query)) == count


def test_updates_of_a_colleagues_customer_are_not_theirs(house: House, put: Put) -> None:
    put("draft", of=open_job(title="Monas", person=house.cora, member=house.mona, by=house.mona))
    assert (len(listed(house)), listed(house, house.rita), to_approve(house.rita)) == (1, [], "")


def test_what_is_told_in_another_letter_is_no_row(house: House, put: Put) -> None:
    letter = put("draft")
    put("draft", of=open_job(title="Second", person=house.cora, by=house.rita), digest=letter)
    assert listed(house) == ["draft"]
    [row] = rows([letter], Reader.of(house.mona, NOW), house.tenant.slug)
    assert row.places == 1


@pytest.mark.parametrize(
    ("state", "due", "css"), [("draft", NOW, "crit"), ("draft", NOW + HOUR, ""), ("sent", NOW - DAY, "")]
)
def test_a_draft_is_missed_once_its_day_is_over(house: House, put: Put, state: str, due: datetime, css: str) -> None:
    [row] = rows([put(state, due_at=due)], Reader.of(house.mona, NOW), house.tenant.slug)
    assert (row.due_css, row.is_draft) == (css, state == "draft")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"seen_at": NOW, "seen_by": "click"}, "by the link in it"),
        ({"answered_at": NOW}, "Answered "),
        ({"reason": "Not now"}, "Skipped: Not now"),
        ({}, "Sent "),
    ],
)
def test_a_row_says_what_became_of_it(house: House, put: Put, more: dict[str, Any], words: str) -> None:
    [row] = rows([put(**more)], Reader.of(house.mona, NOW), house.tenant.slug)
    assert any(words in said for said in row.became)


def test_a_row_says_what_it_is_built_from(house: House, put: Put) -> None:
    sources = [{"kind": "step", "at": NOW.isoformat(), "what": "Roof"}, {"kind": "new", "at": None, "what": "x"}]
    [row] = rows([put(sources=sources, negatives=["delay", "other"])], Reader.of(house.mona, NOW), house.tenant.slug)
    assert (row.sources[0].startswith("entered the step · Roof · "), row.sources[1]) == (True, "new · x")
    assert row.negatives == ("a delay", "other")
