"""Whether a new organization has colleagues, hours and a brand of its own: ticks of the first steps."""

from crm.platform.models import Brand, BusinessCalendar, Invitation
from crm.platform.organization.configuration import directory
from crm.web.shell.first_steps import edited


def has_colleagues() -> bool:
    """Tell whether somebody else is here, or invited."""
    if sum(member.active for member in directory().members.values()) > 1:
        return True
    return bool(Invitation.objects.filter(accepted_at__isnull=True, withdrawn_at__isnull=True).exists())


def has_own_hours() -> bool:
    """Tell whether somebody set the hours."""
    return edited(BusinessCalendar)


def has_own_brand() -> bool:
    """Tell whether the brand says how customers reach it, or was edited."""
    brand = directory().default_brand
    return bool(brand.phone or brand.email) or edited(Brand)
