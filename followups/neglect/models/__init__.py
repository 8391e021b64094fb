"""The models of neglected customers."""

from followups.neglect.models.contact_cadence import ContactCadence
from followups.neglect.models.neglect import Neglect

__all__ = ["ContactCadence", "Neglect"]
