"""A rep can't take a colleague's customer: who sees none of a person's leads gets no name, no id and no way there."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job, JobParty, Note
from crm.kernel import clock
from crm.people.models import Claim, ContactPoint, DuplicateCandidate, Person, Property
from crm.platform.models import Change, Member
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp
from leads.models import Lead
from leads.new_lead import NewLead, TakenMeanwhile, open_lead
from tests.cast import Cast, House
from tests.markup import undrawn
from tests.tickets.messages import message
from tickets.models import Entry, Ticket

EMAIL, NUMBER, NAME = "priya@mail.example", "+18135550166", "Priya Secret"
TYPED = {"email": "Priya@mail.example", "phone": "(813) 555 0166"}


@dataclass
class Scene:
    """Priya is Mona's customer; Rita, a rep, sees none of her leads."""

    house: House
    priya: Person
    hers: Job

    @property
    def rita(self) -> Member:
        return self.house.rita

    def client(self, member: Member | None = None) -> Client:
        client = Client()
        client.force_login((member or self.rita).user)
        return client

    def url(self, path: str) -> str:
        return f"/{self.house.tenant.slug}/{path}"

    def lead(self, member: Member | None, *, by: Member | None = None) -> Job:
        """Another lead of Priya's."""
        with use_tenant(self.house.tenant):
            job = open_job(title="Garage", person=self.priya, member=member, by=by, stage=self.house.stage("New"))
            Lead.objects.create(job=job)
            return job

    def typed(self, **given: Any) -> Any:
        data = {"form": str(uuid4()), "name": "Somebody", **TYPED, **given}
        return self.client().post(self.url("leads/open/"), data)

    def correct(self, job: Job, part: str, *, by: Member | None = None, **given: str) -> Any:
        client, url = self.client(by), self.url(f"jobs/{job.number}/correct/")
        of = given.pop("of", "")
        version = client.get(url, {"part": part, "of": of}).context["version"]
        return client.post(url, {"part": part, "of": of, "version": version, **given})

    def known(self) -> tuple[str, set[str]]:
        with use_tenant(self.house.tenant):
            points = ContactPoint.objects.filter(person=self.priya).values_list("value", flat=True)
            return Person.objects.get(pk=self.priya.pk).name, set(points)


@pytest.fixture
def scene(cast: Cast) -> Scene:
    house = cast.house
    with use_tenant(house.tenant):
        priya = Person.objects.create(name=NAME)
        for kind, value in (("email", EMAIL), ("phone", NUMBER), ("email", "priya@private.example")):
            ContactPoint.objects.create(person=priya, kind=kind, value=value)
        site = Property.objects.create(street="9 Hidden Ln", city="Tampa", region="FL", postcode="33602", country="US")
        claim = Claim(site=site, insurer="Gulf Mutual")
        claim.set_number("CLM-778812")
        claim.save()
        hers = open_job(title=NAME, person=priya, site=site, member=house.mona, by=house.mona)
        Lead.objects.create(job=hers)
    return Scene(house, priya, hers)


def _latest(scene: Scene) -> Job:
    with use_tenant(scene.house.tenant):
        job: Job = Job.objects.select_related("person").latest("pk")
        return job


# Opening a lead


def test_who_it_is_is_not_told_nor_by_which_id(scene: Scene) -> None:
    page = scene.client().get(scene.url("leads/open/known/"), TYPED).content.decode()
    refused = scene.typed(person="").content.decode()
    for told in (page, refused):
        assert "A colleague’s customer" in told
        assert "Mona Manager" in told
        assert "Ask your colleague" in told
        assert NAME not in told
        assert str(scene.priya.uid) not in told


def test_no_lead_is_opened_with_the_id_all_the_same(scene: Scene) -> None:
    assert scene.typed(person=str(scene.priya.uid)).status_code == 422
    with use_tenant(scene.house.tenant):
        new = NewLead(uuid4(), "Priya", scene.house.job.brand, scene.house.job.pipeline)
        assert not Job.objects.filter(person=scene.priya, member=scene.rita).exists()
        with pytest.raises(TakenMeanwhile):
            open_lead(new, by=scene.rita, person=scene.priya)


@pytest.mark.parametrize("confirmed", [False, True])
def test_a_separate_person_says_nothing_of_the_other(scene: Scene, confirmed: bool) -> None:
    if confirmed:
        with use_tenant(scene.house.tenant):
            ContactPoint.objects.filter(person=scene.priya).update(verified_at=clock.now())
    opened = scene.typed(person="new")
    job = _latest(scene)
    assert job.person_id != scene.priya.pk
    page = scene.client().get(opened["Location"]).content.decode()
    assert NAME not in page
    assert "priya@private.example" not in page
    with use_tenant(scene.house.tenant):
        assert not JobParty.objects.filter(job=job, person=scene.priya).exists()
        notes = [note.body for note in Note.objects.filter(job=job)]
        reached = set(ContactPoint.objects.filter(person=job.person_id).values_list("value", flat=True))
    told = [f"Gave {NUMBER}, {EMAIL}, which belongs to a colleague’s customer."]
    assert (notes, reached) == ((told, set()) if confirmed else ([], {EMAIL, NUMBER}))


def test_a_claim_at_a_colleagues_place_is_not_shown(scene: Scene) -> None:
    place = {"street": "9 Hidden Ln", "city": "Tampa", "region": "FL", "postcode": "33602"}
    for _twice in range(2):  # what one typed before gives no right
        opened = scene.typed(person="new", email="", phone="", **place)
        page = scene.client().get(opened["Location"]).content.decode()
        assert "9 Hidden Ln" in page
        assert "Gulf Mutual" not in page
        assert "8812" not in undrawn(page)
    assert (
        "Gulf Mutual" in scene.client(scene.house.mona).get(scene.url(f"leads/{scene.hers.number}/")).content.decode()
    )


def test_who_sees_one_of_the_leads_sees_the_person(scene: Scene) -> None:
    scene.lead(None)
    assert str(scene.priya.uid) in scene.client().get(scene.url("leads/open/known/"), TYPED).content.decode()
    assert scene.typed(person=str(scene.priya.uid)).status_code == 302
    assert _latest(scene).person_id == scene.priya.pk


# Correcting

CORRECTIONS = {
    "name": {"name": "Rita's Friend"},
    "reach": {"phone": "813 555 0100"},
    "email": {"email": "rita@elsewhere.example"},
    "point": {"value": ""},
}


@pytest.mark.parametrize("part", CORRECTIONS)
def test_a_customer_whose_other_leads_are_hidden_is_not_corrected(scene: Scene, part: str) -> None:
    with use_tenant(scene.house.tenant):
        wrong = ContactPoint.objects.create(person=scene.priya, kind="email", value="priya@gmial.com")
    given = CORRECTIONS[part] | ({"of": str(wrong.pk)} if part == "point" else {})
    mine, before = scene.lead(scene.rita, by=scene.house.mona), scene.known()
    page = scene.client().get(scene.url(f"leads/{mine.number}/")).content.decode()
    assert "Ask Mona Manager to correct it." in page
    assert f"?part={part}" not in page
    assert "?part=value" in page
    refused = scene.correct(mine, part, **given)
    assert refused.status_code == 422
    assert "Ask Mona Manager to correct it." in refused.content.decode()
    # Nor by way of another lead that one types in, as one may for a customer one sees.
    assert scene.typed(person=str(scene.priya.uid)).status_code == 302
    assert scene.correct(mine, part, **given).status_code == 422
    assert scene.correct(_latest(scene), "value", value="100").status_code == 302, "the lead itself is one's own"
    assert scene.known() == before
    assert scene.correct(scene.hers, part, by=scene.house.mona, **given).status_code == 302
    assert scene.known() != before


def test_a_customer_of_whom_one_was_given_leads_is_corrected(scene: Scene) -> None:
    mine = scene.lead(scene.rita, by=scene.house.mona)
    scene.lead(scene.rita, by=scene.house.mona)
    assert scene.correct(mine, "name", name="Priya Shah").status_code == 302
    assert scene.known()[0] == "Priya Shah"


def test_ones_own_customer_is_corrected(scene: Scene) -> None:
    assert scene.correct(scene.house.job, "name", name="Cora C.").status_code == 302


def test_a_partys_own_leads_decide_who_corrects_them(scene: Scene) -> None:
    """Whoever takes part in one's lead is seen, and still corrected by who has their leads alone."""
    with use_tenant(scene.house.tenant):
        JobParty.involve(scene.house.job, scene.priya, "partner", by=scene.house.mona)
    client, url, before = scene.client(), scene.url(f"people/{scene.priya.uid}/"), scene.known()
    page = client.get(url).content.decode()
    assert NAME in page
    assert "Ask Mona Manager to correct it." in page
    for part, given in {"name": {"name": "Rita's Friend"}, "reach": {"phone": "813 555 0100"}}.items():
        for send in (client.get, client.post):
            answer = send(f"{url}correct/", {"part": part, **given}, follow=True)
            assert "Ask Mona Manager to correct it." in answer.content.decode()
    assert scene.known() == before
    scene.lead(scene.rita, by=scene.house.mona)
    scene.lead(scene.rita, by=scene.house.mona)
    assert client.get(f"{url}correct/", {"part": "name"}).status_code == 200


def test_who_corrects_nobody_confirms_nobody(scene: Scene) -> None:
    scene.lead(scene.rita, by=scene.house.mona)
    with use_tenant(scene.house.tenant):
        Person.objects.filter(pk=scene.priya.pk).update(unconfirmed_since=clock.now())
    url = scene.url(f"people/{scene.priya.uid}/")
    assert f"{url}confirm/" not in scene.client().get(url).content.decode()
    answer = scene.client().post(f"{url}confirm/", follow=True)
    assert "Ask Mona Manager to correct it." in answer.content.decode()
    with use_tenant(scene.house.tenant):
        assert Person.objects.get(pk=scene.priya.pk).unconfirmed_since
    scene.client(scene.house.mona).post(f"{url}confirm/")
    with use_tenant(scene.house.tenant):
        assert Person.objects.get(pk=scene.priya.pk).unconfirmed_since is None


# Conversations


def _conversation(scene: Scene, person: Person | None = None) -> Ticket:
    """One that nobody has yet, which every rep may look at, of somebody who wrote."""
    with use_tenant(scene.house.tenant):
        ticket: Ticket = Ticket.begin(brand=scene.house.job.brand, by=None, person=person)
        said = message("in", person=person, address=EMAIL)
        Entry.objects.add_message(ticket, said, matched_by="written")
        return ticket


@pytest.mark.parametrize("confirmed", [False, True])
@pytest.mark.parametrize("address", [EMAIL, NUMBER])
def test_whose_conversation_it_is_tells_nothing_of_a_hidden_customer(
    scene: Scene, address: str, confirmed: bool
) -> None:
    if confirmed:
        with use_tenant(scene.house.tenant):
            ContactPoint.objects.filter(person=scene.priya).update(verified_at=clock.now())
    ticket, before = _conversation(scene), scene.known()
    url = scene.url(f"tickets/{ticket.number}/")
    for _twice in range(2):
        given = {"version": ticket.form_version, "name": NAME, "address": address}
        assert scene.client().post(f"{url}person/", given).status_code == 302
        with use_tenant(scene.house.tenant):
            ticket = Ticket.objects.get(pk=ticket.pk)
            assert ticket.person_id not in (None, scene.priya.pk)
            assert Person.objects.filter(name=NAME).count() == 2, "a separate person, once"
            assert DuplicateCandidate.objects.filter(one=scene.priya, other=ticket.person).exists()
        for part in ("", "side/", "person/", "people/"):
            assert "priya@private.example" not in scene.client().get(url + part).content.decode()
    assert scene.known() == before
    with use_tenant(scene.house.tenant):
        mine = _conversation(scene)
    given = {"version": mine.form_version, "name": NAME, "address": address}
    assert scene.client(scene.house.mona).post(scene.url(f"tickets/{mine.number}/person/"), given).status_code == 302
    with use_tenant(scene.house.tenant):
        assert Ticket.objects.get(pk=mine.pk).person_id == scene.priya.pk


def test_no_lead_is_made_of_a_hidden_customers_conversation(scene: Scene) -> None:
    ticket = _conversation(scene, scene.priya)
    url = scene.url(f"tickets/{ticket.number}/lead/")
    refused = scene.client().post(url, {"version": ticket.form_version}, headers={"HX-Request": "true"})
    assert refused.status_code == 422
    assert "Ask Mona Manager" in refused.content.decode()
    assert scene.client().get(scene.url(f"people/{scene.priya.uid}/")).status_code == 404
    with use_tenant(scene.house.tenant):
        assert Job.objects.filter(person=scene.priya).count() == 1
    scene.client(scene.house.mona).post(url, {"version": ticket.form_version})
    with use_tenant(scene.house.tenant):
        assert Job.objects.filter(person=scene.priya).count() == 2


# The same elsewhere


@pytest.mark.parametrize(
    "path",
    [
        "duplicates/",
        "duplicates/merge/",
        "duplicates/of/{uid}/",
        "reports/data-quality/",
        "leads/import/",
        "leads/export/",
        "followups/export/",
    ],
)
def test_a_rep_has_no_way_around_by_the_pages_of_all_customers(scene: Scene, path: str) -> None:
    url = scene.url(path.format(uid=scene.priya.uid))
    client = scene.client()
    assert {client.get(url).status_code, client.post(url).status_code} <= {404, 405}


@pytest.mark.parametrize("text", [NAME, EMAIL, "813 555 0166", "CLM-778812", "9 Hidden Ln", "priya@private"])
@pytest.mark.parametrize("path", ["palette/", "search/", "leads/", "followups/"])
def test_nothing_finds_a_hidden_customer(scene: Scene, path: str, text: str) -> None:
    found = scene.client().get(scene.url(path), {"q": text}, headers={"HX-Request": "true"}).content.decode()
    for told in {NAME, EMAIL, "priya@private.example"} - {text}:
        assert told not in found.replace("<mark>", "").replace("</mark>", "")
    assert f"/leads/{scene.hers.number}/" not in found


@pytest.mark.parametrize(
    "path", ["leads/{n}/", "jobs/{n}/reach/", "jobs/{n}/correct/?part=name", "followups/new/?job={n}"]
)
def test_a_hidden_lead_has_no_page(scene: Scene, path: str) -> None:
    assert scene.client().get(scene.url(path.format(n=scene.hers.number))).status_code == 404


def test_a_follow_up_of_a_hidden_lead_is_not_there(scene: Scene) -> None:
    with use_tenant(scene.house.tenant):
        planned = FollowUp.plan(kind="call", subject="Ask Priya", due_at=None, by=scene.house.mona, job=scene.hers)
    assert "Ask Priya" not in scene.client().get(scene.url("followups/")).content.decode()
    for path in ("", "complete/", "assign/"):
        answer = scene.client().post(scene.url(f"followups/{planned.uid}/{path}"), {"assignee": str(scene.rita.uid)})
        assert answer.status_code in (404, 405)


def test_an_act_on_what_a_colleague_has_by_now_is_not_undone(scene: Scene) -> None:
    job = scene.house.job
    with use_tenant(scene.house.tenant):
        stay, stage = Job.objects.get(pk=job.pk).stay, scene.house.stage("Reached").pk
    client = scene.client()
    moved = client.post(scene.url(f"jobs/{job.number}/move/"), {"stay": stay, "stage": stage, "on": "lead"})
    assert moved.status_code == 302
    with use_tenant(scene.house.tenant):
        act = Change.objects.latest("pk")
        Job.objects.get(pk=job.pk).assign_to(scene.house.mona, by=scene.house.mona)
    answer = client.post(scene.url(f"jobs/undo/{act.uid}/"), {"on": "lead"}, headers={"HX-Request": "true"})
    assert "Cora" not in answer.content.decode()
    with use_tenant(scene.house.tenant):
        assert Job.objects.get(pk=job.pk).stage_id == stage
