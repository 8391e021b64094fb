"""Connect follow-ups to events, signals and due work."""

from crm.platform.events.events import on
from crm.platform.work.due import handler
from followups.assignment import follow_owner
from followups.lead_follow_up import plan_first
from followups.models.follow_up import MISSED
from followups.next_step import adoption
from followups.reminders import missed
from leads.first_step import line_written

# Events: a next step that came in on the job itself, and a job that is reassigned.
on("job.next_step_planned")(adoption.adopt_planned)
on("job.assigned", "job.undone")(follow_owner.follow)

# Signals: the next step somebody typed while opening a lead.
line_written.connect(plan_first, dispatch_uid="followups")

# Due work: a follow-up whose time has passed.
handler(MISSED)(missed.miss)
