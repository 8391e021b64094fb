"""The signal of an appointment that changed, answered in the same transaction by the app that writes to customers."""

from django.dispatch import Signal

# It was booked, confirmed, rescheduled, cancelled, closed or reopened: `appointment`, as it is now, and `what`, the
# kind of its event. What was to be said of it before is withdrawn and planned anew, with it or not at all.
appointment_changed = Signal()
