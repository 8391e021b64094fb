"""What an issue is about, what can be offered for it, and its states."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class IssueCause(models.TextChoices):
    QUALITY = "quality", _("Quality of the work")
    DAMAGE = "damage", _("Damage")
    DELAY = "delay", _("Delay")
    BILLING = "billing", _("Invoice")
    CONDUCT = "conduct", _("Staff behavior")
    OTHER = "other", _("Something else")


class IssueOffer(models.TextChoices):
    REDO = "redo", _("Redo the work")
    REPAIR = "repair", _("Repair")
    REFUND = "refund", _("Refund")
    DISCOUNT = "discount", _("Discount")
    APOLOGY = "apology", _("Apology")


class IssueState(models.TextChoices):
    OPEN = "open", _("Open")
    TO_APPROVE = "to_approve", _("Waits for approval")
    OFFERED = "offered", _("Offered")
    SOLVED = "solved", _("Solved")
    UNSOLVED = "unsolved", _("Closed without a solution")
