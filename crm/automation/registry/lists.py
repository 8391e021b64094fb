"""RecordList: the list page of a record kind, to which a number of matches links."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from django.urls import reverse

from crm.automation.registry.records import missing_record
from crm.platform import features
from crm.platform.features import Feature
from crm.web.requests.tenant_urls import missing_address


@dataclass(frozen=True)
class RecordList(Feature):
    """A list page whose URL accepts the conditions of rules about a kind of record."""

    unique: ClassVar[tuple[str, ...]] = ("record",)

    record: str
    # The name of the page's URL.
    page: str

    def check(self) -> Iterator[str]:
        yield from missing_record(self.record)
        yield from missing_address(self.page, "a-tenant")


def list_url(record: str, where: str, slug: str) -> str:
    """Return the URL of the list of records that match the conditions; blank if no app has such a list."""
    record_list = next((entry for entry in features.of(RecordList) if entry.record == record), None)
    if record_list:
        return f"{reverse(record_list.page, args=[slug])}?{where.removeprefix('?')}"
    return ""
