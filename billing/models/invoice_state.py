"""The kinds and states of an invoice."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class InvoiceKind(models.TextChoices):
    DEPOSIT = "deposit", _("Deposit")
    PROGRESS = "progress", _("Progress invoice")
    FINAL = "final", _("Final invoice")
    CREDIT = "credit", _("Credit note")


class InvoiceState(models.TextChoices):
    """Overdue is no state: it follows from the day it is due (docs/rules.md#ageing)."""

    DRAFT = "draft", _("Draft")
    ISSUED = "issued", pgettext_lazy("invoice", "Open")
    PARTLY = "partly", _("Partly paid")
    PAID = "paid", _("Paid")
    VOID = "void", _("Credited")


# An invoice of these states is owed; a credit note of them can still be used.
OPEN_STATES = (InvoiceState.ISSUED, InvoiceState.PARTLY)
