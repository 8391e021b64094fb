"""Figures of updates and answers: what they count, by whom, and who may see them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from comms.models import Message
from comms.models.survey_answer import SurveyAnswer
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from crm.web.reader import Reader
from portal.models import CustomerUpdate
from portal.updates.figures.figures import UpdateFiguresLine, figures_by, share_of
from portal.updates.figures.satisfaction import BANDS, answers_of, by_member, latest_comments, lines_by_month
from portal.updates.figures.satisfaction import SatisfactionLine as Month
from portal.updates.queue.update_list import UPDATES
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


def wrote(job: Job, at: datetime) -> None:
    Message.objects.create(
        job=job, person=job.person, brand_id=job.brand_id, medium="email", direction="in", address="cora@x.example",
        text="When?", at=at, state="received",
    )  # fmt: skip


def counted(house: House, by: str = "member") -> UpdateFiguresLine:
    [line] = figures_by(UPDATES.visible(house.mona), NOW - 60 * DAY, NOW, NOW, by)
    return line


def test_figures_count_what_became_of_updates(house: House, put: Put) -> None:
    put(seen_at=NOW, seen_by="visit", answered_at=NOW)
    put(proposed_medium="sms")
    put("draft", missed_at=NOW)
    put("skipped")
    line = counted(house)
    assert (line.due, line.sent, line.seen, line.answered) == (4, 2, 1, 1)
    assert (line.missed, line.skipped, line.unseen) == (1, 1, 1)


def test_what_is_due_at_the_end_is_of_the_next_period(house: House, put: Put) -> None:
    put(due_at=NOW)
    put(due_at=NOW - 60 * DAY)
    assert counted(house).due == 1


def test_questions_before_and_after_an_update_are_compared(house: House, job: Job, put: Put) -> None:
    put(sent_at=NOW - 9 * DAY)
    for days in (-13, -11, -10, -8, -5):
        wrote(job, NOW + days * DAY)
    line = counted(house)
    assert (line.measured, line.messages_before, line.messages_after, line.avoided) == (1, 2, 1, 1)


def test_what_was_just_sent_is_not_measured_yet(house: House, job: Job, put: Put) -> None:
    put(sent_at=NOW - 2 * DAY)
    wrote(job, NOW - 3 * DAY)
    assert (counted(house).measured, counted(house).messages_before) == (0, 0)


@pytest.mark.parametrize(("count", "of", "words"), [(0, 0, "–"), (0, 3, "0%"), (1, 3, "33%"), (3, 3, "100%")])
def test_a_share_of_nothing_is_a_dash(count: int, of: int, words: str) -> None:
    assert share_of(count, of) == words


@pytest.mark.parametrize(("asked", "answered", "percent"), [(0, 2, None), (4, 1, 25), (1, 3, 100)])
def test_how_many_of_those_asked_answered(asked: int, answered: int, percent: int | None) -> None:
    assert Month("2026-05", asked, answered).response_percent == percent


def answer(job: Job, score: int, at: datetime = NOW - DAY) -> None:
    SurveyAnswer.objects.create(job=job, score=score, at=at, asked_at=at - score * HOUR)


def test_answers_are_of_the_month_they_came_in_where_the_house_is(house: House, job: Job) -> None:
    answer(job, 2, datetime(2026, 5, 1, 3, 59, tzinfo=UTC))
    answer(job, 5, datetime(2026, 5, 1, 4, 1, tzinfo=UTC))
    found = lines_by_month(answers_of(house.mona), NOW - 90 * DAY, Reader.of(house.mona, NOW).zone, None)
    assert [(line.key.month, line.answered, line.average, line.low, line.high) for line in found] == [
        (5, 1, 5.0, 0, 1),
        (4, 1, 2.0, 1, 0),
    ]


def test_answers_are_of_who_has_the_job_now(house: House, job: Job) -> None:
    answer(job, 4)
    answer(open_job(title="Alone", by=house.mona), 1)
    found = by_member(answers_of(house.mona), NOW - 90 * DAY, None)
    assert [(line.key, line.answered) for line in found] == [(house.rita.pk, 1), (None, 1)]


def test_who_is_not_content_comes_first(house: House, job: Job) -> None:
    for score in (5, 3, 1):
        answer(job, score)
    found = latest_comments(answers_of(house.mona))
    assert list(found) == ["low", "middle", "high"]
    assert found["low"][0].title == "Cora Customer"


def test_answers_about_a_colleagues_job_are_not_theirs(house: House, job: Job) -> None:
    answer(open_job(title="Monas", member=house.mona, by=house.mona), 1)
    assert (answers_of(house.mona).count(), answers_of(house.rita).count()) == (1, 0)


def test_bands_leave_no_score_out() -> None:
    assert [name for score in range(1, 6) for name, (low, high) in BANDS.items() if low <= score <= high] == [
        *("low", "low", "middle", "middle", "high"),
    ]


@pytest.mark.parametrize(("name", "status"), [("mona", 200), ("rita", 404)])
@pytest.mark.parametrize("path", ["reports/customer-updates/", "reports/satisfaction/"])
def test_figures_are_for_who_leads(house: House, path: str, name: str, status: int) -> None:
    Browser(house, getattr(house, name)).get(path, status=status)


def test_an_act_on_an_update_is_recorded_with_its_job(house: House, put: Put) -> None:
    row = put("sent", proposed_medium="sms")
    row.leave_it(by=house.rita)
    event = Event.objects.get(kind="update.left_unseen")
    assert (event.job_id, event.actor) == (row.job_id, house.rita)
