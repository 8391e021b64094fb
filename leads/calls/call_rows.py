"""Rows of calls: caller, number, campaign, length, verdict and lead, prepared for the templates."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from crm.jobs.models import Job
from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.models import Member
from crm.platform.organization.readable_address import readable_address
from crm.web.reader import Reader
from crm.web.shell.record_pages import record_url
from crm.web.timeline.event_words import name_of
from leads.calls.numbers import all_numbers
from leads.models import ExcuseReason, TrackedCall, Verdict
from leads.sources.setup import campaigns

# The two that are buttons on a call's message; the others are in a menu beside them.
FIRST_REASONS = (ExcuseReason.SPAM, ExcuseReason.WRONG_NUMBER)


@dataclass(frozen=True)
class CallRow:
    """A call as shown in the list and on its message."""

    call: TrackedCall
    caller: str
    number: str
    campaign: str
    when: str
    length: str
    verdict: str
    # Why, where the word alone does not say it, and who decided.
    why: str
    css: str
    lead_title: str
    lead_url: str

    @property
    def caller_css(self) -> str:
        return wrap_css(self.caller)

    @property
    def lead_css(self) -> str:
        return wrap_css(self.lead_title)

    @property
    def can_excuse(self) -> bool:
        return self.call.verdict not in (Verdict.OUTGOING, Verdict.EXCUSED)

    @property
    def can_count(self) -> bool:
        return self.call.first_verdict != Verdict.OUTGOING and self.call.verdict != Verdict.COUNTED

    @property
    def can_decide(self) -> bool:
        return self.can_excuse or self.can_count or self.call.is_decided


def call_rows(calls: Iterable[TrackedCall], member: Member, reader: Reader, slug: str) -> list[CallRow]:
    """Build the rows of calls with their messages; leads are linked for members who may see them. One query."""
    rows = list(calls)
    lead_ids = {row.lead_id for row in rows if row.lead_id}
    jobs = {}
    if lead_ids:
        jobs = {job.pk: job for job in Job.objects.visible_to(member).filter(pk__in=lead_ids)}
    return [_build_row(row, jobs.get(row.lead_id or 0), reader, slug) for row in rows]


def _build_row(call: TrackedCall, job: Job | None, reader: Reader, slug: str) -> CallRow:
    message = call.message
    if message.person:
        caller = message.person.name
    else:
        caller = readable_address(message.address) or _("Caller without a number")
    return CallRow(
        call,
        caller,
        readable_address(all_numbers()[call.number_id].name),
        place_words(call),
        reader.near(call.at),
        length_words(call.seconds),
        call.verdict_words,
        why_words(call),
        _css_of(call),
        job.title if job else "",
        record_url(job, slug) if job else "",
    )


def wrap_css(name: str) -> str:
    """Return the class that keeps a phone number on one line; blank for a name, which has letters."""
    if any(sign.isalpha() for sign in name):
        return ""
    return "nowrap"


def place_words(call: TrackedCall) -> str:
    """Return the source and campaign of a call: "Google Ads · Spring"."""
    source = pipeline_setup().sources[call.source_id].name
    return " · ".join(filter(None, (source, campaigns().name(call.campaign_id))))


def length_words(seconds: int) -> str:
    """Return the length of a call in minutes and seconds: "4:05"; a dash for a missed one."""
    if seconds:
        return f"{seconds // 60}:{seconds % 60:02}"
    return "–"


def why_words(call: TrackedCall) -> str:
    """Return who decided about a call, else the sentence of the rule."""
    if call.decided_by_id:
        return _("%(name)s decided") % {"name": name_of(call.decided_by_id)}
    sentences = {
        Verdict.COUNTED: _("A new caller, long enough"),
        Verdict.MISSED: _("Nobody answered"),
        Verdict.SHORT: _("%(length)s minutes spoken") % {"length": length_words(call.seconds)},
        Verdict.REPEAT: _("They had a lead before this call"),
        Verdict.RETURNED: _("We had called them first"),
        Verdict.OUTGOING: _("We called them"),
        Verdict.EXCUSED: _("The number was marked as spam before"),
    }
    return sentences[Verdict(call.verdict)]


def _css_of(call: TrackedCall) -> str:
    return {Verdict.COUNTED: "won", Verdict.MISSED: "late"}.get(Verdict(call.verdict), "")


def call_note(call: TrackedCall) -> str:
    """Return what a conversation or timeline says of a call: "Counted as a lead · Google Ads · Spring"."""
    return f"{call.verdict_words} · {place_words(call)}"
