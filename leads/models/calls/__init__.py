"""Call tracking: numbers of sources, the calls on them, and from which length a call counts."""

from leads.models.calls.call_policy import CallPolicy
from leads.models.calls.tracked_call import ExcuseReason, TrackedCall, Verdict
from leads.models.calls.tracking_number import TrackingNumber

__all__ = ["CallPolicy", "ExcuseReason", "TrackedCall", "TrackingNumber", "Verdict"]
