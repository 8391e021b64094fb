"""Descriptions of events of the price book."""

from django.utils.translation import gettext_lazy as _

from crm.web.timeline.event_words import EventWords

EVENT_WORDS = [
    EventWords("price_item.created", "package", _("added an item to the price book")),
    EventWords("price_item.edited", "package", _("changed an item of the price book")),
    EventWords("price_item.archived", "package", _("archived an item of the price book")),
    EventWords("price_item.restored", "package", _("restored an item of the price book")),
    EventWords("price_item.priced", "package", _("set the price of an item")),
    EventWords("price_item.price_withdrawn", "package", _("withdrew a price that had not begun")),
    EventWords("price_item.undone", "undo-2", _("undid a change of an item")),
    # Of the saved undo alone: the events of the items say what it changed.
    EventWords("price_item.imported", "file-up", _("imported prices"), many=_("imported prices")),
    EventWords("price_kit.added", "boxes", _("added a kit")),
    EventWords("price_kit.edited", "boxes", _("changed a kit")),
    EventWords("price_kit.filled", "boxes", _("changed the items of a kit")),
    EventWords("price_kit.archived", "boxes", _("archived a kit")),
    EventWords("price_kit.restored", "boxes", _("restored a kit")),
    EventWords("price_unit.added", "package", _("added a unit")),
    EventWords("price_unit.edited", "package", _("changed a unit")),
    EventWords("price_unit.archived", "package", _("archived a unit")),
    EventWords("price_unit.restored", "package", _("restored a unit")),
    EventWords("supplier.added", "truck", _("added a supplier")),
    EventWords("supplier.edited", "truck", _("changed a supplier")),
    EventWords("supplier.archived", "truck", _("archived a supplier")),
    EventWords("supplier.restored", "truck", _("restored a supplier")),
]
