"""The models of service."""

from service.models.field_photo import FieldPhoto
from service.models.hand_off import UNANSWERED, HandOff, HandOffState, ReturnReason
from service.models.hand_off_item import HandOffItem
from service.models.milestone import Milestone
from service.models.project import Project
from service.models.project_template import ProjectTemplate
from service.models.promise import Promise

__all__ = [
    "UNANSWERED",
    "FieldPhoto",
    "HandOff",
    "HandOffItem",
    "HandOffState",
    "Milestone",
    "Project",
    "ProjectTemplate",
    "Promise",
    "ReturnReason",
]
