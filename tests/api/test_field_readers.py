"""Records are shown as DRF shows them, though their fields are read by readers of our own."""

from typing import Any

import pytest
from rest_framework import serializers

from api.resources.record_serializer import RecordSerializer
from api.routes import router
from crm.platform.tenancy.context import use_tenant
from tests.api.client import ApiClient
from tests.api.records import create_records
from tests.cast import Cast

NO_LISTS = ("bulk", "choices", "events", "me")
LISTS = [name for name, _viewset, _basename in router.registry if name not in NO_LISTS]


class BasketSerializer(RecordSerializer):
    """A record whose field has the name of a method of dicts."""

    items = serializers.IntegerField()
    label = serializers.CharField(default="Basket")


class Basket:
    def items(self) -> int:
        return 3


def test_every_list_is_shown_as_drf_shows_it(ada: ApiClient, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with use_tenant(cast.house.tenant):
        create_records(cast.house)
    read = {name: _results(ada, name) for name in LISTS}

    monkeypatch.delattr(RecordSerializer, "to_representation")

    assert {name: _results(ada, name) for name in LISTS} == read
    assert [name for name, rows in read.items() if not rows] == []


@pytest.mark.parametrize("record", [{"items": 3}, Basket()])
def test_methods_and_dicts_are_read(record: Any) -> None:
    assert BasketSerializer(record).data == {"items": 3, "label": "Basket"}


def _results(client: ApiClient, name: str) -> Any:
    return client.get(f"{name}/").json()["results"]
