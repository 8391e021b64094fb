"""The ten stops of each role, in the order of a day's work."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from demo.tour import rows
from demo.tour.seat import CUSTOMER
from demo.tour.stop import Stop, page, row

LEADS = page("leads:list")
INBOX = page("tickets:list")
PROJECTS = page("service:list")
THEIR_JOB = row("portal:job", "number", rows.job_in_work, "site.street", page("portal:home"))

REP: Sequence[Stop] = (
    Stop(
        _("Every lead has a bar: where it stands, and by colour how long it has waited. The most pressing is on top."),
        LEADS,
    ),
    Stop(
        _("One late lead: its steps, the conversation, and what comes next. Log a call and plan the next step."),
        row("leads:lead", "number", rows.most_pressing_lead, "title", LEADS),
    ),
    Stop(
        _("A new lead that nobody has called yet: its clock for the first contact runs."),
        row("leads:lead", "number", rows.untouched_lead, "title", LEADS),
    ),
    Stop(_("The same leads as a board. Drag a card to the next step, then undo it."), page("leads:board")),
    Stop(
        _("Your follow-ups, by day. Type “call tue 3pm” to plan one, and close one with its outcome."),
        page("followups:list"),
    ),
    Stop(
        _("The inbox: emails, texts, WhatsApp messages and calls, by how long the customer has waited."),
        INBOX,
    ),
    Stop(
        _("A customer waits for an answer. Reply by any channel, or type / for a template."),
        row("tickets:ticket", "number", rows.waiting_conversation, "customer_name", INBOX),
    ),
    Stop(_("Missed calls and calls to make, in one list."), page("callbacks:list")),
    Stop(
        _("Your calendar: nobody is booked twice, and customers are reminded."), page("calendar:calendar", "?view=week")
    ),
    Stop(
        _("A customer’s page: all their leads, one timeline, and how to reach them."),
        row("people:person", "uid", rows.customer_of_lead, "name", page("people:list")),
    ),
)
MANAGER: Sequence[Stop] = (
    Stop(_("Your team’s day: what is late, whose it is, and what changed since yesterday."), page("reports:home")),
    Stop(_("The figures: won and lost, the forecast, and where leads stay too long."), page("reports:dashboard")),
    Stop(_("How long leads wait in each step, against what you allow."), page("reports:ages")),
    Stop(_("What each source costs and brings, down to the campaign."), page("leads:sources")),
    Stop(_("How soon your team answers, by member, channel and priority."), page("tickets:figures")),
    Stop(_("How the work goes: time in each step, ours and the customer’s."), page("reports:work")),
    Stop(_("The list as it was on a past day."), page("reports:past")),
    Stop(_("All leads of the team. Select some and assign them in one go."), LEADS),
    Stop(
        _("An issue with an offer that needs your approval."),
        row("issues:issue", "uid", rows.issue_to_approve, "job.title", page("issues:list")),
    ),
    Stop(_("People who may be the same: merge them, or keep them apart."), page("jobs:duplicates")),
)
SERVICE: Sequence[Stop] = (
    Stop(_("Hand-offs from sales: accept one, or send it back with a reason."), page("service:hand_offs")),
    Stop(
        _("One hand-off: what was promised, the checklist, and which crew is free."),
        row("service:hand_off", "uid", rows.hand_off_to_accept, "job.title", page("service:hand_offs")),
    ),
    Stop(_("Every project with its progress, its crew and what it waits for."), PROJECTS),
    Stop(_("The projects as a board."), page("service:board")),
    Stop(
        _("One project in work: milestones, photos, hours and the customer."),
        row("service:project", "uid", rows.project_on_site, "job.title", PROJECTS),
    ),
    Stop(
        _("The same project on site, made for a phone: photos, notes, done."),
        row("service:field", "uid", rows.project_on_site, "job.title", PROJECTS),
    ),
    Stop(_("Rain is coming: move the visits that cannot be done, and tell the customers."), page("weather:weather")),
    Stop(_("Issues: what went wrong, what was offered, and what it costs."), page("issues:list")),
    Stop(_("Updates to customers: what goes out today, and what you approve first."), page("updates:list")),
    Stop(_("Documents that customers were asked for, and those that have come in."), page("documents:requests")),
)
ADMIN: Sequence[Stop] = (
    Stop(_("The settings: search one by any word."), page("settings")),
    Stop(
        _("A pipeline: its steps, and how long each may take."),
        row("jobs:pipeline", "uid", rows.main_pipeline, "name", page("jobs:pipelines")),
    ),
    Stop(_("What each role may do."), page("roles")),
    Stop(_("Triggers: what happens by itself, and when."), page("automation:rules")),
    Stop(
        _("One trigger: its event, conditions and steps. Test it on one record before you turn it on."),
        row("automation:rule", "uid", rows.active_rule, "name", page("automation:rules")),
    ),
    Stop(_("What the triggers did, or would have done."), page("automation:log")),
    Stop(
        _("A lead that came in and could not be read: map its fields, and it becomes a lead."),
        row("intake:submission", "uid", rows.unread_submission, "door.name", page("intake:submissions")),
    ),
    Stop(_("The outbox: what is about to leave, and what failed. Send it again."), page("outbox:list")),
    Stop(_("Why a message was sent or not: consent, stops, quiet hours and limits."), page("ledger:list")),
    Stop(_("Health: what runs, what waits, and one warning to look at."), page("health")),
)
CUSTOMERS: Sequence[Stop] = (
    Stop(_("Your own page: all your places, with what is going on at each."), page("portal:home")),
    Stop(_("Your job: what is done, what comes next, and when."), THEIR_JOB),
    Stop(
        _("Your messages with the company, in one thread. Write one."),
        row("portal:messages", "number", rows.job_in_work, "site.street", page("portal:newest_messages")),
    ),
    Stop(
        _("Your documents, photos of the work, and what you are asked for: upload it here."),
        row("portal:documents", "number", rows.job_in_work, "site.street", page("portal:newest_documents")),
    ),
    Stop(
        _("One of your documents, to read or to download."),
        row("portal:document", "uid", rows.newest_paper, "title", page("portal:newest_documents")),
    ),
    Stop(
        _("Another job of yours, still a quote: what happens next, and whom to ask."),
        row("portal:job", "number", rows.job_to_come, "site.street", page("portal:places")),
    ),
    Stop(_("How and how often you want to hear from the company."), page("portal:preferences")),
    Stop(_("The first visit: confirm your details, see who works for you."), page("portal:welcome")),
    Stop(_("The devices you are signed in on."), page("portal:devices")),
    Stop(
        _("Your phone and mailbox: see what reached you, answer it, or write as somebody new."),
        page("phone:page"),
    ),
)
TOURS: Mapping[str, Sequence[Stop]] = {
    "rep": REP,
    "manager": MANAGER,
    "service": SERVICE,
    "admin": ADMIN,
    CUSTOMER: CUSTOMERS,
}
