"""Units that a new organization starts with, in the measures of its country."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crm.platform.organization.configuration import directory
from quotes.prices.models import PriceUnit
from quotes.prices.models.price_unit import PIECE

# Where lengths are in feet.
_FEET = frozenset({"US", "LR", "MM"})


def create_units() -> None:
    """Create the units, unless the tenant has some. Idempotent."""
    if PriceUnit.objects.exists():
        return
    units = {_("piece"): PIECE, pgettext("unit", "job"): "LS", _("hour"): "HUR", _("day"): "DAY"}
    if directory().tenant.country in _FEET:
        units |= {_("ft"): "FOT", _("sq ft"): "FTK", _("sq"): "SQR", _("sheet"): "ST"}
    else:
        units |= {_("m"): "MTR", _("m²"): "MTK", _("kg"): "KGM"}
    for name, code in units.items():
        PriceUnit.add(name, code=code, by=None)
