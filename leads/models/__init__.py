"""The models of leads, imports and intake."""

from leads.models.calls import CallPolicy, ExcuseReason, TrackedCall, TrackingNumber, Verdict
from leads.models.campaign import Campaign
from leads.models.first_contact import FirstContact
from leads.models.import_mapping import ImportMapping
from leads.models.import_memory import ImportMemory
from leads.models.import_row import ImportRow
from leads.models.import_run import ImportRun
from leads.models.intake_door import IntakeDoor
from leads.models.lead import Lead
from leads.models.qualification import Doubt, HandOff, NoGo, Partner
from leads.models.refiled_touch import RefiledTouch
from leads.models.response_policy import ResponsePolicy
from leads.models.source_figure import SourceDay, SourceFigure
from leads.models.spend import Basis, Spend
from leads.models.submission import Submission
from leads.models.touch import Touch, TouchKind
from leads.models.utm_rule import UtmRule

__all__ = [
    "Basis",
    "CallPolicy",
    "Campaign",
    "Doubt",
    "ExcuseReason",
    "FirstContact",
    "HandOff",
    "ImportMapping",
    "ImportMemory",
    "ImportRow",
    "ImportRun",
    "IntakeDoor",
    "Lead",
    "NoGo",
    "Partner",
    "RefiledTouch",
    "ResponsePolicy",
    "SourceDay",
    "SourceFigure",
    "Spend",
    "Submission",
    "Touch",
    "TouchKind",
    "TrackedCall",
    "TrackingNumber",
    "UtmRule",
    "Verdict",
]
