"""Models of lost jobs: the reasons to choose from, and the chosen reason of each job."""

from crm.jobs.models.losses.lost_case import LostCase
from crm.jobs.models.losses.lost_reason import Asks, Ends, LostReason

__all__ = ["Asks", "Ends", "LostCase", "LostReason"]
