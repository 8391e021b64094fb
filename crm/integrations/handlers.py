"""Connect integrations to events and due work."""

from crm.integrations.models.calendar_connection import SYNC
from crm.integrations.sync import connection_sync, schedule
from crm.platform.events.events import on_chosen
from crm.platform.work import due_io

# Kinds of events after which calendars are written, where any is.
on_chosen(schedule.written_kinds)(schedule.write_after)

# Due work that calls others.
due_io.handler(SYNC, fetches=True, when_parked=connection_sync.give_up)(connection_sync.sync_connection)
