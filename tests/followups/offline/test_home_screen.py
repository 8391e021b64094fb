"""The web app manifest, and the link from a follow-up to its conflict."""

from datetime import timedelta
from typing import Any

from django.contrib.staticfiles import finders
from django.test import Client

from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp
from tests.cast import House


def test_an_organization_is_put_on_the_home_screen_with_the_day_as_its_first_page(as_member: Any, house: House) -> None:
    slug, rita = house.tenant.slug, as_member("rita")
    assert f'rel="manifest" href="/{slug}/followups/device/app.webmanifest"' in rita.get("followups/today/")
    answer = rita.client.get(f"/{slug}/followups/device/app.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    manifest = answer.json()
    assert (manifest["name"], manifest["start_url"]) == (house.tenant.name, f"/{slug}/followups/today/")
    assert manifest["start_url"].startswith(manifest["scope"])
    for icon in manifest["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/"))


def test_the_manifest_of_an_organization_is_for_its_members(house: House) -> None:
    assert Client().get(f"/{house.tenant.slug}/followups/device/app.webmanifest").status_code == 302


def test_a_follow_up_links_to_its_open_conflict(device: Any, planned: Any, house: House, as_member: Any) -> None:
    call = planned("Roof visit")
    seen = device.show(call)
    with use_tenant(house.tenant):
        FollowUp.objects.get(pk=call.pk).reschedule(call.due_at + timedelta(days=3), by=house.mona)
    device.send(seen, "reschedule", when="tomorrow")
    place = f"followups/versions/of/{call.uid}/"
    assert place in as_member("rita").get(f"followups/{call.uid}/")
    assert "Choose which one stays" in as_member("rita").get(place, htmx=True)
    as_member("rita").get(place, status=302)
    assert "Choose" not in as_member("mona").get(place, htmx=True), "who was not asked has nothing to decide"
