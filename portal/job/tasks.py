"""Tasks of a customer: quotes to answer, invoices to pay, requested documents, appointments to choose or confirm.

Who came by a link sees it as well, and is asked for a code where it is done.
"""

from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.documents.kinds import document_kinds
from portal.access.viewer import Level, PortalViewer
from portal.job.calendar import CustomerCalendar
from portal.job.money import MoneyEntry, money_entries
from portal.job.reading import Coming, RequestedDocument, Story


@dataclass(frozen=True)
class Task:
    """A task for the customer. `act`: label of its button, and its URL."""

    title: str
    text: str
    url: str
    act: str
    icon: str


def tasks_of(story: Story, viewer: PortalViewer, company: str) -> list[Task]:
    """List the tasks: quotes and invoices that wait, then document requests, then appointments."""
    theirs = [one for one in story.asked if viewer.may_answer(story.job, one.person_id)]
    money = money_entries(viewer, story.job, story.calendar)
    tasks = [_money_task(entry, company) for entry in money if entry.waits]
    tasks += [_request_task(_as_named(one, viewer), story.calendar, company) for one in theirs]
    if viewer.may_answer(story.job, None):
        tasks += [_to_book(uid, what, company) for uid, what in story.to_book]
    to_confirm = [one for one in story.coming if one.held_until or not (one.is_confirmed or one.is_being_moved)]
    return tasks + [_to_confirm(one, story.calendar, company) for one in to_confirm]


def _money_task(entry: MoneyEntry, company: str) -> Task:
    url = reverse(entry.page, kwargs={"company": company, "uid": entry.uid})
    return Task(entry.title, f"{entry.amount} · {entry.state}", url, _("Look at it"), entry.icon)


def _as_named(one: RequestedDocument, viewer: PortalViewer) -> RequestedDocument:
    """Return requests with titles the viewer may read: shortened by link for personal data, money or a claim."""
    if viewer.level >= Level.SESSION or not document_kinds()[one.kind].is_private:
        return one
    return replace(one, title=_("We need a document from you"), note="", reason="")


def _request_task(one: RequestedDocument, calendar: CustomerCalendar, company: str) -> Task:
    parts = [one.reason and _("Please send it again: %(reason)s") % {"reason": one.reason}, one.note]
    parts.append(_("By %(day)s.") % {"day": calendar.say(one.due)} if one.due else "")
    url = reverse("portal:request", kwargs={"company": company, "uid": one.uid})
    return Task(one.title, " ".join(filter(None, parts)), url, _("Send it"), "upload")


def _to_book(uid: str, what: str, company: str) -> Task:
    url = reverse("portal:booking", kwargs={"company": company, "uid": uid})
    return Task(_("Choose a time: %(what)s") % {"what": what}, "", url, _("Choose"), "calendar-clock")


def _to_confirm(one: Coming, calendar: CustomerCalendar, company: str) -> Task:
    title = _("Does this time suit you?")
    text = _("%(what)s, %(when)s") % {"what": one.what, "when": calendar.moment(one.offered or one.starts)}
    if one.held_until:
        text = _("%(said)s. We hold it until %(until)s.") % {"said": text, "until": calendar.moment(one.held_until)}
    url = reverse("portal:appointment", kwargs={"company": company, "uid": one.uid})
    return Task(title, text, url, _("Confirm"), "calendar-clock")
