"""Connect sequences to events and due work."""

from crm.platform.events.events import on, on_chosen
from crm.platform.work.due import handler
from followups.sequences.engine import message_outcome, reactions, recalculation, states, switching, walk
from followups.sequences.member_acts import undo_entries_or_ends
from followups.sequences.models.enrolment import enrolments_undone
from followups.sequences.models.sequence import sequence_switched
from followups.sequences.moving import runs  # noqa: F401 (registers the run)

# What may end, pause or resume an enrolment.
on_chosen(reactions.wanted_events)(reactions.judge_again)
on(*reactions.SWITCHES)(reactions.judge_switched)

# A follow-up of a step is done.
on("followup.completed", "followup.cancelled")(reactions.follow_tasks)

# What became of a step's message.
on(*message_outcome.EVENTS)(message_outcome.note_outcomes)

# Edits of calendars move waits.
on("calendar.changed")(recalculation.after_calendar)
on("brand.edited", "calendar.made_default", "tenant.edited")(recalculation.after_brand)

# Due work.
handler(states.STEP)(walk.walk_due)
handler(recalculation.RECOUNT, in_slices=True)(recalculation.recount_calendars)
handler(switching.FOLLOW, in_slices=True)(switching.follow_slice)

enrolments_undone.connect(undo_entries_or_ends, dispatch_uid="sequences")
sequence_switched.connect(switching.follow_switch, dispatch_uid="sequences")
