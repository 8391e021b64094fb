"""Events of public records that are not for programs: talk among colleagues, what only concerns how we work."""

WITHHELD = frozenset(
    """
    appointment.asked appointment.offered appointment.released appointment.unconfirmed
    claim_mail.ignored claim_mail.parked claim_mail.taught
    document.classified document.dated document.hidden document.renamed document.shown document.undone
    followup.completion_set followup.edited followup.imported followup.moved followup.note_deleted
        followup.note_edited followup.note_restored followup.noted followup.prioritized followup.reminders_set
        followup.started followup.stopped
    handoff.asked handoff.far_overdue handoff.item_brought handoff.item_owed handoff.item_ticked
        handoff.item_unticked handoff.overdue handoff.promise_added handoff.promise_answered
        handoff.promise_removed handoff.resubmitted handoff.told handoff.undone handoff.withdrawn
    invoice.asked invoice.discarded invoice.edited
    issue.offered issue.undone
    job.clock_moved job.discussed job.removed
    lead.doubt_settled lead.estimated lead.filled_in lead.hand_on_withdrawn lead.taken
    message.accepted message.call_taken_back message.call_wanted message.called message.complained
        message.copy_bounced message.dropped message.edited message.held message.listened message.reacted
        message.released message.retried message.revoked message.set_aside message.unknown
    milestone.added milestone.described milestone.hidden milestone.shown milestone.undone
    note.pinned note.unpinned
    payment.fee_booked
    person.language_chosen person.merged_away person.parted person.profiling_allowed person.profiling_objected
        person.restored person.rules_switched_off person.rules_switched_on person.tax_number_set
    project.given project.undone project.withdrawn
    quote.approval_overdue quote.asked quote.change_requested quote.compared quote.discarded quote.draft_dropped
        quote.edited quote.forwarded quote.review_overdue quote.review_requested quote.undone
    ticket.accepted ticket.answered_privately ticket.archived ticket.attached ticket.clock_moved ticket.end_moved
        ticket.hold_lifted ticket.hold_placed ticket.macro_applied ticket.macro_undone
        ticket.marked_spam
        ticket.merged ticket.missed ticket.note_deleted ticket.note_edited ticket.note_pinned ticket.note_restored
        ticket.note_unpinned ticket.noted ticket.notified ticket.participant_added ticket.participant_confirmed
        ticket.participant_removed ticket.person_changed ticket.received_merge ticket.role_changed ticket.shared
        ticket.split ticket.tagged ticket.taken_over ticket.team_changed ticket.turned ticket.undone ticket.woken
    """.split()
)
