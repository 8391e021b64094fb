"""A NUL character in a form or an address is dropped at the door, whichever view reads it."""

import pytest
from django.http import QueryDict
from django.test import Client

from crm.automation.models import PriorityPoint
from crm.platform.tenancy.context import use_tenant
from crm.web.requests.nul import without_nul
from tests.cast import HOUSE, Cast

POINT = {"f0": "step", "o0": "is", "v0": "New", "g0": "", "match": "all", "points": "3", "do": "save"}


def test_it_is_dropped_of_names_and_values_and_nothing_else_changes() -> None:
    plain = QueryDict("a=1&a=2&b=")
    assert without_nul(plain) is plain
    kept = without_nul(QueryDict("a%00=1%00&a=%002&b="))
    assert kept.getlist("a") == ["2"]
    assert kept["b"] == ""
    with pytest.raises(AttributeError, match="immutable"):
        kept["c"] = "3"


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("messages/decisions/stops/put/", {"what": "tenant", "reason": "sto\0rm"}),
        ("triggers/new/", {"record": "job", "trigger": "job.created", "name": "N\0l", "do": "save"}),
        ("settings/calendars/", {"q": "\0"}),
    ],
)
def test_a_view_that_never_thought_of_it_is_no_error(
    client: Client, cast: Cast, address: str, sent: dict[str, str]
) -> None:
    client.force_login(cast.house.ada.user)
    client.raise_request_exception = False
    assert client.post(f"/{HOUSE}/{address}", sent).status_code < 500


def test_what_stands_around_it_is_kept(client: Client, cast: Cast) -> None:
    client.force_login(cast.house.ada.user)
    answer = client.post(f"/{HOUSE}/triggers/points/", POINT | {"words": "quo\0ted"})
    assert answer.status_code == 302
    with use_tenant(cast.house.tenant):
        assert PriorityPoint.objects.get().words == "quoted"
