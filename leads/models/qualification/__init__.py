"""Models of qualification: partners, conditions of work we do not do, doubts about leads, and hand-offs."""

from leads.models.qualification.disqualification_review import Doubt
from leads.models.qualification.hand_off import HandOff
from leads.models.qualification.no_go import NoGo
from leads.models.qualification.partner import Partner

__all__ = ["Doubt", "HandOff", "NoGo", "Partner"]
