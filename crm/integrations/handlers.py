"""Connect integrations to events and due work."""

from crm.integrations.meetings import zoom_meetings
from crm.integrations.models.calendar_connection import SYNC
from crm.integrations.sync import connection_sync, schedule
from crm.platform.events.events import on_chosen
from crm.platform.work import due_io

# Kinds of events after which calendars are written, where any is.
on_chosen(schedule.written_kinds)(schedule.write_after)
# And those after which meetings at Zoom change, where the organization has an app there.
on_chosen(zoom_meetings.meeting_kinds)(zoom_meetings.follow_events)

# Due work that calls others.
due_io.handler(SYNC, fetches=True, when_parked=connection_sync.give_up)(connection_sync.sync_connection)
due_io.handler(zoom_meetings.SYNC)(zoom_meetings.sync_meeting)
