"""The first visits: who buys is let in, and sets their page up step by step, each saved as it is done."""

import re
from types import SimpleNamespace

from comms.models import Message
from crm.jobs.creation.job_creation import open_job
from crm.people.models import Claim, ContactPoint
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from portal.models import Onboarding, PortalAccess, PortalCode
from portal.onboarding.start import welcome_customer
from tests.cast import Cast
from tests.markup import undrawn
from tests.portal.conftest import Coming

NUMBER = "HO-2026 4471"


def test_who_buys_is_let_in_once_and_asked_to_set_their_page_up(cast: Cast) -> None:
    house = cast.house
    won = [SimpleNamespace(job_id=house.job.pk)]
    with use_tenant(house.tenant):
        for _twice in range(2):
            welcome_customer(won)
        access = PortalAccess.objects.get(person=house.cora)
        assert Onboarding.objects.get().person_id == house.cora.pk
        assert not Message.objects.exists(), "there is no way to write to them"
        access.revoke(by=house.mona)
        welcome_customer(won)
        access.refresh_from_db()
        assert not access.is_open, "who was let out again stays out"


def test_each_step_is_saved_as_it_is_done_and_a_claim_is_shown_only_when_asked(
    cast: Cast, portal_client: Coming
) -> None:
    house, base = cast.house, f"/my/{cast.house.tenant.slug}/"
    client, page = portal_client(house.cora), f"{base}welcome/"

    def done() -> str:
        return re.search(r"(\d+) of \d+ done", client.get(page).content.decode())[0]  # type: ignore[index]

    assert done() == "1 of 7 done", "nothing is asked of them"
    for step in ("places", "team"):
        client.post(f"{page}confirm/", {"step": step})
    assert client.post(f"{page}confirm/", {"step": "email"}).status_code == 404, "that is for the code to say"
    client.post(f"{base}preferences/", {"pace": "usual"})
    job = f"{base}jobs/{house.job.number}/"
    assert client.post(f"{job}claim/", {"insurer": "Gulf Mutual", "claim": "12"}).status_code == 422
    client.post(f"{job}claim/", {"insurer": "Gulf Mutual", "claim": NUMBER})
    assert done() == "5 of 7 done"
    shown = client.get(page).content.decode()
    assert "4471" in shown
    assert NUMBER not in shown
    with use_tenant(house.tenant):
        claim = Claim.objects.get()
        phone = ContactPoint.objects.get(person=house.cora, kind="phone")
        other = ContactPoint.objects.create(person=cast_stranger(house.cora), kind="email", value="n@x.example")
    assert NUMBER in client.post(f"{job}claim/{claim.uid}/").content.decode()
    sent = client.post(f"{page}verify/{phone.pk}/")
    assert client.post(f"{page}verify/{other.pk}/").status_code == 404
    with use_tenant(house.tenant):
        asked = PortalCode.objects.get()
        assert (asked.address, asked.next) == (phone.value, page)
        assert str(asked.uid) in sent["Location"]
        assert Event.objects.filter(kind="claim.shown").count() == 1
        assert not Event.objects.filter(data__icontains="4471").exists()
        PortalAccess.objects.get(person=house.cora).confirm(phone)
    assert done() == "6 of 7 done"
    assert "Your page at a glance" in client.get(job).content.decode()
    client.post(f"{job}tour/")
    assert "Your page at a glance" not in client.get(job).content.decode()
    client.post(f"{page}end/")
    assert "Set up your page" not in client.get(job).content.decode()


def test_a_claim_of_who_had_the_place_before_is_nobody_elses(cast: Cast, portal_client: Coming) -> None:
    house = cast.house
    page = f"/my/{house.tenant.slug}/welcome/"
    with use_tenant(house.tenant):
        nora, place = cast_stranger(house.cora), house.job.site
        later = open_job(title=nora.name, person=nora, site=place, by=house.rita, stage=house.stage("New"))
        before = Claim.note(place, "Gulf Mutual", NUMBER, by=None, job_id=house.job.pk)
        imported = Claim.note(place, "Bay Insurance", "IM-9902", by=None)
    client = portal_client(nora)
    mine = f"/my/{house.tenant.slug}/jobs/{later.number}/claim/"
    client.post(mine, {"insurer": "Own", "claim": "NN-7755"})
    shown = client.get(page).content.decode()
    assert "7755" in shown
    assert not any(tail in undrawn(shown) for tail in ("4471", "9902"))
    for foreign in (before, imported):
        assert client.post(f"{mine}{foreign.uid}/").status_code == 404
    theirs = portal_client(house.cora).get(page).content.decode()
    assert "4471" in theirs
    assert "7755" not in undrawn(theirs)


def cast_stranger(person):  # type: ignore[no-untyped-def]
    return type(person).objects.create(name="Nora Neighbour")
