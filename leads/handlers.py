"""Connect leads to events and due work: continue imports in slices, and process submissions."""

from comms.call_notes import call_notes_asked
from comms.channel_source import channel_source_asked
from comms.inbound.inbound_result import notice_asked
from comms.inbound.messaging.calls import call_ended
from crm.jobs.assignment.wake import drain_when_freed
from crm.jobs.creation.job_creation import job_opened
from crm.platform.events.events import on, on_chosen
from crm.platform.work import due, due_io
from leads import sale
from leads.assignment import KIND
from leads.calls import call_entries, judgement, numbers
from leads.importing import owners, runs  # noqa: F401 (runs handles its own slices)
from leads.intake import arrival, notices, reading, retention
from leads.intake.mail import portals
from leads.intake.posts import meta, providers
from leads.message_lead import of_message
from leads.qualification import disqualification, hand_on
from leads.response import chain, first_contact
from leads.sources import funnel
from leads.sources.kept import upkeep

job_opened.connect(of_message, dispatch_uid="leads")
call_ended.connect(judgement.judge_call, dispatch_uid="leads")
channel_source_asked.connect(numbers.source_of_number, dispatch_uid="leads")
call_notes_asked.connect(call_entries.note_calls, dispatch_uid="leads")
job_opened.connect(first_contact.expect, dispatch_uid="first contact")
on(*first_contact.EVENTS)(first_contact.hear)
on("job.assigned")(chain.note_taken)
on_chosen(disqualification.wanted_events)(disqualification.hear)
on("job.undone", "job.reopened")(hand_on.take_back)
due.handler(first_contact.CLIMB)(chain.climb)
on("job.finished", "job.lost", "job.dropped", "job.assigned")(drain_when_freed(KIND))
on("job.moved")(sale.follow_moves)
on("job.moved")(funnel.follow_moves)
on("pipeline.quoted_from")(funnel.recount_soon)
due.handler(funnel.RECOUNT, in_slices=True)(funnel.recount)
on("job.undone")(sale.follow_undone)
on(*upkeep.EVENTS)(upkeep.hear)
on("person.merged", "person.taken_apart")(upkeep.hear_of_people)
due.handler(upkeep.REFRESH, in_slices=True)(upkeep.DAYS.refresh)
on("import.finished", "import.cancelled", "import.failed")(owners.give_out)
due.handler(arrival.READ, at_once=reading.AT_ONCE, in_order=True)(reading.read_waiting)
due.register_interval_kinds(arrival.READ)
due.handler(retention.FORGET)(retention.forget)
due_io.handler(providers.FETCH, when_parked=meta.give_up)(meta.fetch)
notice_asked.connect(portals.is_of_portal, dispatch_uid="leads")
on("message.received")(portals.take_in)
on("submission.parked")(notices.tell_parked)
