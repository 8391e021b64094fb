"""PlannedWish: what a typed line or the fields of a form ask for, read for the member who typed it."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from crm.jobs.models import Job
from crm.kernel.refusal import Refused
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from followups.links.planned_record import NO_LEAD
from followups.models.kind_setup import kinds
from followups.quick_entry.lead import NamedLeads, find_named_leads
from followups.quick_entry.line_text import NotUnderstood
from followups.quick_entry.parse import parse_line
from followups.time_choices import parse_form_time

# Sent where a line that asks for a repetition is to become a series; anything else plans it once.
SERIES = "series"


@dataclass(frozen=True)
class PlannedWish:
    """The follow-up to plan, as read from the form."""

    kind: str
    subject: str
    due_at: datetime
    # Words that ask for a repetition, its rule if one says it, and the subject without the words; `due_at` is the
    # first time.
    repeats: str = ""
    rule: str = ""
    task: str = ""

    def about(self, named: NamedLeads) -> "PlannedWish":
        """Return the same without the lead's name; if nothing is left, the subject is the type."""
        label = str(kinds().of(self.kind).label)
        texts = (named.remove_from(self.subject), named.remove_from(self.task))
        subject, task = (text[:1].upper() + text[1:] or label for text in texts)
        return replace(self, subject=subject, task=task)


class RepetitionNotAgreed(Refused):
    """The line asks for a repetition, and the user has not chosen a series or once. `can_repeat`: a rule says it."""

    def __init__(self, sentence: str, *, can_repeat: bool) -> None:
        super().__init__(sentence)
        self.can_repeat = can_repeat


def plans_series(request: HttpRequest) -> bool:
    """True if the user chose to plan a repeating follow-up as a series."""
    return request.POST.get("plan_once") == SERIES


def agrees_to_once(request: HttpRequest) -> bool:
    """True if the user chose to plan a repeating follow-up once, or as a series: either was shown."""
    return "plan_once" in request.POST


def parse_wish(text: str, reader: Reader, *, once: bool) -> PlannedWish:
    """Parse a line for this reader. Raises Refused with a sentence.

    `once`: whether the user has chosen what becomes of a line that asks for a repetition.
    """
    try:
        now = reader.now.astimezone(reader.zone)
        kind_setup = kinds()
        month_first = reader.country == "US"
        parsed = parse_line(
            text.replace("\0", ""), now, month_first=month_first, own=kind_setup.words, hidden=kind_setup.hidden
        )
    except NotUnderstood as why:
        raise Refused(str(why)) from why
    if parsed.repeats and not once:
        words = _("“%(words)s” repeats, first on %(when)s. Choose whether it is planned as a series or once.")
        sentence = words % {"words": parsed.repeats, "when": reader.moment(parsed.at)}
        raise RepetitionNotAgreed(sentence, can_repeat=bool(parsed.rule))
    return PlannedWish(parsed.kind, parsed.subject, parsed.at, parsed.repeats, parsed.rule, parsed.task)


def read_wish(request: TenantRequest, reader: Reader) -> PlannedWish:
    """Read the line, or the fields; where both give a day, the field's is used."""
    post = request.POST
    at = None
    if post.get("day"):
        at = parse_form_time(post["day"], post.get("clock", ""), reader.zone)
    kind = post.get("kind", "")
    subject = post.get("subject", "").strip()
    if post.get("day") and (at is None or at <= reader.now):
        raise Refused(_("Choose a day and time in the future."))
    if at and (subject or kinds().offers(kind)):
        chosen = kinds().of(kind if kinds().offers(kind) else "")
        return PlannedWish(chosen.code, subject or chosen.label, at)
    wish = parse_wish(post.get("text", ""), reader, once=agrees_to_once(request))
    if kinds().offers(kind):
        wish = replace(wish, kind=kind)
    return replace(wish, subject=subject or wish.subject, due_at=at or wish.due_at, task=subject or wish.task)


def find_named_lead(request: TenantRequest, wish: PlannedWish) -> tuple[Job | None, PlannedWish]:
    """Return the lead named in the line, and the request without its name. Raises Refused if several match."""
    if request.POST.get("job") == NO_LEAD or request.POST.get("subject"):
        return None, wish
    named = find_named_leads(wish.task or wish.subject, by=request.member)
    if not named.jobs:
        return None, wish
    if len(named.jobs) > 1:
        raise Refused(_("Several leads are called that. Choose one, or write more of the name."))
    return named.jobs[0], wish.about(named)
