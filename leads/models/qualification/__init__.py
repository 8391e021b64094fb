"""Models of qualification: partners, what we do not do, which leads that may be, and which were handed on."""

from leads.models.qualification.doubt import Doubt
from leads.models.qualification.hand_off import HandOff
from leads.models.qualification.no_go import NoGo
from leads.models.qualification.partner import Partner

__all__ = ["Doubt", "HandOff", "NoGo", "Partner"]
