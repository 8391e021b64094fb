"""A lead that is nothing for us: found by what we do not do, handed on with consent, and taken back."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from comms.gate.judgement import decide
from comms.models import Channel, Message
from crm.jobs.models import Job, Note
from crm.jobs.models.assignment import Territory
from crm.jobs.models.losses import LostCase
from crm.platform import undo
from crm.platform.models import Change, Event
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from leads.models import Doubt, HandOff, NoGo, Partner
from leads.qualification.disqualification import look_at
from leads.qualification.hand_on import propose_texts, take_back

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"


@pytest.fixture
def page(cast: Any) -> Any:
    client = Client()
    client.force_login(cast.house.mona.user)
    return client


def test_what_we_do_not_do_is_a_doubt_until_a_person_says(cast, page):
    house = cast.house
    url = f"/suncoast-test/leads/{house.job.number}/"
    with use_tenant(house.tenant):
        partner = Partner.add("Flat & Co", "Office@Flat.example", does="flat roofs", by=house.ada)
        far = Territory.add("Georgia", states=["GA"], by=house.ada)
        NoGo.add("flat roofs", "asks=flat+roof", partner=partner, by=house.ada)
        NoGo.add("elsewhere", f"territory={far.pk}", by=house.ada)
        look_at([house.job.pk])
        assert not Doubt.objects.exists()
        note = Note.write(house.job, "A flat roof of 3,000 sq ft", by=house.rita)
        look_at([house.job.pk])
        assert "May not be for us: flat roofs." in page.get(url).content.decode()
        assert page.get("/suncoast-test/leads/?doubt=1").content.decode().count(f'id="r{house.job.number}"') == 1
        page.post(f"{url}keep/", {"stay": house.job.stay})
        look_at([house.job.pk])
        assert "May not be for us" not in page.get(url).content.decode()
        Doubt.objects.all().delete()
        note.delete()
        far.edit(name="Florida", postal_codes=["336"], states=[], members=[], by=house.ada)
        look_at([house.job.pk])
        assert Doubt.objects.get().no_go.words == "elsewhere"
        assert not Job.objects.get(pk=house.job.pk).ended_at


def test_a_partner_gets_it_with_consent_alone_and_undo_takes_it_back(cast, page):
    house = cast.house
    url = f"/suncoast-test/leads/{house.job.number}/hand-on/"
    with use_tenant(house.tenant):
        Channel.create(
            by=None,
            brand=directory().default_brand,
            medium="email",
            role="support",
            provider="embedded",
            address="hello@suncoast.example",
        )
        partner = Partner.add("Flat & Co", "office@flat.example", by=house.ada)
        form = {"partner": partner.pk, "to_partner": "Please call Cora.", "customer": "We hand you on."}
        form["stay"] = house.job.stay
        assert "cora@" in page.get(f"{url}?partner={partner.pk}").content.decode()
        assert page.post(url, form).status_code == 422
        # Without scripts the partner is known once it is sent: the texts are proposed then.
        declined = {"customer": propose_texts(house.job, None).customer, "to_partner": "", "consent": "on the phone"}
        again = page.post(url, form | declined).content.decode()
        assert "They agreed that you contact them." in again
        assert "Flat &amp; Co does such work" in again
        assert not Message.objects.exists()
        assert page.post(url, form | {"consent": "on the phone"}).status_code == 302
        row = HandOff.objects.get()
        job = Job.objects.get(pk=house.job.pk)
        assert (job.state, LostCase.objects.get().reason.code) == ("lost", "cannot")
        assert "Flat & Co" in job.ended_reason
        assert (row.to_partner.address, row.to_partner.job_id) == ("office@flat.example", None)
        verdicts = [decide(message) for message in (row.to_partner, row.to_customer)]
        assert {verdict.outcome.value for verdict in verdicts} == {"send"}
        assert "referred it to Flat &amp; Co" in page.get(f"/suncoast-test/leads/{job.number}/").content.decode()
        undo.undo_change(Change.objects.latest("pk").uid, by=house.mona)
        take_back(list(Event.objects.filter(kind="job.undone", job_id=job.pk)))
        assert Job.objects.get(pk=job.pk).is_open
        assert set(Message.objects.values_list("state", flat=True)) == {"cancelled"}


def test_what_loads_within_a_form_that_swaps_nothing_says_where_it_goes():
    """A form's hx-swap="none" holds for everything in it: its partner once was asked for, and never shown."""
    silent = re.compile(r'<form\b[^>]{0,900}hx-swap="none"[^>]{0,300}>')
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text()
        for form in silent.finditer(text):
            within = text[form.end() : text.index("</form>", form.end())]
            for tag in within.split("<")[1:]:
                assert "hx-get=" not in tag or "hx-swap=" in tag, (path, tag[:200])


def test_partners_and_no_gos_are_set_up_by_managers(cast, page):
    partners, no_gos = "/suncoast-test/leads/settings/partners/", "/suncoast-test/leads/settings/no-go/"
    assert page.post(f"{partners}add/", {"name": "Flat", "email": "no address"}).status_code in (409, 422)
    assert "Partners" in page.get(partners).content.decode()
    form = {"f0": "region", "o0": "has", "v0": "GA", "g0": "", "match": "all", "words": "Georgia", "do": "save"}
    assert page.post(no_gos, form | {"words": ""}).status_code == 422
    assert page.post(no_gos, form).status_code == 302
    assert "Georgia" in page.get(no_gos).content.decode()
    rita = Client()
    rita.force_login(cast.house.rita.user)
    assert rita.get(no_gos).status_code == 404
