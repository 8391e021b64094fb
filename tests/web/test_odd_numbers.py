"""A number that is none, or is too large, is left out or refused wherever one is typed, and never an error of ours."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from comms.library.seeding import create_library
from comms.models import Template
from crm.automation.models.policy import automation_policy
from crm.platform.tenancy.context import use_tenant
from demo.channels import create_channels
from tests.cast import HOUSE, Cast, House

# A digit to Unicode and to none of our fields; a digit of another script; more than Python parses; more than is allowed
# behind zeros.
ODD = ["²", "٣", "9" * 5000, "00500999999", "000000500999999"]
ROW = {"f0": "step", "o0": "is", "v0": "New", "g0": "", "match": "all"}
TRIGGER = {"record": "job", "trigger": "job.created", "name": "Odd", "broken": "odd"}
LISTS = f"/{HOUSE}/leads/"
RULES = f"/{HOUSE}/triggers/"
TEMPLATES = f"/{HOUSE}/messages/templates/"
PLACES: dict[str, Callable[[str], tuple[str, str, dict[str, Any]]]] = {
    "row of a list's filter": lambda odd: ("get", f"{LISTS}filter/", ROW | {"do": f"remove:{odd}"}),
    "row that changed": lambda odd: ("get", f"{LISTS}filter/", ROW | {"do": f"row:{odd}"}),
    "step of a list of stays": lambda odd: ("get", LISTS, {"stayed": f"{{step:018}}{odd}.us"}),
    "condition of a trigger": lambda odd: ("post", f"{RULES}new/", TRIGGER | ROW | {"do": f"remove:{odd}"}),
    "condition that is dropped": lambda odd: ("post", f"{RULES}new/", TRIGGER | ROW | {"do": f"drop:{odd}"}),
    "step of a trigger": lambda odd: ("post", f"{RULES}new/", TRIGGER | {"do": f"up:{odd}"}),
    "condition of points": lambda odd: ("post", f"{RULES}points/", ROW | {"do": f"rise:{odd}"}),
    "points of a high lead": lambda odd: ("post", f"{RULES}points/thresholds/", {"high": odd}),
    "hours of a person": lambda odd: ("post", f"{RULES}switches/person-wins/", {"hours": odd}),
    "lead of a preview": lambda odd: (
        "post", f"{TEMPLATES}{{template}}/preview/", {"medium": "sms", "language": "en", "as": f"#{odd}"},
    ),
    "seconds of a call": lambda odd: (
        "post", f"/demo/phone/{HOUSE}/call/", {"who": "{person}", "seconds": odd},
    ),
}  # fmt: skip


@pytest.fixture
def house(cast: Cast, client: Client, settings: Any) -> House:
    settings.DEMO = True
    client.force_login(cast.house.ada.user)
    client.raise_request_exception = False
    return cast.house


@pytest.mark.parametrize("name", PLACES)
def test_an_odd_number_is_no_error_of_ours(house: House, client: Client, name: str) -> None:
    there: dict[str, Any] = {"person": house.cora.uid}
    with use_tenant(house.tenant):
        there["step"] = house.stage("New").pk
        if name == "lead of a preview":
            create_library(["en"])
            there["template"] = Template.objects.order_by("pk")[0].uid
        if name == "seconds of a call":
            brand = house.job.brand
            brand.phone = "+18135550100"
            brand.save()
            create_channels()
    answered = {}
    for odd in ODD:
        method, address, sent = PLACES[name](odd)
        sent = {key: value.format(**there) for key, value in sent.items()}
        answered[odd[:16]] = getattr(client, method)(address.format(**there), sent).status_code
    assert set(answered.values()) <= {200, 302, 404, 422}, answered
    assert name == "row that changed" or 404 not in answered.values(), answered
    with use_tenant(house.tenant):
        policy = automation_policy()
    assert (policy.high_from, policy.person_wins_hours) == (5, 24), "nothing is set"
