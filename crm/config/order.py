"""FEATURE_ORDER: the order in which pages show what apps add (`Feature.order_list`), by the names of the entries.

An entry that isn't listed stands after the others, in the order of the apps and of their own lists.
"""

FEATURE_ORDER = {
    # Areas, then their tabs: a line an area.
    "navigation": """
        reports:home,
        tickets:list, callbacks:list, outbox:list, set_aside:list, ledger:list,
        leads:list, leads:import,
        quotes:list, prices:list,
        followups:list,
        calendar:calendar, weather:weather,
        service:list, service:hand_offs, billing:list, bank:list, commissions:list, issues:list, updates:list,
            documents:list,
        people:list, jobs:duplicates,
        reports:dashboard, tickets:figures, followup_figures:figures, quote_figures:figures,
            receivables:figures, leads:sources, calls:list, reports:work, updates:satisfaction, reviews:list,
            updates:figures, outbox:figures, jobs:quality, reports:past, reports:mailed,
        automation:rules, sequences:list, sequences:enrolments, comms:templates, automation:log, automation:map,
            automation:preview,
        health, settings, exports
    """,
    "frame": "jobs:search, notices",
    # A line a group of the settings.
    "settings": """
        organization, brands, calendars, configuration,
        members, teams, roles, tickets:departed_mail, jobs:assignment, jobs:skills, jobs:territories, jobs:workload,
            jobs:absences,
        jobs:pipelines, jobs:levels, intake:doors, intake:submissions, leads:response, jobs:sources, leads:campaigns,
            leads:spend, leads:tracking, leads:unmatched,
            leads:links, jobs:fields, jobs:tags, jobs:lost_reasons, followups:kinds, calendar:types,
            video_meetings:zoom,
            leads:no_gos, leads:partners, quotes:terms, quotes:templates, prices:units, prices:kits, prices:suppliers,
            taxes:rates, taxes:classes,
        service:templates, issues:limits, service:claim_mails, documents:kinds, tickets:sla, tickets:policy,
        comms:channels, comms:mailbox_policy, comms:text_prices, recordings:policy, comms:templates, tickets:macros,
            ledger:switches,
        portal_access:roles, updates:policy,
        automation:points, assistant:settings, connections:connections, webhooks:webhooks, api_tokens:tokens,
            api_tokens:events, api_tokens:recipes,
        health, security, access_log, parked, comms:unread
    """,
    "permissions": """
        leads, tickets, comms, followups, appointments, documents, quotes, billing, service, portal, updates, reports,
            data, files,
        settings, daily
    """,
    # By the permission that lets members see the rows.
    "visible_counts": "jobs.view, followups.view, quotes.view, appointments.view, documents.view",
    "first_steps": "leads:import, jobs:pipelines, members, calendars, brands",
    "own_pages": """
        notice_settings, followups:reminders, followups:device, comms:own_mailboxes, connected_calendars:calendars,
        connected_apps:apps,
        calendar:feed, own_photo
    """,
    "notices": """
        job.assigned, lead.offered, ticket.assigned, lead.taken, lead.unanswered,
        note.mention, ticket.mention, ticket.missed, followup.reminder, followup.missed, followup.note,
        followup.came_back, followup.to_decide, followup.was_decided,
        customer.neglected,
        job.unmoved, appointment.changed, ticket.unmoved, appointment.asked, appointment.released,
        calendar.conflict, calendar.broken, mailbox.broken,
        message.written, message.written_on_page,
        rule.escalated, rule.told, connection.failed, connection.still_failing, connection.passed_on,
            connection.refused, webhook.lost, webhook.disabled, rule.paused, message.failed,
        document.sent, document_request.overdue, update.missed,
        portal.link_forwarded, portal.shared, document_request.unsent,
        inbound.parked, work.parked, submission.parked, health.stopped, health.works,
        quote.to_approve, quote.approval_late, quote.decided, quote.answered, quote.asked, quote.viewed,
        handoff.opened, handoff.answered, handoff.unanswered, issue.to_approve, claim_mail.parked, handoff.asked,
            handoff.told, review.low,
        payment.received, invoice.to_bill, payment_promise.broken, invoice.very_late, refund.to_approve,
        payment.not_moved, commission_statement.drafted
    """,
    "palette": "in_hand, leads, people, messages, saved_views, tickets, actions, settings, new_lead",
    "palette_actions": """
        leads:open, quotes:new, intake:log, followups:plan, calendar:book, comms:new_template, notice_settings,
            followups:reminders, followups:device, recent_changes,
        preferences, look
    """,
    # Everywhere, in a list, in the follow-ups, in a conversation, in the list of calls, in the updates.
    "shortcuts": """
        Ctrl K, /, ?, F8, Esc, g h, g c, g i, g l, g f, g j, g k, g u, g d, g p, g r, g t, g q, g s, g n,
        j, k, o, x, n, e, m, s, a, p, l, r within rowbar, r within ways, h, d, w,
        c, t, r, w within follow-ups,
        1 within call-card, 2 within call-card, 3 within call-card, 4 within call-card, 5 within call-card,
            6 within call-card, n within call-card, s within call-card, z within call-card, c within call-card,
        Ctrl/⌘ Enter within inbox, Esc within inbox, r within inbox, n within inbox, e within inbox, s within inbox,
            c r within inbox, c n within inbox, c m within inbox, # within inbox,
        r within callbacks, n within callbacks, m within callbacks,
        a within updates, e within updates, s within updates, x within updates, t within updates
    """,
    "health": """
        parts, schema, waiting, pages, files, channels, calendars, parked, rules, rule_times, quality, factors, backup,
        restore, devices, hours, books, connections
    """,
    "checklist": """
        error_pages, integrations, channels_tried, intake_tried, workflows, data, roles, training, second_place,
        phones, privacy, stop_tried
    """,
    "parked": "queues, messages, submissions, connections, webhooks",
    "overrides": "stops, members, rules, legal_holds, paused_rules",
    # By the record they are about.
    "triggers": """
        job.opened, job.entered, job.told_step, job.portal_visited, job.left, job.assigned, job.contacted, job.heard,
            job.late, job.message_failed, job.message_dropped, job.clicked, job.message_sent, job.message_delivered,
            job.quote_sent, job.quote_viewed, job.quote_accepted, job.quote_declined, job.quote_expired,
            job.paused, job.survey_answered, job.finished, job.milestone_reached, job.milestone_asks, job.lost,
            appointment.booked, lead.won, appointment.confirmed, job.reopened, appointment.rescheduled,
            appointment.asked, appointment.cancelled, appointment.completed, appointment.missed, job.discussed,
            appointment.released, job.prioritized, job.document_accepted, job.document_added, job.document_shown,
        job.stays, job.no_status, job.unanswered, job.silent, job.their_move, job.done_since, job.lost_since,
            job.next_step, job.appointment, job.milestone, job.appointment_of, job.work_begins, job.work_ends,
            job.maintenance_due, job.warranty_ends, job.round, job.own_date,
            job.expected, job.document_due,
        person.own_date,
        property.own_date,
        document.added, document.replaced, document.expires,
        ticket.created, ticket.received, ticket.upset, ticket.missed, ticket.solved, ticket.reopened,
            ticket.unanswered, ticket.their_move, ticket.solved_since,
        followup.completed, followup.missed, followup.due,
        update.missed, update.unseen
    """,
    "rule_actions": """
        message.send, message.draft, followup.plan, tell, escalate,
        job.move, job.assign, job.distribute, job.prioritize, job.turn,
        ticket.assign, ticket.team, ticket.prioritize, ticket.tag, ticket.stand,
        webhook.call
    """,
    "stop_signals": """
        job.heard, ticket.received, update.sent, job.contacted, ticket.replied, job.moved, ticket.ended, job.ended,
        job.clicked, job.message_failed, job.quote_answered, job.paid,
        job.taken_up, document.taken_up, ticket.taken_up, customer_update.taken_up
    """,
    "template_variables": """
        customer.first_name, customer.name, customer.company, sender.first_name, sender.name,
        brand.name, brand.phone, brand.phone_link, brand.email,
        job.number, job.status, job.value, job.next_step, lead.reply_by,
        property.street, property.city, property.address,
        appointment.date, appointment.time, appointment.what, appointment.who, appointment.link,
            appointment.meeting_link, appointment.held_until,
        today.date, survey.link, portal.link, portal.code, document.title, document.until, document.note,
        crew.name, portal.sharer, crew.minutes,
        quote.number, quote.title, quote.total, quote.until, quote.link,
        update.happened, update.next, update.needed, update.short, update.status, update.status_text,
            update.milestone, update.next_milestone, update.next_milestone_day, notice.text
    """,
    "key_fields": "leads, documents, own_fields",
    "personal_data": """
        appointments, messages, documents, quotes, tickets, imports, touches, submissions, hand_offs, followups,
        service, notes, portal, places, points
    """,
    # A section of the configuration file stands after those it refers to.
    "configuration": """
        organization, calendars, brands, teams, skills, territories,
        document_kinds, fields, tags, sources, campaigns, tracking_words,
        phases, pipelines, lost_reasons, assignment_rules, workload,
        senders, message_limits, recordings, member_mailboxes, templates,
        appointment_types, follow_up_types, follow_up_templates, reminders, customer_reminders, contact_cadences,
        sequences, triggers, triggers_policy, priority_points, not_our_work, first_answer,
        macros, response_times, conversations,
        tax_classes, quote_terms, discount_limits, price_units, suppliers, billing_terms, late_invoices, bookkeeping,
        approval_limits, project_templates, portal_roles, updates, saved_minutes
    """,
    "book": """
        organization, calendars, roles, pipelines, lost_reasons, triggers, sequences, templates, channels, lists
    """,
    "holdings": "jobs, appointments, followups, tickets, private tickets",
}
