"""Suggestions about a lead's next step: a promise, a quote, a follow-up without a date, or nothing planned at all."""

import re
from datetime import timedelta

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from assistant.models.suggestion_answer import SuggestionKind, SuggestionTopic
from assistant.sources.sentences import promised_sentences
from assistant.suggestions.suggestion import PLAN, Suggestion, SuggestionEvidence, SuggestionSubject
from crm.web.shell.record_pages import record_url
from followups.models import FollowUp, FollowUpKind
from quotes.models import Quote

# What we promised longer ago is no news.
PROMISED_WITHIN = timedelta(days=14)
# A quote is asked about when it has been with the customer for so long.
QUOTE_RESTS = timedelta(days=3)
LONGEST_SUBJECT = 100
# By which words a promise is one to call or to write.
_CALLS = re.compile(r"\b(?:call|ring|phone|bel|bellen|telefoon\w*)\b", re.I)
_WRITES = re.compile(r"\b(?:send|mail|email|write|stuur|sturen|mailen|schrijf|schrijven)\b", re.I)


def find_promise(subject: SuggestionSubject) -> Suggestion | None:
    """Suggest a follow-up for what our newest message promises, if nothing was planned since."""
    if subject.job is None or not subject.job.is_open or subject.open_follow_ups or not subject.may(PLAN):
        return None
    ours = [text for text in subject.texts.texts if text.is_ours and text.kind == "message" and not text.is_automatic]
    if not ours or subject.now - ours[-1].at > PROMISED_WITHIN:
        return None
    text = ours[-1]
    promises = promised_sentences(text.text)
    if not promises or FollowUp.objects.filter(job=subject.job, created_at__gte=text.at).exists():
        return None
    promise = promises[-1]
    fields = {
        "kind": promise_kind(promise),
        "subject": Truncator(promise).chars(LONGEST_SUBJECT),
        "day": subject.next_workday(),
        "clock": "09:00",
    }
    values = {"who": text.who or _("We"), "when": subject.reader.near(text.at)}
    return Suggestion(
        SuggestionKind.PROMISE,
        text.ref,
        SuggestionTopic.of(subject.record),
        _("Plan what was promised."),
        [
            SuggestionEvidence(f"“{promise}”", text.url),
            SuggestionEvidence(_("%(who)s wrote it %(when)s; nothing is planned since.") % values),
        ],
        _("Plan it"),
        subject.plan_url(fields),
    )


def promise_kind(promise: str) -> str:
    """Return the type of follow-up that a promise asks for."""
    if _CALLS.search(promise):
        return FollowUpKind.CALL
    if _WRITES.search(promise):
        return FollowUpKind.EMAIL
    return FollowUpKind.TASK


def find_quote(subject: SuggestionSubject) -> Suggestion | None:
    """Suggest to ask about a quote that the customer has had for days without a follow-up."""
    if subject.job is None or not subject.job.is_open or subject.open_follow_ups:
        return None
    if not (subject.may(PLAN) and subject.may("quotes.view")):
        return None
    sent = Quote.objects.waiting().filter(job=subject.job, sent_at__lte=subject.now - QUOTE_RESTS)
    quote: Quote | None = sent.order_by("-sent_at").first()
    if quote is None or quote.sent_at is None:
        return None
    days = (subject.now - quote.sent_at).days
    evidence = [
        SuggestionEvidence(
            _("“%(title)s” was sent %(days)s days ago.") % {"title": quote.title, "days": days},
            record_url(quote, subject.slug),
        )
    ]
    if quote.seen_at:
        evidence.append(
            SuggestionEvidence(_("They last looked at it %(when)s.") % {"when": subject.reader.near(quote.seen_at)})
        )
    fields = {
        "kind": str(FollowUpKind.CALL),
        "subject": _("Ask what they think of the quote"),
        "day": subject.next_workday(),
        "clock": "09:00",
    }
    return Suggestion(
        SuggestionKind.QUOTE,
        f"{quote.pk}:{quote.sent_version}",
        SuggestionTopic.of(subject.record),
        _("Ask what they think of the quote: no follow-up is planned."),
        evidence,
        _("Plan a call"),
        subject.plan_url(fields),
    )


def find_undated(subject: SuggestionSubject) -> Suggestion | None:
    """Suggest to give a follow-up without a date one."""
    if subject.job is None or not subject.may(PLAN):
        return None
    undated = next((row for row in subject.open_follow_ups if row.due_at is None), None)
    if undated is None:
        return None
    return Suggestion(
        SuggestionKind.DATE,
        str(undated.pk),
        SuggestionTopic.of(subject.record),
        _("Give the follow-up a date: nobody is reminded of it."),
        [
            SuggestionEvidence(
                _("“%(what)s”, planned %(when)s")
                % {"what": undated.subject, "when": subject.reader.day(undated.created_at)},
                record_url(undated, subject.slug),
            )
        ],
        _("Set a date"),
        reverse("followups:edit", args=[subject.slug, undated.uid]),
    )


def find_missing_step(subject: SuggestionSubject) -> Suggestion | None:
    """Suggest to plan a next step for an open lead without one."""
    job = subject.job
    if job is None or not job.is_open or job.next_step_kind or subject.open_follow_ups or not subject.may(PLAN):
        return None
    words = _("Nothing is planned here.")
    if job.touched_at:
        words = _("The last contact was %(when)s.") % {"when": subject.reader.near(job.touched_at)}
    return Suggestion(
        SuggestionKind.NEXT_STEP,
        str(job.touched_at.isoformat() if job.touched_at else ""),
        SuggestionTopic.of(job),
        _("Plan a next step: this lead has none."),
        [SuggestionEvidence(words)],
        _("Plan it"),
        subject.plan_url({"day": subject.next_workday(), "clock": "09:00"}),
    )
