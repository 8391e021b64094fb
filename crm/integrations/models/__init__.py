"""Models of connections to other systems."""

from crm.integrations.models.busy_time import BusyTime, RemoteEvent
from crm.integrations.models.calendar_connection import CalendarConnection
from crm.integrations.models.connected_calendar import ConnectedCalendar
from crm.integrations.models.connection_state import CalendarProblem, CalendarProvider, ConnectionState
from crm.integrations.models.meeting import Meeting, MeetingPreference, MeetingProvider, ZoomAccount
from crm.integrations.models.written_entry import EntryConflict, WrittenEntry

__all__ = [
    "BusyTime",
    "CalendarConnection",
    "CalendarProblem",
    "CalendarProvider",
    "ConnectedCalendar",
    "ConnectionState",
    "EntryConflict",
    "Meeting",
    "MeetingPreference",
    "MeetingProvider",
    "RemoteEvent",
    "WrittenEntry",
    "ZoomAccount",
]
