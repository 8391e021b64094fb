"""Opening a lead by hand: who may for whom, what is read and refused, doubles that are shown, a form sent twice."""

import re
import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job, JobParty, Level, Note, Pipeline, Stage
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock
from crm.kernel.normalization import PhoneNumber
from crm.people.models import ContactPoint, Person, Property
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp
from leads.models import Lead
from leads.new_lead import NewLead, TakenMeanwhile, open_lead
from leads.new_lead_form import OpeningForm
from tests.cast import House, load_cast
from tests.leads.test_list import data_queries
from tests.markup import flat


@pytest.fixture
def house(cast: Any) -> House:
    return cast.house


class Form:
    """The form as one member fills it in."""

    def __init__(self, house: House, name: str) -> None:
        self.house, self.client = house, Client()
        self.client.force_login(getattr(house, name).user)
        self.url = f"/{house.tenant.slug}/leads/open/"
        with use_tenant(house.tenant):
            self.pipeline = str(pipeline_setup().default_pipeline.uid)

    def send(self, *, status: int = 302, htmx: bool = False, **given: Any) -> Any:
        data = {"form": str(uuid4()), "name": "Hector Salinas", "pipeline": self.pipeline} | given
        response = self.client.post(self.url, data, headers={"HX-Request": "true"} if htmx else None)
        assert response.status_code == status, response.content.decode()[:3000]
        return response

    def opened(self, **given: Any) -> Job:
        """The job an accepted form opened."""
        number = re.search(r"/leads/(\d+)/$", self.send(**given)["Location"])
        assert number
        with use_tenant(self.house.tenant):
            return Job.objects.get(number=int(number[1]))

    def refused(self, **given: Any) -> str:
        before = self.count()
        html = self.send(status=422, **given).content.decode()
        assert self.count() == before
        return html

    def count(self) -> int:
        with use_tenant(self.house.tenant):
            return int(Job.objects.count())


@pytest.fixture
def form_of(house: House) -> Callable[[str], Form]:
    return lambda name: Form(house, name)


def test_all_that_is_known_comes_along(form_of: Any, house: House) -> None:
    mona = form_of("mona")
    with use_tenant(house.tenant):
        stage = house.stage("Reached")
    job = mona.opened(
        phone="(813) 555-0177 ext. 4",
        email=" Hector@Mail.example ",
        street="14 Palm Ave",
        postcode="33602",
        city="Tampa",
        region="FL",
        stage=str(stage.pk),
        member=str(house.rita.uid),
        value="18,400",
        note="The porch leaks.",
    )
    with use_tenant(house.tenant):
        points = set(ContactPoint.objects.filter(person=job.person_id).values_list("kind", "value", "note", "source"))
        assert points == {
            ("phone", "+18135550177", "ext. 4", "typed"),
            ("email", "hector@mail.example", "", "typed"),
        }
        assert (job.title, job.place, job.value, job.currency) == ("Hector Salinas", "Tampa", 1_840_000, "USD")
        assert (job.stage_id, job.member_id) == (stage.pk, house.rita.pk)
        assert Property.objects.get(pk=job.site_id).one_line == "14 Palm Ave, Tampa, FL 33602"
        assert Lead.objects.get(pk=job.pk).rep_id == house.rita.pk
        assert [note.body for note in Note.objects.filter(job=job)] == ["The porch leaks."]
        opened = Event.objects.get(kind="job.opened", job_id=job.pk)
        assert (opened.actor_id, opened.data["cause"]) == (house.mona.pk, "typed")


def test_a_place_known_already_is_the_same_place(form_of: Any, house: House) -> None:
    job = form_of("rita").opened(street="2207 Bayshore ct.", postcode="33611", city="TAMPA")
    with use_tenant(house.tenant):
        assert job.site_id == house.job.site_id
        assert Property.objects.count() == 1


@pytest.mark.parametrize("who", ["mona", "ada", "sam"])
def test_who_sees_all_opens_for_anybody_or_nobody(form_of: Any, house: House, who: str) -> None:
    form = form_of(who)
    assert form.opened(member=str(house.rita.uid)).member_id == house.rita.pk
    assert form.opened().member_id is None


def test_a_rep_opens_only_the_own(form_of: Any, house: House) -> None:
    rita = form_of("rita")
    assert 'name="member"' not in rita.client.get(rita.url).content.decode()
    assert rita.opened(member=str(house.mona.uid)).member_id == house.rita.pk


def test_a_form_sent_twice_opens_one_lead(form_of: Any, house: House) -> None:
    rita, given = form_of("rita"), {"form": str(uuid4()), "phone": "813 555 0177"}
    first = rita.opened(**given)
    # The number is known by now; what the same form opened is still the answer to it.
    with use_tenant(house.tenant):
        person = Person.objects.get(pk=first.person_id)
    assert rita.opened(**given, person=str(person.uid)).pk == first.pk
    assert rita.opened(**given).pk == first.pk
    assert rita.count() == 2


@pytest.mark.parametrize(
    ("field", "given", "words"),
    [
        ("name", " ", "Enter the name"),
        ("phone", "12", "No such phone number"),
        ("phone", "the office", "no digits"),
        ("email", "hector", "has no @"),
        ("value", "a lot", "not written as an amount"),
        ("value", "-5", "below zero"),
        ("value", "€ 500", "uses USD"),
        ("value", "1e30", "too large"),
        ("pipeline", "nonsense", "Select a valid choice"),
        ("stage", "999999", "Select a valid choice"),
        ("city", "Tampa", "Enter a street"),
        ("name", "x" * 201, "at most 200"),
        ("form", "nonsense", "valid UUID"),
    ],
)
def test_what_cannot_be_read_is_refused_with_words(form_of: Any, field: str, given: str, words: str) -> None:
    html = form_of("rita").refused(**{"street": "", field: given})
    assert words in html
    assert 'class="error-box" role="alert"' in html
    assert field == "form" or "Lead not created yet" in html


def test_what_was_typed_is_kept_and_escaped(form_of: Any) -> None:
    html = form_of("rita").refused(name="<b>Hector</b>", phone="12", note="as it was")
    assert "&lt;b&gt;Hector&lt;/b&gt;" in html
    assert "<b>Hector" not in html
    assert "as it was" in html


def test_a_step_of_another_pipeline_is_refused(form_of: Any, house: House) -> None:
    with use_tenant(house.tenant):
        other = Pipeline.objects.create(name="Care plan")
        step = Stage.objects.create(pipeline=other, phase=pipeline_setup().phases[0], name="New", position=0)
    rita = form_of("rita")
    assert "That is no step of" in rita.refused(stage=str(step.pk))
    assert rita.opened(stage=str(step.pk), pipeline=str(other.uid)).pipeline_id == other.pk


# Doubles

KNOWN = {"name": "Cora C.", "phone": "(813) 555 0142"}


def test_who_is_known_has_to_be_chosen_or_denied(form_of: Any, house: House) -> None:
    rita = form_of("rita")
    html = rita.refused(**KNOWN)
    assert "Is it the same one?" in html
    assert "Cora Customer" in html
    assert "1 lead, 1 open" in html
    assert f"/leads/{house.job.number}/" in html


def test_the_same_customer_gets_a_second_lead(form_of: Any, house: House) -> None:
    job = form_of("rita").opened(**KNOWN, email="cora@new.example", person=str(house.cora.uid))
    with use_tenant(house.tenant):
        assert job.person_id == house.cora.pk
        assert Person.objects.count() == 1
        assert ContactPoint.objects.get(value="cora@new.example").person_id == house.cora.pk


def test_a_household_shares_a_number_until_it_is_confirmed(form_of: Any, house: House) -> None:
    job = form_of("rita").opened(**KNOWN, person="new")
    with use_tenant(house.tenant):
        assert job.person_id != house.cora.pk
        reached = ContactPoint.objects.filter(value="+18135550142").values_list("person_id", flat=True)
        assert set(reached) == {house.cora.pk, job.person_id}
        assert not JobParty.objects.filter(job=job, role="other").exists()


def test_a_confirmed_number_stays_with_whom_it_is_and_names_them(form_of: Any, house: House) -> None:
    with use_tenant(house.tenant):
        ContactPoint.objects.filter(value="+18135550142").update(verified_at=clock.now())
    job = form_of("rita").opened(**KNOWN, person="new")
    with use_tenant(house.tenant):
        assert not ContactPoint.objects.filter(person=job.person_id).exists()
        assert JobParty.objects.get(job=job, role="other").person_id == house.cora.pk
        assert Note.objects.get(job=job).body == "Gave +18135550142, which belongs to Cora Customer."


def test_only_who_is_reached_there_can_be_chosen(form_of: Any, house: House) -> None:
    rita = form_of("rita")
    assert "Is it the same one?" in rita.refused(**KNOWN, person=str(uuid4()))
    with use_tenant(house.tenant):
        stranger = Person.objects.create(name="Somebody Else")
    job = rita.opened(name="Hector", phone="813 555 0199", person=str(stranger.uid))
    assert job.person_id != stranger.pk


def test_nothing_alike_is_taken_for_equal(form_of: Any, house: House) -> None:
    job = form_of("rita").opened(name="Cora Customer", phone="813 555 0143", email="cora@elsewhere.example")
    assert job.person_id != house.cora.pk


def test_a_rep_learns_whose_a_customer_is_but_not_who(form_of: Any, house: House) -> None:
    with use_tenant(house.tenant):
        theirs = Person.objects.create(name="Priya Secret")
        ContactPoint.objects.create(person=theirs, kind="email", value="priya@mail.example")
        job = open_job(title="Priya Secret", person=theirs, member=house.mona, by=None)
    asked = {"email": "Priya@mail.example"}
    rita, mona = form_of("rita"), form_of("mona")
    told = rita.client.get(f"{rita.url}known/", asked).content.decode()
    assert "A colleague’s customer" in told
    assert "Mona Manager" in told
    assert "Priya Secret" not in told
    assert f"/{job.number}/" not in told
    assert "Priya Secret" in mona.client.get(f"{mona.url}known/", asked).content.decode()
    assert str(theirs.uid) not in told
    assert "Is it the same one?" in rita.refused(name="Priya", **asked, person=str(theirs.uid))
    assert mona.opened(name="", **asked, person=str(theirs.uid)).person_id == theirs.pk


@pytest.mark.parametrize("typed", [{}, {"phone": "813"}, {"email": "cora@"}, {"phone": "813 555 0143"}])
def test_nothing_is_told_while_nobody_is_reached(form_of: Any, typed: dict[str, str]) -> None:
    rita = form_of("rita")
    assert rita.client.get(f"{rita.url}known/", typed).content.decode().strip() == ""


def test_another_tenants_customer_is_nobody(form_of: Any, cast: Any) -> None:
    with use_tenant(cast.other.tenant):
        ContactPoint.objects.create(person=cast.other.cora, kind="email", value="shared@mail.example")
    rita = form_of("rita")
    assert rita.client.get(f"{rita.url}known/", {"email": "shared@mail.example"}).content.decode().strip() == ""
    assert rita.opened(email="shared@mail.example").person_id


# How it answers


def test_the_next_step_is_planned_along_with_it_once(form_of: Any, house: House, monkeypatch: Any) -> None:
    rita = form_of("rita")
    form = {"then": "call in 3 days at 15:00", "form": str(uuid4())}
    onward = rita.send(**form)["Location"]
    assert rita.send(**form)["Location"] == onward
    # Of a double click the second looked before the first was done.
    monkeypatch.setattr(OpeningForm, "opened_before", lambda form: None)
    assert rita.send(**form)["Location"] == onward
    page = rita.client.get(onward).content.decode()
    assert " created. Planned: Call · " in page
    with use_tenant(house.tenant):
        job = Job.objects.order_by("-pk")[0]
        assert onward == f"/{house.tenant.slug}/leads/{job.number}/"
        planned = FollowUp.objects.get(job=job)
        assert (planned.assignee_id, planned.created_by_id) == (job.member_id or house.rita.pk, house.rita.pk)
        assert (job.next_step_kind, job.next_step_at) == ("call", planned.due_at)


def test_a_next_step_nobody_understands_goes_on_to_be_planned(form_of: Any, house: House) -> None:
    rita = form_of("rita")
    onward = rita.send(then="some day soon")["Location"]
    assert onward.startswith(f"/{house.tenant.slug}/followups/new/?job=")
    page = rita.client.get(onward).content.decode()
    assert 'value="some day soon"' in page
    assert "Hector Salinas" in page
    with use_tenant(house.tenant):
        assert not FollowUp.objects.exists()


def test_the_dialog_gets_fragments_and_is_led_on(form_of: Any) -> None:
    rita = form_of("rita")
    dialog = rita.client.get(rita.url, headers={"HX-Request": "true"}).content.decode()
    assert 'id="dialog-title"' in dialog
    assert "<html" not in dialog
    wrong = rita.send(status=422, htmx=True, phone="12").content.decode()
    assert flat(wrong).startswith("<form")
    assert "/leads/" in rita.send(status=200, htmx=True)["HX-Redirect"]


def test_a_link_may_bring_a_name_along(form_of: Any) -> None:
    rita = form_of("rita")
    assert 'value="&quot;Hec&quot;"' in rita.client.get(rita.url, {"name": '"Hec"'}).content.decode()


def test_the_form_asks_the_database_nothing_about_leads(form_of: Any) -> None:
    rita = form_of("rita")
    rita.client.get(rita.url)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        rita.client.get(rita.url)
    # The session, the user, the memberships.
    assert len(data_queries(captured)) <= 3


# At once


def _new(house: House, **given: Any) -> NewLead:
    values: dict[str, Any] = {
        "form": uuid4(),
        "name": "Hector",
        "brand": house.job.brand,
        "pipeline": pipeline_setup().default_pipeline,
        "phone": PhoneNumber("+18135550188"),
    }
    return NewLead(**values | given)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("same_form", [True, False])
def test_two_at_once_open_one_lead_or_one_is_told(same_form: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    house = load_cast().house
    gate, outcomes, one = threading.Barrier(2), [], uuid4()
    create = Person.objects.create

    def slowly(**values: Any) -> Person:
        time.sleep(0.3)  # long enough for the other to come by, were it not made to wait
        return create(**values)

    monkeypatch.setattr(Person.objects, "create", slowly)

    def run() -> None:
        try:
            with use_tenant(house.tenant):
                gate.wait(60)
                new = _new(house, form=one if same_form else uuid4())
                outcomes.append(open_lead(new, by=house.rita).pk)
        except TakenMeanwhile:
            outcomes.append("taken")
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join(120) for thread in threads]
    assert len(outcomes) == 2
    with use_tenant(house.tenant):
        assert Job.objects.count() == 2
        assert Person.objects.count() == 2
    assert (outcomes[0] == outcomes[1]) is same_form
    assert ("taken" in outcomes) is not same_form


@pytest.mark.parametrize(("typed", "step", "level"), [("", "New", Level.OK), ("none", None, Level.NONE)])
def test_a_lead_typed_a_minute_ago_is_not_red_unless_it_is_said_to_have_no_status(
    form_of: Any, house: House, typed: str, step: str | None, level: Level
) -> None:
    job = form_of("rita").opened(stage=typed)
    with use_tenant(house.tenant):
        assert (job.stage and job.stage.name, job.level) == (step, level)
