"""Recent changes: the acts of the last day, one's own or for managers all, each with its undo, also after a reload."""

from datetime import timedelta
from typing import Any

import html5lib
import pytest
from django.apps import apps
from django.test import Client

from crm.jobs import correction as jobs
from crm.jobs.bulk import verbs
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job, Priority
from crm.kernel import clock
from crm.people import correction
from crm.people.models import ContactPoint, Property
from crm.platform import undo
from crm.platform.models import Change
from crm.platform.tenancy.context import use_tenant
from crm.platform.undo import Undoable
from followups.models import FollowUp
from quotes.models import PriceItem
from tests.acts import current
from tests.cast import Cast
from tests.markup import flat
from tests.queries import data_queries
from tickets.models import Ticket


def page_of(cast: Cast, who: str, query: str = "") -> str:
    client = Client()
    client.force_login(getattr(cast.house, who).user)
    page = client.get(f"/{cast.house.tenant.slug}/changes/{query}").content.decode()
    html5lib.HTMLParser(strict=True).parse(page)
    return flat(page)


def press(cast: Cast, who: str, change: Change) -> Any:
    client = Client()
    client.force_login(getattr(cast.house, who).user)
    place = f"/{cast.house.tenant.slug}/changes/"
    return client.post(f"/{cast.house.tenant.slug}/undo/{change.uid}/", {"next": place}, follow=True)


@pytest.fixture
def moved(cast: Cast, post: Any) -> Change:
    """Rita's lead, moved by her from its page."""
    with use_tenant(cast.house.tenant):
        stage = cast.house.stage("Reached").pk
    assert post("move", stage=stage, on="lead").status_code == 200
    with use_tenant(cast.house.tenant):
        change: Change = Change.objects.get()
        return change


@pytest.fixture
def moved_many(cast: Cast) -> Change:
    """Three leads of Mona's, moved at once."""
    house = cast.house
    with use_tenant(house.tenant):
        many = [open_job(title=f"Many {n}", by=None, member=house.mona, stage=house.stage("New")) for n in range(3)]
        with undo.record_undoable("job.prioritized", many, by=house.mona) as change:
            verbs.prioritize_all(many, Priority.URGENT, by=house.mona)
        return change


def test_an_act_is_undone_hours_after_its_toast_went(cast: Cast, moved: Change) -> None:
    with clock.at(clock.now() + timedelta(hours=20)):
        page = page_of(cast, "rita")
        assert "Rita Rep moved it from New to Reached" in page
        assert f'href="/suncoast-test/leads/{cast.house.job.number}/"' in page
        told = press(cast, "rita", moved).content.decode()
    assert "Undone." in told
    with use_tenant(cast.house.tenant):
        assert current(cast, cast.house.job).stage_id == cast.house.stage("New").pk
    assert f"/undo/{moved.uid}/" not in page_of(cast, "rita"), "what is undone is not offered again"


def test_after_a_day_it_is_gone(cast: Cast, moved: Change) -> None:
    with clock.at(moved.at + Change.POSSIBLE + timedelta(seconds=1)):
        assert "No changes in the last 24 hours" in page_of(cast, "rita")
        assert "can no longer be undone" in press(cast, "rita", moved).content.decode()


def test_an_act_on_many_is_one_line_and_one_undo(cast: Cast, moved_many: Change) -> None:
    assert "Many 0 and 2 more" in (page := page_of(cast, "mona"))
    assert "Mona Manager changed their priority" in page
    with use_tenant(cast.house.tenant):
        Job.objects.get(title="Many 1").prioritize(Priority.LOW, by=cast.house.ada)
    told = press(cast, "mona", moved_many).content.decode()
    assert "Undone for 2; 1 has been changed since and stays as it is." in told
    with use_tenant(cast.house.tenant):
        found = dict(Job.objects.filter(title__startswith="Many").values_list("title", "priority"))
        assert found == {"Many 0": Priority.NORMAL, "Many 1": Priority.LOW, "Many 2": Priority.NORMAL}


def test_a_rep_sees_and_undoes_their_own_a_manager_everybodys(cast: Cast, moved: Change, moved_many: Change) -> None:
    assert "Mona Manager" not in page_of(cast, "rita")
    assert press(cast, "rita", moved_many).status_code == 404
    assert "Rita Rep moved it" in (page := page_of(cast, "mona"))
    assert "Mona Manager" in page
    assert "Rita Rep moved it" not in page_of(cast, "mona", "?whose=mine")
    assert "Undone." in press(cast, "mona", moved).content.decode()
    assert press(cast, "sam", moved_many).status_code == 404
    client = Client()
    client.force_login(cast.otto.user)
    assert client.post(f"/suncoast-test/undo/{moved.uid}/").status_code == 404


def test_a_lead_that_went_to_a_colleague_is_neither_named_nor_undone(cast: Cast, moved: Change) -> None:
    with use_tenant(cast.house.tenant):
        current(cast, cast.house.job).assign_to(cast.house.mona, by=cast.house.ada)
    page = page_of(cast, "rita")
    assert "No longer visible to you" in page
    assert f"/undo/{moved.uid}/" not in page
    assert "Cora" not in page


MODELS = [model for model in apps.get_models() if issubclass(model, Undoable)]


def sample(model: Any, job: Job) -> Any:
    """Make a row of a lead, unsaved, with the names of what it is a part of."""
    given: dict[str, Any] = {}
    for key in model._meta.fields:
        kind = key.related_model
        if kind is Job:
            given[key.name] = job
        elif key.name in ("project", "type"):
            given[key.name] = sample(kind, job)
        elif key.name in ("title", "subject", "name", "customer_name"):
            given[key.name] = f"A {key.name}"
    return model(**given)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_what_was_done_to_says_whose_it_is(model: Any) -> None:
    row = sample(model, Job(number=7, title="Hector Salinas"))
    # Items of the price book are nobody's.
    own = {Job: "A title", Ticket: "A customer_name", PriceItem: "A name"}
    assert own.get(model, "Hector Salinas") in row.undo_name
    for key in ("title", "subject", "name"):
        assert getattr(row, key, "") in row.undo_name, "and what it is"
    for path in model.undo_named_with:
        key = path.partition("__")[0]
        assert model._meta.get_field(key).is_relation


def test_a_follow_up_is_named_with_its_lead(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        given = {"kind": "call", "subject": "Call", "due_at": clock.now() + timedelta(hours=1), "by": house.rita}
        of_lead = FollowUp.plan(job=Job.objects.get(pk=house.job.pk), assignee=house.rita, **given)
        of_person = FollowUp.plan(person_id=of_lead.person_id, assignee=house.rita, **given)
        of_nobody = FollowUp.plan(assignee=house.rita, **given)
        for row in (of_lead, of_person, of_nobody):
            with undo.record_undoable("followup.completed", [row], by=house.rita):
                row.complete("successful", by=house.rita)
        title, name = of_lead.job.title, of_lead.person.name
    page = page_of(cast, "rita")
    assert f"Call · {title}</bdi>" in page
    assert f"Call · {name}</bdi>" in page
    assert "<bdi>Call</bdi>" in page


PLACE = {"street": "80 Pine Rd", "city": "Tampa", "postcode": "", "region": ""}


@pytest.mark.parametrize(
    ("part", "given"),
    [
        ("name", {"name": "Cora Curtis"}),
        ("value", {"value": "9500"}),
        ("place", PLACE),
        ("reach", {"phone": "(813) 555-0142", "email": "new@mail.example"}),
        ("point", {"value": "(813) 555-0149", "note": "wife"}),
        ("point", {"value": ""}),
    ],
)
def test_a_correction_is_undone_from_there_and_only_while_nobody_corrected_it_again(
    cast: Cast, part: str, given: dict[str, str]
) -> None:
    house, client = cast.house, Client()
    client.force_login(house.rita.user)
    place = f"/{house.tenant.slug}/jobs/{house.job.number}/correct/"

    def details() -> list[Any]:
        with use_tenant(house.tenant):
            job = Job.objects.get(pk=house.job.pk)
            return [job.title, job.value, job.site_id, job.place, job.customer_details]

    with use_tenant(house.tenant):
        person = Job.objects.get(pk=house.job.pk).person
        ContactPoint.objects.filter(person=person).delete()
        fields = {"kind": "phone", "value": "+18135550140", "note": "home", "verified_at": clock.now()}
        of = str(ContactPoint.objects.create(person=person, **fields).pk) if part == "point" else ""
    before = details()

    def correct() -> Change:
        form = client.get(f"{place}?part={part}&of={of}")
        sent = client.post(place, {"part": part, "of": of, "version": form.context["version"], **given})
        assert sent.status_code == 302
        with use_tenant(house.tenant):
            change: Change = Change.objects.order_by("-pk").first()
            return change

    change = correct()
    assert details() != before
    assert "Rita Rep edited the details" in page_of(cast, "rita")
    assert "Undone." in press(cast, "rita", change).content.decode()
    assert details() == before
    if of:
        with use_tenant(house.tenant):
            of = str(ContactPoint.objects.get(value="+18135550140").pk)
    change = correct()
    with use_tenant(house.tenant):
        job = Job.objects.get(pk=house.job.pk)
        correction.rename(job.person, "Someone Else", by=house.mona)
        jobs.entitle(job, "Someone Else", by=house.mona)
        jobs.appraise(job, 1, by=house.mona)
        jobs.locate(job, Property.objects.create(street="1 Elm", country="US"), by=house.mona)
    there = details()
    assert "changed it in the meantime" in press(cast, "rita", change).content.decode()
    assert details() == there


def test_a_customers_name_and_the_leads_called_after_them_are_put_back_at_once(cast: Cast) -> None:
    house, client = cast.house, Client()
    client.force_login(house.mona.user)
    with use_tenant(house.tenant):
        job = Job.objects.get(pk=house.job.pk)
        person, old = job.person, job.person.name
        for _ in range(2):
            open_job(title=old, by=None, person=person, member=house.mona, stage=house.stage("New"))
        jobs.entitle(job, "The Palms", by=house.mona)
    place = f"/{house.tenant.slug}/people/{person.uid}/correct/"
    version = client.get(f"{place}?part=name").context["part"].version
    assert client.post(place, {"part": "name", "version": version, "name": "Nora New"}).status_code == 302
    titles = lambda: sorted(Job.objects.filter(person=person).values_list("title", flat=True))  # noqa: E731
    with use_tenant(house.tenant):
        assert titles() == ["Nora New", "Nora New", "The Palms"]
        change = Change.objects.get(kind="job.corrected")
    assert "Undone." in press(cast, "mona", change).content.decode()
    with use_tenant(house.tenant):
        assert titles() == sorted([old, old, "The Palms"])
        assert Job.objects.get(pk=job.pk).person.name == old


def test_it_asks_as_often_for_many_as_for_one(cast: Cast, moved: Change, moved_many: Change) -> None:
    house = cast.house
    page_of(cast, "mona")
    with data_queries() as few:
        page_of(cast, "mona")
    with use_tenant(house.tenant):
        for n in range(60):
            job = open_job(title=f"One {n}", by=None, member=house.mona, stage=house.stage("New"))
            with undo.record_undoable("job.moved", [job], by=house.mona):
                job.move_to(house.stage("Reached"), by=house.mona)
    with data_queries() as many:
        page = page_of(cast, "mona")
    assert len(many) == len(few)
    assert "after=" in page


def test_it_reads_the_leads_of_many_follow_ups_at_once(cast: Cast) -> None:
    house = cast.house

    def complete(count: int) -> None:
        with use_tenant(house.tenant):
            for n in range(count):
                job = open_job(title=f"One {n}", by=None, member=house.rita, stage=house.stage("New"))
                given = {"kind": "call", "subject": "Call", "due_at": clock.now() + timedelta(hours=1)}
                row = FollowUp.plan(job=job, assignee=house.rita, by=house.rita, **given)
                with undo.record_undoable("followup.completed", [row], by=house.rita):
                    row.complete("successful", by=house.rita)

    complete(1)
    page_of(cast, "rita")
    with data_queries() as few:
        page_of(cast, "rita")
    complete(12)
    with data_queries() as many:
        assert page_of(cast, "rita").count("Call · One") > 12
    assert len(many) == len(few)
