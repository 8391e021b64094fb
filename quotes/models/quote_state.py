"""QuoteState: what stands between us and the customer about a quote; and reasons why customers decline."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class QuoteState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SENT = "sent", _("Waiting for the customer")
    ACCEPTED = "accepted", pgettext_lazy("quote", "Accepted")
    DECLINED = "declined", pgettext_lazy("quote", "Declined")
    EXPIRED = "expired", _("Expired")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# In these the customer has, or had, a version of it.
WAS_SENT = (QuoteState.SENT, QuoteState.ACCEPTED, QuoteState.DECLINED, QuoteState.EXPIRED, QuoteState.WITHDRAWN)


# The customer or time has decided these; what we took back is not among them.
DECIDED = (QuoteState.ACCEPTED, QuoteState.DECLINED, QuoteState.EXPIRED)


class OptionTier(models.TextChoices):
    """Where an option stands among those of its quote, by price: good, better, best."""

    ONLY = "only", _("One price, no options")
    LOWEST = "lowest", _("Lowest price")
    MIDDLE = "middle", _("In between")
    HIGHEST = "highest", _("Highest price")


class DeclineReason(models.TextChoices):
    PRICE = "price", _("The price")
    SCHEDULE = "schedule", _("The date is too far away")
    OTHER_COMPANY = "other_company", _("Another company")
    NOT_NOW = "not_now", _("Not now")
    SCOPE = "scope", _("It isn’t what was wanted")
    OTHER = "other", _("Another reason")
