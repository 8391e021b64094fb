"""Connect follow-ups to events, signals and due work."""

from crm.jobs.assignment.wake import drain_when_freed
from crm.jobs.next_step.signals import contact_logged, line_read, line_written
from crm.platform.events.events import on, on_chosen
from crm.platform.models.member import member_zone_changed
from crm.platform.work.due import handler
from followups.assignment import follow_owner
from followups.assignment.distribution import give_out, relieve_longer
from followups.assignment.work import KIND
from followups.automation import discussed_topics, moving_dates
from followups.automation import plan as by_rule
from followups.automation.renewal import take_back_renewals
from followups.bulk import runs  # noqa: F401  registers the kind of run
from followups.conversation_note import follow_notes
from followups.customer_reminders import planning as customer_planning
from followups.customer_reminders.sending import remind_customers
from followups.importing import runs as import_runs  # noqa: F401  registers the kind of run
from followups.lead_follow_up import plan_line, read_line
from followups.models import FollowUp
from followups.models.due_time import MISSED
from followups.models.reminder_plan import REMIND
from followups.neglect import watch
from followups.next_step import (
    accepted_invitation,
    adoption,
    appointments,
    closing,
    customer_absence,
    customer_acts,
    documents,
    logged_contact,
    macros,
)
from followups.notes.notices import tell_noted
from followups.offline.notices import ASK, ask_when_due
from followups.offline.retention import FORGET, delete_old_acts
from followups.recurrence import fill
from followups.reminders.defaults import REPLAN, follow_zone, replan_slice
from followups.reminders.digest import DIGEST, mail_digests
from followups.reminders.notices import tell_missed
from followups.reminders.sending import send_reminders
from followups.sequences import handlers as sequences  # noqa: F401 (connects them)

# Events: a next step that came in on the job itself, a job that is reassigned, lost or dropped, and acts taken back.
on("job.next_step_planned")(adoption.adopt_planned)
on("job.assigned", "job.undone")(follow_owner.follow_job_owner)
on("job.lost", "job.dropped", "job.undone")(closing.close_with_jobs)
on("job.undone")(logged_contact.take_back)

# Events: an occurrence of a series was closed or missed, or its job was closed; the next ones are stored.
on("followup.completed", "followup.cancelled", "followup.missed")(fill.fill_for_events)
on("job.finished", "job.reopened", "job.undone")(fill.fill_for_jobs)

# Events: an appointment is a next step, too.
on(
    *("appointment.booked", "appointment.rescheduled", "appointment.cancelled", "appointment.reopened"),
    *("appointment.completed", "appointment.missed", "appointment.offered", "appointment.released"),
)(appointments.copy_next_steps)

# Events: a document's date comes near, moves, or goes.
on(*documents.EVENTS)(documents.plan_for_documents)

# Events: an out-of-office answer that says when the customer is back.
on("message.received")(customer_absence.postpone_follow_ups)

# Events: an answer of the customer, or a click on a link we sent, where a follow-up waits for it. The portal, which
# stands above, tells of visits itself.
on(customer_acts.ANSWERED)(customer_acts.complete_by_answers)
on(customer_acts.CLICKED)(customer_acts.complete_by_clicks)

# Events: one that may be nobody's, or an absent member's; and those by which a member has room for more.
on("followup.planned", "followup.rescheduled", "followup.reopened", "followup.missed")(give_out)
on("followup.completed", "followup.cancelled", "followup.assigned")(drain_when_freed(KIND))
on("absence.changed")(relieve_longer)

# Events: a note on a conversation that says until when something is wanted, and what becomes of it with the note.
on("ticket.noted", "ticket.note_deleted", "ticket.note_restored")(follow_notes)

# Events: an invitation of somebody else's calendar that we accepted, or not, or that is called off.
on("invitation.answered", "invitation.cancelled")(accepted_invitation.plan_for_invitations)

# Events: a note on a follow-up, of which the colleagues it concerns are told.
on("followup.noted")(tell_noted)

# A macro of conversations.
on("ticket.macro_applied")(macros.plan_for_macros)
on(macros.TAKEN_BACK)(macros.take_back)

# Events: those that make moot what a rule has planned.
on_chosen(by_rule.wanted_events)(by_rule.take_back)

# Events: those that move or clear a date by which a rule has planned.
on_chosen(moving_dates.wanted_events)(moving_dates.follow_dates)
on("followup.reopened")(take_back_renewals)

# Events: the note that closes an appointment, where a trigger asks what was spoken of.
on_chosen(discussed_topics.wanted_events)(discussed_topics.note_topics)

# Events: contact with a customer, which is due again after their cadence, and changes of the cadences.
on(*watch.CONTACT_EVENTS)(watch.watch_contacts)
on(*watch.CADENCE_EVENTS)(watch.watch_all)
handler(watch.NEGLECTED)(watch.find_neglected)
handler(watch.FIRST_LOOK)(watch.mark_neglected)

# Signals: the next step somebody typed on a lead, and a call, text, email or visit that was logged there.
line_written.connect(plan_line, dispatch_uid="followups")
line_read.connect(read_line, dispatch_uid="followups")
contact_logged.connect(logged_contact.complete_planned_contact, dispatch_uid="followups")

# Due work: a follow-up whose time has passed.
handler(MISSED)(FollowUp.miss_all)

# Reminders, and the alert of one that was missed.
handler(REMIND, in_order=True)(send_reminders)
handler(REPLAN, in_slices=True)(replan_slice)
handler(DIGEST)(mail_digests)
member_zone_changed.connect(follow_zone, dispatch_uid="followups")
on("followup.missed")(tell_missed)
on(*customer_planning.EVENTS)(customer_planning.plan_for_events)
handler(customer_planning.REMIND_CUSTOMER)(remind_customers)
# Due work: nobody decided which of two versions stays; and the changes of devices that are old.
handler(ASK)(ask_when_due)
handler(FORGET)(delete_old_acts)
# Due work: the next occurrence of a series comes near.
handler(fill.FILL)(fill.fill_all)
