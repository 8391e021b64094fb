"""Connect jobs to events, signals and due work."""

from crm.jobs import job_clock, notices
from crm.jobs.appointments import notices as appointment_notices
from crm.jobs.assignment import absences, retention, wake
from crm.jobs.bulk import runs  # noqa: F401 (bulk acts, in slices)
from crm.jobs.clock import recalculation
from crm.jobs.creation.job_creation import job_opened
from crm.jobs.models.appointments.appointment import end_holds
from crm.jobs.models.appointments.offer import HOLD_ENDS
from crm.jobs.models.assignment.absence import BEGINS, ENDS
from crm.jobs.models.assignment.availability import BACK
from crm.jobs.pipeline_settings import stage_archive
from crm.jobs.quality import checks
from crm.platform.events.events import on
from crm.platform.models.member import member_seen
from crm.platform.organization.calendar_effects import hours_previewed
from crm.platform.work.due import handler

# Events: edits of calendars, targets and levels, and archived steps.
on("calendar.changed")(recalculation.after_calendar)
on("brand.edited")(recalculation.after_brand)
on("calendar.made_default")(recalculation.after_default)
on("tenant.levels_changed")(recalculation.after_levels)
on("target.changed")(job_clock.after_target)
on("stage.archived")(stage_archive.after_archiving)
# Somebody left, and gave their work to nobody; a rule or a limit was edited.
on(
    "member.deactivated", "assignment_rule.added", "assignment_rule.edited", "assignment_policy.changed", "capacity.set"
)(wake.after_edit)

# An undone correction may bring a flaw back. (The walks of `checks` look for others, in shares.)
on("job.undone")(checks.after_undo)

# Events of which members are told: who was given a lead, whose stands still, who is named in a note.
on("job.assigned")(notices.tell_assigned)
on("job.far_overdue")(notices.tell_unmoved)
on("note.written")(notices.tell_mentioned)

# Signals answered in the request: how many due dates an edited calendar would move.
hours_previewed.connect(job_clock.preview_effect, dispatch_uid="jobs")

# Events of appointments, of which those who come are told.
on("appointment.booked", "appointment.rescheduled", "appointment.cancelled", "appointment.confirmed")(
    appointment_notices.tell_changed
)
on("appointment.asked")(appointment_notices.tell_asked)
on("appointment.released")(appointment_notices.tell_released)

# Signals of the same transaction: a lead opened for somebody else. (No event: each of an import would be queued.)
job_opened.connect(notices.tell_opened, dispatch_uid="jobs")

# Due work; the clocks' own due work is registered in job_clock.py.
handler(stage_archive.FOLLOW)(stage_archive.follow)
handler(BEGINS)(absences.begin)
handler(ENDS)(absences.end)
handler(BACK)(wake.after_back)
handler(HOLD_ENDS)(end_holds)
handler(wake.DRAIN, in_slices=True)(wake.drain_due)
handler(retention.FORGET, in_slices=True)(retention.forget)

# Signals: the first who is seen in the morning finds what waited for somebody.
member_seen.connect(wake.after_seen, dispatch_uid="assignment")
