"""What follow-ups hear of, what they answer in the same request, and what they do when a time comes."""

from crm.platform.events.events import on
from crm.platform.work.due import handler
from followups.assignment import follow_owner
from followups.lead_follow_up import plan_first
from followups.models.follow_up import MISSED
from followups.next_step import adoption
from followups.reminders import missed
from leads.first_step import line_written

# Heard: a next step that came in on the job itself, and a job that changes hands.
on("job.next_step_planned")(adoption.adopt_planned)
on("job.assigned", "job.undone")(follow_owner.follow)

# Answered: the next step somebody wrote while opening a lead.
line_written.connect(plan_first, dispatch_uid="followups")

# Done later: the hour of a promise that passed.
handler(MISSED)(missed.miss)
