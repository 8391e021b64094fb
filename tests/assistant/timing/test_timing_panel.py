"""When to call on the pages of a lead and customer: evidence, floors, objections, likelihoods, and who sees it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assistant.models import AssistantSetup, LikelihoodModel, SegmentContacts
from assistant.models.contact_figures import LIKELIHOOD_FLOOR
from assistant.reading.likelihood import LikelihoodExample, learn_likelihood
from assistant.timing.learning import learn_now
from assistant.timing.likelihoods import explain_likelihood, likelihood_bins
from assistant.timing.panel import TimingPanel, timing_panel
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.kernel import clock
from crm.people.models import Person, ProfilingObjection
from crm.web.reader import Reader
from tests.cast import House

pytestmark = pytest.mark.django_db
# A Thursday, nine o'clock in New York.
NOW = datetime(2026, 11, 26, 14, tzinfo=UTC)


def call(house: House, job: Job, days_ago: int, hour: int, outcome: str) -> None:
    """A call on a day before, at an hour in UTC."""
    at = NOW.replace(hour=hour) - timedelta(days=days_ago)
    with clock.at(at):
        Job.objects.get(pk=job.pk).contact("call", outcome, by=house.rita)


def call_often(house: House, job: Job) -> None:
    """Four calls at three in the afternoon, of which three were answered, and two in the morning that were not."""
    for days_ago, outcome in ((2, "reached"), (3, "reached"), (9, "no_answer"), (10, "reached")):
        call(house, job, days_ago, 20, outcome)
    for days_ago in (1, 8):
        call(house, job, days_ago, 15, "no_answer")


def read_panel(house: House, job: Job | None = None) -> TimingPanel:
    with clock.at(NOW):
        shown = job or house.job
        person = Person.objects.get(pk=shown.person_id)
        return timing_panel(person, shown, house.rita, Reader.of(house.rita, NOW), house.tenant.slug)


def test_the_best_hours_come_with_their_evidence(house: House) -> None:
    call_often(house, house.job)
    panel = read_panel(house)
    assert panel.best is not None
    assert re.sub(r"\s", " ", panel.when).startswith("today, ")
    assert "Answered 3 of 4 calls between" in panel.evidence
    assert panel.evidence.endswith("at other hours 0 of 2.")
    assert "kind=call" in panel.plan_url


def test_too_few_calls_say_so(house: House) -> None:
    call(house, house.job, 2, 20, "reached")
    panel = read_panel(house)
    assert (panel.best, panel.needed, panel.own_calls) == (None, 4, 1)


def test_a_call_that_was_taken_back_does_not_count(house: House) -> None:
    call_often(house, house.job)
    with clock.at(NOW):
        job = Job.objects.get(pk=house.job.pk)
        job.withdraw_contact(job.touched_at)
    assert read_panel(house).own_calls == 5


def test_the_segment_speaks_where_own_calls_are_few(house: House) -> None:
    other = Person.objects.create(name="Petra Private")
    job = open_job(title="Petra", person=other, site=None, stage=house.stage("New"), member=house.rita, by=None)
    for days_ago in range(1, 36):
        call(house, job, days_ago, 20, "reached")
    with clock.at(NOW):
        learn_now()
    panel = read_panel(house)
    assert panel.best is not None
    assert (panel.segment_calls, panel.needed, panel.segment) == (35, 4, "private customers")


def test_nothing_is_computed_against_an_objection(house: House) -> None:
    call_often(house, house.job)
    ProfilingObjection.record(house.cora, by=house.rita)
    with clock.at(NOW):
        learn_now()
    assert read_panel(house) == TimingPanel(objects=True)
    assert SegmentContacts.objects.get(segment="private").customers == 0


def test_a_likelihood_needs_fifty_of_both_and_is_calibrated(house: House) -> None:
    few = [LikelihoodExample(at, at % 2 == 0, {"hour": "1"}) for at in range(2 * LIKELIHOOD_FLOOR - 2)]
    assert learn_likelihood(few, LIKELIHOOD_FLOOR) is None
    many = [
        LikelihoodExample(at // 10, (at % 10 < 8) == (at % 2 == 0), {"hour": "1" if at % 2 else "4"})
        for at in range(1_000)
    ]
    learnt = learn_likelihood(many, LIKELIHOOD_FLOOR)
    assert learnt is not None
    model = LikelihoodModel(
        subject="response", weights=learnt.weights, slope=learnt.calibration.slope, bins=learnt.bins
    )
    model.offset = learnt.calibration.offset
    likely = explain_likelihood(model, {"hour": "4"})
    assert likely is not None
    assert likely.percent == pytest.approx(80, abs=3)
    assert likely.reasons[0].words == "Between 16 and 18 o’clock"
    assert all(abs(row.percent - (row.low + row.high) / 2) < 12 for row in likelihood_bins(model) if row.contacts)


def test_follow_ups_and_contacts_are_learnt_at_night(house: House) -> None:
    for at in range(2 * LIKELIHOOD_FLOOR):
        call(house, house.job, at % 170, 12 + at % 11, "reached" if at % 2 else "no_answer")
    with clock.at(NOW):
        learn_now()
    assert LikelihoodModel.objects.get().subject == LikelihoodModel.Subject.RESPONSE


def test_the_count_of_queries_does_not_grow_with_calls(house: House) -> None:
    call_often(house, house.job)
    read_panel(house)
    with CaptureQueriesContext(connection) as few:
        read_panel(house)
    for days_ago in range(20, 60):
        call(house, house.job, days_ago, 20, "reached")
    with CaptureQueriesContext(connection) as many:
        read_panel(house)
    assert len(many) == len(few)


def test_the_page_and_the_form_show_it_and_a_switch_hides_it(client: Client, house: House) -> None:
    client.force_login(house.rita.user)
    lead_url = f"/{house.tenant.slug}/timing/lead/{house.job.number}/"
    assert "Not enough data" in client.get(lead_url).content.decode()
    assert "Not enough data" in client.get(f"{lead_url}?brief=form", headers={"hx-request": "true"}).content.decode()
    form = client.get(f"/{house.tenant.slug}/followups/new/?job={house.job.number}&day=2027-01-04&clock=16:15")
    assert 'value="16:15"' in form.content.decode()
    AssistantSetup.set(by=house.ada, helpers_off=["timing"])
    assert client.get(lead_url, headers={"hx-request": "true"}).content == b""
    assert "switched this off" in client.get(lead_url).content.decode()


def test_the_calibration_says_when_there_is_too_little(client: Client, house: House) -> None:
    client.force_login(house.ada.user)
    assert "Not enough data" in client.get(f"/{house.tenant.slug}/timing/calibration/").content.decode()
    assert client.get(f"/{house.tenant.slug}/timing/lead/999999/").status_code == 404
