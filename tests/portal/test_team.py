"""The team as a customer sees it: faces, roles, who is away and who stands in; and numbers of the brand alone."""

import io
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from PIL import Image

from crm.jobs.models.assignment import Absence
from crm.kernel import clock
from crm.platform.models import MemberPhoto
from crm.platform.tenancy.context import use_tenant
from portal.job.calendar import CustomerCalendar
from portal.team.team import numbers_of, team_of
from tests.cast import Cast
from tests.portal.conftest import Coming


def picture(edge: int, kind: str = "JPEG") -> SimpleUploadedFile:
    made = io.BytesIO()
    Image.new("RGB", (edge, edge), "red").save(made, kind, exif=b"Exif\0\0secret place")
    return SimpleUploadedFile("me.jpg", made.getvalue(), "image/jpeg")


def test_who_is_away_is_said_with_who_stands_in_and_the_numbers_are_the_brands(cast: Cast) -> None:
    house, now = cast.house, clock.now()
    with use_tenant(house.tenant), translation.override("en"):
        house.job.assign_to(house.rita, by=house.ada)
        Absence.objects.create(member=house.rita, starts_at=now, ends_at=now + timedelta(days=30), cover=house.mona)
        house.job.brand.edit(by=house.ada, phone="+18135550100")
        rita, sam = team_of(house.job, [], CustomerCalendar.of(house.job, now), crew=[house.sam, house.sam])[::-1]
        assert (rita.name, rita.role, sam.role) == ("Rita Rep", "Your contact for everything", "Crew")
        assert rita.away.startswith("Away until ")
        assert rita.away.endswith("; Mona Manager stands in")
        assert numbers_of(house.job).call == "+18135550100"


def test_a_photo_is_made_anew_and_seen_by_who_may_see_the_team(cast: Cast, portal_client: Coming) -> None:
    house, staff = cast.house, Client()
    staff.force_login(house.rita.user)
    page = f"/{house.tenant.slug}/preferences/photo/"
    assert staff.post(page, {"photo": SimpleUploadedFile("a.jpg", b"<svg/>", "image/jpeg")}).status_code == 422
    staff.post(page, {"photo": picture(900)})
    client, job = portal_client(house.cora), f"/my/{house.tenant.slug}/jobs/{house.job.number}/"
    face = f"{job}team/{house.rita.uid}/"
    with use_tenant(house.tenant):
        house.job.assign_to(house.rita, by=house.ada)
    assert face in client.get(job).content.decode()
    shown = client.get(face)
    assert Image.open(io.BytesIO(shown.content)).size == (320, 320)
    assert b"secret place" not in shown.content
    assert client.get(f"{job}team/{house.mona.uid}/").status_code == 404
    assert "sign-in" in Client().get(face)["Location"]
    staff.post(page, {"remove": "1"})
    assert client.get(face).status_code == 404
    with use_tenant(house.tenant):
        assert not MemberPhoto.objects.exists()
