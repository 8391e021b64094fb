"""The models of service."""

from service.models.approval_limit import ApprovalLimit
from service.models.arrival import Arrival
from service.models.asset import Asset
from service.models.booking_request import BookingRequest
from service.models.claims import ClaimField, ClaimMail, ClaimMailRule, ClaimMailState, ClaimStatus, JobClaim
from service.models.field_photo import FieldPhoto
from service.models.hand_off import HandOff
from service.models.hand_off_answer import UNANSWERED, HandOffState, ReturnReason
from service.models.hand_off_item import HandOffItem
from service.models.hand_off_question import HandOffQuestion
from service.models.issue import Issue
from service.models.milestone import Milestone
from service.models.progress_report import ProgressReport
from service.models.project import Project
from service.models.project_template import ProjectTemplate
from service.models.promise import Promise
from service.models.weather import Forecast, HeldAppointment, WeatherHold

__all__ = [
    "UNANSWERED",
    "ApprovalLimit",
    "Arrival",
    "Asset",
    "BookingRequest",
    "ClaimField",
    "ClaimMail",
    "ClaimMailRule",
    "ClaimMailState",
    "ClaimStatus",
    "FieldPhoto",
    "Forecast",
    "HandOff",
    "HandOffItem",
    "HandOffQuestion",
    "HandOffState",
    "HeldAppointment",
    "Issue",
    "JobClaim",
    "Milestone",
    "ProgressReport",
    "Project",
    "ProjectTemplate",
    "Promise",
    "ReturnReason",
    "WeatherHold",
]
