"""Kind: the built-in types of follow-ups, each with its icon and how long it takes."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.jobs.models import PipelineType


class Kind(models.TextChoices):
    """A built-in type of follow-up. The value is also what the job's copy of its next step stores."""

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
        """The name of its icon in the sprite."""
        return _ICONS.get(self, "clock")

    @property
    def pipeline_types(self) -> frozenset[str]:
        """The types of pipelines it fits: what papers and tests need is of no use to a roofer."""
        if self in _OF_CASES:
            return frozenset({PipelineType.CASES})
        return frozenset(PipelineType.values)

    @property
    def minutes(self) -> int:
        """How many minutes it usually takes."""
        return _MINUTES.get(self, 15)

    @classmethod
    def of(cls, value: str) -> "Kind":
        """Return the type with this value; a task for any other word."""
        if value in cls.values:
            return cls(value)
        return cls.TASK


_OF_CASES = (Kind.APPLICATION, Kind.VISA, Kind.TEST, Kind.COMPLIANCE)
_ICONS = {
    Kind.CALL: "phone",
    Kind.EMAIL: "mail",
    Kind.TEXT: "message-square-more",
    Kind.WHATSAPP: "message-circle-more",
    Kind.VIDEO: "video",
    Kind.MEETING: "users",
    Kind.VISIT: "calendar",
    Kind.QUOTE: "file-text",
    Kind.PAYMENT: "banknote",
    Kind.DOCUMENTS: "file-text",
    Kind.APPLICATION: "file-text",
    Kind.VISA: "file-text",
    Kind.TEST: "file-text",
    Kind.COMPLIANCE: "list-checks",
    Kind.SERVICE: "house",
}
_MINUTES = {
    Kind.CALL: 15,
    Kind.EMAIL: 10,
    Kind.TEXT: 5,
    Kind.WHATSAPP: 5,
    Kind.VIDEO: 30,
    Kind.MEETING: 60,
    Kind.VISIT: 60,
    Kind.QUOTE: 30,
    Kind.DOCUMENTS: 30,
}
