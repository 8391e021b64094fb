"""Kind: the built-in types of follow-ups, each with its icon and how long it takes."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.jobs.models import PipelineType


class FollowUpKind(models.TextChoices):
    """A built-in type of follow-up. Its value is also stored in the job's copy of its next step."""

    CALL = "call", _("Call")
    EMAIL = "email", _("Email")
    TEXT = "text", pgettext_lazy("send", "Text")
    WHATSAPP = "whatsapp", _("WhatsApp")
    VIDEO = "video", _("Video call")
    MEETING = "meeting", _("Meeting in person")
    VISIT = "visit", _("Visit")
    QUOTE = "quote", _("Quote")
    PAYMENT = "payment", _("Payment")
    DOCUMENTS = "documents", _("Document review")
    APPLICATION = "application", _("Application status")
    VISA = "visa", _("Visa status")
    TEST = "test", _("Test scores")
    COMPLIANCE = "compliance", _("Compliance check")
    SERVICE = "service", _("Service")
    TASK = "task", _("Task")

    @property
    def icon(self) -> str:
        """The name of its icon in the SVG sprite."""
        return _ICONS.get(self, "clock")

    @property
    def pipeline_types(self) -> frozenset[str]:
        """The types of pipelines that this type is offered in."""
        if self in _OF_CASES:
            return frozenset({PipelineType.CASES})
        return frozenset(PipelineType.values)

    @property
    def minutes(self) -> int:
        """How many minutes it usually takes."""
        return _MINUTES.get(self, 15)

    @classmethod
    def of(cls, value: str) -> "FollowUpKind":
        """Return the type with this value; a task for any other value."""
        if value in cls.values:
            return cls(value)
        return cls.TASK


_OF_CASES = (FollowUpKind.APPLICATION, FollowUpKind.VISA, FollowUpKind.TEST, FollowUpKind.COMPLIANCE)
_ICONS = {
    FollowUpKind.CALL: "phone",
    FollowUpKind.EMAIL: "mail",
    FollowUpKind.TEXT: "message-square-more",
    FollowUpKind.WHATSAPP: "message-circle-more",
    FollowUpKind.VIDEO: "video",
    FollowUpKind.MEETING: "users",
    FollowUpKind.VISIT: "calendar",
    FollowUpKind.QUOTE: "file-text",
    FollowUpKind.PAYMENT: "banknote",
    FollowUpKind.DOCUMENTS: "file-text",
    FollowUpKind.APPLICATION: "file-text",
    FollowUpKind.VISA: "file-text",
    FollowUpKind.TEST: "file-text",
    FollowUpKind.COMPLIANCE: "list-checks",
    FollowUpKind.SERVICE: "house",
}
_MINUTES = {
    FollowUpKind.CALL: 15,
    FollowUpKind.EMAIL: 10,
    FollowUpKind.TEXT: 5,
    FollowUpKind.WHATSAPP: 5,
    FollowUpKind.VIDEO: 30,
    FollowUpKind.MEETING: 60,
    FollowUpKind.VISIT: 60,
    FollowUpKind.QUOTE: 30,
    FollowUpKind.DOCUMENTS: 30,
}
