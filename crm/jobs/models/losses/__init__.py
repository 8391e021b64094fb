"""Why jobs are lost or dropped: the reasons that can be chosen, and what was chosen."""

from crm.jobs.models.losses.lost_case import LostCase
from crm.jobs.models.losses.lost_reason import Asks, Ends, LostReason

__all__ = ["Asks", "Ends", "LostCase", "LostReason"]
