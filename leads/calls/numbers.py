"""The tenant's tracking numbers, cached per process."""

from typing import Any

from comms.channels.directory import channels_in_use
from comms.models import Channel, Medium
from crm.jobs.models import Source
from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.organization.configuration import cached_per_tenant
from leads.models import TrackingNumber


@cached_per_tenant
def all_numbers() -> dict[int, TrackingNumber]:
    """Return every tracking number by id, with archived ones, which calls refer to. Treat the rows as read-only."""
    return {row.pk: row for row in TrackingNumber.objects.select_related("channel").order_by("pk")}


def number_of(channel_id: int | None) -> TrackingNumber | None:
    """Return the tracking number of a channel; None if it has none in use."""
    rows = all_numbers().values()
    return next((row for row in rows if row.channel_id == channel_id and row.archived_at is None), None)


def source_of_number(sender: Any, *, channel: Channel, **_more: Any) -> Source | None:
    """Return the source of a tracking number: a call that does not count opens its lead with it (signal)."""
    number = number_of(channel.pk)
    if number is None:
        return None
    source: Source = pipeline_setup().sources[number.source_id]
    return source


def assignable_channels() -> list[Channel]:
    """Return the phone numbers of brands that are no tracking number yet."""
    taken = {row.channel_id for row in all_numbers().values()}
    numbers = [row for row in channels_in_use() if row.medium == Medium.CALL and row.owner_id is None]
    return [row for row in numbers if row.pk not in taken]
