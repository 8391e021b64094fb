"""Descriptions of events of taxes."""

from django.utils.translation import gettext_lazy as _

from crm.web.timeline.event_words import EventWords

EVENT_WORDS = [
    EventWords("tax_class.added", "percent", _("added a tax class")),
    EventWords("tax_class.edited", "percent", _("changed a tax class")),
    EventWords("tax_class.archived", "percent", _("archived a tax class")),
    EventWords("tax_class.restored", "percent", _("restored a tax class")),
    EventWords("tax_class.made_default", "percent", _("made a tax class the default")),
    EventWords("person.tax_number_set", "percent", _("changed the customer’s VAT number")),
    EventWords("tax_rate.set", "percent", _("set a tax rate")),
    EventWords("tax_rate.removed", "percent", _("removed a tax rate")),
]
