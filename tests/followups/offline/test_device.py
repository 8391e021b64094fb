"""The page of this device, and the form by which it shows notices."""

from typing import Any


def test_it_says_that_no_number_is_confirmed(as_member: Any) -> None:
    page = as_member("rita").get("followups/device/")
    assert "No number is confirmed yet." in page
    assert "Your notices are shown on 0 devices." in page


def test_the_form_of_notices_comes_back_here(as_member: Any, house: Any) -> None:
    rita = as_member("rita")
    here = f"/{house.tenant.slug}/followups/device/"
    assert f'name="next" value="{here}"' in rita.get("followups/device/")
    answer = rita.post("notices/settings/devices/", {"endpoint": "", "next": here})
    assert answer["Location"] == here


def test_it_is_among_the_members_own_pages(as_member: Any, house: Any) -> None:
    assert f"/{house.tenant.slug}/followups/device/" in as_member("rita").get("preferences/")
