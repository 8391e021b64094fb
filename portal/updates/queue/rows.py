"""Rows of the list of updates: text, sources and due date."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.models import Medium
from crm.platform.organization.configuration import directory
from crm.web.design.look import language_name
from crm.web.reader import Reader
from portal.models import CustomerUpdate
from portal.updates.queue.filters import job_title

_NEGATIVES = {
    "delay": gettext_lazy("a delay"),
    "failed": gettext_lazy("something failed"),
    "cancelled": gettext_lazy("something was called off"),
    "complaint": gettext_lazy("a complaint"),
    "hold": gettext_lazy("it is on hold"),
}
_SOURCES = {
    "step": gettext_lazy("entered the step"),
    "visited": gettext_lazy("appointment held"),
    "partly": gettext_lazy("appointment partly held"),
    "not_possible": gettext_lazy("appointment that could not be held"),
    "nobody_there": gettext_lazy("nobody was there"),
    "cancelled": gettext_lazy("appointment called off"),
    "resumed": gettext_lazy("work goes on"),
    "held": gettext_lazy("work on hold"),
    "milestone": gettext_lazy("milestone"),
    "milestone_done": gettext_lazy("milestone"),
    "photos": gettext_lazy("photos"),
    "documents": gettext_lazy("documents"),
    "visit": gettext_lazy("appointment to come"),
    "confirm": gettext_lazy("appointment to confirm"),
    "document": gettext_lazy("document we ask for"),
    "take_off": gettext_lazy("the work could not begin"),
}


@dataclass(frozen=True)
class UpdateRow:
    """One update as the list shows it."""

    update: CustomerUpdate
    title: str
    url: str
    job_url: str
    who: str
    due: str
    due_css: str
    state: str
    language: str
    medium: str
    proposed: str
    # What it is built from, and the bad news in it.
    sources: tuple[str, ...]
    negatives: tuple[str, ...]
    # What became of it: "Seen Tue, 3:00 PM".
    became: tuple[str, ...]
    # Other places of theirs that are told in it.
    places: int = 0

    @property
    def is_draft(self) -> bool:
        return self.update.state == CustomerUpdate.State.DRAFT


def rows(found: Iterable[CustomerUpdate], reader: Reader, slug: str) -> Iterator[UpdateRow]:
    """Build the rows of updates; related rows are read once."""
    updates = list(found)
    prefetch_related_objects(updates, "job__site", "person", "message")
    told_within: dict[int, int] = {}
    for digest_id in CustomerUpdate.objects.filter(digest__in=updates).values_list("digest_id", flat=True):
        told_within[digest_id] = told_within.get(digest_id, 0) + 1
    for update in updates:
        yield _build_row(update, reader, slug, told_within.get(update.pk, 0))


def _build_row(update: CustomerUpdate, reader: Reader, slug: str, places: int) -> UpdateRow:
    members = directory().members
    due, css = _due_words(update, reader)
    return UpdateRow(
        update=update,
        title=job_title(update),
        url=reverse("updates:update", args=[slug, update.uid]),
        job_url=reverse("leads:lead", args=[slug, update.job.number]),
        who=members[update.member_id].name if update.member_id in members else "",
        due=due,
        due_css=css,
        state=str(CustomerUpdate.State(update.state).label),
        language=language_name(update.language),
        medium=str(Medium(update.medium).label) if update.medium else "",
        proposed=str(Medium(update.proposed_medium).label) if update.proposed_medium else "",
        sources=tuple(_source_words(source, reader) for source in update.sources),
        negatives=tuple(str(_NEGATIVES.get(code, code)) for code in update.negatives),
        became=tuple(_outcome_words(update, reader)),
        places=places,
    )


def _due_words(update: CustomerUpdate, reader: Reader) -> tuple[str, str]:
    """Return the due date in words, and its CSS class."""
    when = reader.near(update.due_at)
    if update.state != CustomerUpdate.State.DRAFT:
        return when, ""
    if update.due_at <= reader.now:
        return _("Missed: %(when)s") % {"when": when}, "crit"
    return _("due %(when)s") % {"when": when}, ""


def _source_words(source: dict[str, str], reader: Reader) -> str:
    at = source.get("at")
    words = [str(_SOURCES.get(source["kind"], source["kind"])), source.get("what", "")]
    when = ""
    if at:
        when = reader.day(datetime.fromisoformat(at))
    return " · ".join(filter(None, [*words, when]))


def _outcome_words(update: CustomerUpdate, reader: Reader) -> Iterator[str]:
    if update.sent_at:
        yield _("Sent %(when)s") % {"when": reader.near(update.sent_at)}
        if update.is_delivered:
            yield _("Delivered")
        if update.is_opened and not update.seen_at:
            yield _("Opened by a mail program (may be automatic)")
    if update.seen_at:
        how = CustomerUpdate.Seen(update.seen_by).label
        yield _("Seen %(when)s, %(how)s") % {"when": reader.near(update.seen_at), "how": how}
    if update.answered_at:
        yield _("Answered %(when)s") % {"when": reader.near(update.answered_at)}
    if update.reason:
        yield _("Skipped: %(reason)s") % {"reason": update.reason}
