"""Several beats at once, so that a machine with one may be lost: each task is sent by the first that comes to it.

The key that it takes is in the broker, so a beat that cannot take it could not send either, and the clocks of the
machines do not matter.
"""

from typing import Any

from celery.beat import ScheduleEntry, Scheduler

# The share of an interval for which the others keep still. Over a half: two beats then settle on one of them. Under
# one: a beat that is a little late does not miss its turn.
SHARE = 0.6


class SharedScheduler(Scheduler):
    """A scheduler in memory that leaves a task out if another beat has just sent it."""

    def apply_async(self, entry: ScheduleEntry, producer: Any = None, advance: bool = True, **kwargs: Any) -> Any:
        """Send the task of an entry, if it is this beat's turn. Raises SchedulingError, or the broker's errors."""
        if not self._take_turn(entry):
            return None
        return super().apply_async(entry, producer=producer, advance=advance, **kwargs)

    def _take_turn(self, entry: ScheduleEntry) -> bool:
        milliseconds = int(entry.schedule.run_every.total_seconds() * 1000 * SHARE)
        broker = self.connection.default_channel.client
        return bool(broker.set(f"beat:{entry.name}", 1, nx=True, px=milliseconds))
