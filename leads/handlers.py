"""Register what leads hear of, and their due work: imports continue, slice by slice."""

from crm.jobs.assignment.wake import freed
from crm.platform.events.events import on
from leads.assignment import KIND
from leads.importing import runs  # noqa: F401 (handles its own slices)

on("job.finished", "job.lost", "job.dropped", "job.assigned")(freed(KIND))
