"""Subscribers and due handlers of service."""

from crm.platform.events.events import on
from crm.platform.work.due import handler
from service.arrivals import telling
from service.assets.warranty_calls import WARRANTY_CALLS, replace_warranty_calls
from service.claims import claim_mails
from service.claims.features import tell_parked
from service.hand_offs import items, lateness, notices, sale
from service.issues import features as issues
from service.models.hand_off import FAR, LATE
from service.projects import actual_days, papers

# What is sold opens a hand-off; what is not sold after all, lost or dropped withdraws it.
on("lead.won")(sale.open_sold)
on("lead.win_withdrawn")(sale.withdraw_unsold)
on("job.lost", "job.dropped")(sale.withdraw_ended)
on("job.reopened")(sale.follow_reopened)
# What a seller owes is there once its follow-up is done.
on("followup.completed", "followup.reopened")(items.follow)

# What the customer is asked for when the job is set up.
on("project.started")(papers.ask_for_papers)
on("project.withdrawn")(papers.withdraw_papers)
# What the work took stands beside what was said.
on("project.started", "project.scheduled")(actual_days.note_planned_days)
on("project.finished")(actual_days.note_days)

# What carriers write of claims.
on("message.received")(claim_mails.file_mails)
on("claim_mail.parked")(tell_parked)
on("ticket.marked_spam")(claim_mails.forget_spam)

# What the customer hears of the crew.
on(*telling.KEYS)(telling.tell)

# Whom it concerns.
on("handoff.opened", "handoff.resubmitted")(notices.tell_opened)
on("handoff.accepted", "handoff.returned")(notices.tell_answered)
on("handoff.asked")(notices.tell_asked)
on("handoff.told")(notices.tell_told)
on("issue.offered")(issues.tell_to_approve)
on("handoff.far_overdue")(notices.tell_unanswered)

# Due work: an answer that is late, and far too late.
handler(LATE)(lateness.note_late)
handler(FAR)(lateness.note_far)
# After an update, once: warranties have a trigger.
handler(WARRANTY_CALLS)(replace_warranty_calls)
