"""Zones are named as people say them."""

from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from crm.kernel.zone_names import zone_name


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("America/New_York", "Eastern time"),
        ("America/Detroit", "Eastern time"),
        ("America/Phoenix", "Arizona time"),
        ("Europe/Amsterdam", "Dutch time"),
        ("Europe/Warsaw", "Poland time"),
        ("Australia/Sydney", "Sydney time"),
        ("UTC", "UTC time"),
    ],
)
def test_a_zone_has_the_name_people_use(key: str, name: str) -> None:
    assert zone_name(ZoneInfo(key)) == name


def test_it_is_named_in_the_language_in_use() -> None:
    with override("nl"):
        assert zone_name(ZoneInfo("Europe/Amsterdam")) == "Nederlandse tijd"
        assert zone_name(ZoneInfo("America/New_York")) == "Oosttijd (VS)"
