"""Models of connections."""

from connections.models.alert_policy import AlertPolicy, alert_policy
from connections.models.connection import Connection, connected_kinds, connection_names
from connections.models.connection_hour import ConnectionHour, first_hour
from connections.models.connection_state import ConnectionProblem, SyncDirection, SystemState, WhoWins
from connections.models.field_rule import FieldRule, FieldRuleDraft
from connections.models.linked_record import LinkedRecord
from connections.models.review import Review
from connections.models.sync_item import OF_FILE, SyncItem
from connections.models.sync_log import SyncLogEntry

__all__ = [
    "OF_FILE",
    "AlertPolicy",
    "Connection",
    "ConnectionHour",
    "ConnectionProblem",
    "FieldRule",
    "FieldRuleDraft",
    "LinkedRecord",
    "Review",
    "SyncDirection",
    "SyncItem",
    "SyncLogEntry",
    "SystemState",
    "WhoWins",
    "alert_policy",
    "connected_kinds",
    "connection_names",
    "first_hour",
]
