"""Customer activity and versions of a quote, for the side column of its page."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.kernel import durations, formats
from crm.web.reader import Reader
from quotes.models import Quote, QuoteAcceptance, QuoteChoice, QuoteQuestion, QuoteView, VersionContent

MOST = 12


@dataclass(frozen=True)
class CustomerFact:
    """Something the customer did: in words, and when. `is_strong`: it matters most."""

    at: datetime
    words: str
    when: str
    is_strong: bool = False
    text: str = ""


@dataclass(frozen=True)
class QuoteVersionLine:
    """A version in the list of them."""

    number: int
    state: str
    total: str
    note: str
    is_shown: bool


def customer_facts(quote: Quote, reader: Reader) -> list[CustomerFact]:
    """Return what the customer did with any version, the latest first. Four queries."""
    views = QuoteView.objects.filter(version__quote=quote).order_by("-last_at")[:MOST]
    questions = QuoteQuestion.objects.filter(version__quote=quote).order_by("-asked_at")[:MOST]
    choices = QuoteChoice.objects.filter(version__quote=quote).order_by("-at")[:MOST]
    accepted = QuoteAcceptance.objects.filter(quote=quote)
    facts = [
        *(_view_fact(view, reader) for view in views),
        *(_question_fact(question, reader) for question in questions),
        *(_choice_fact(choice, quote, reader) for choice in choices),
        *(_acceptance_fact(one, quote, reader) for one in accepted),
    ]
    return sorted(facts, key=lambda fact: fact.at, reverse=True)[:MOST]


def _view_fact(view: QuoteView, reader: Reader) -> CustomerFact:
    when = reader.near(view.last_at)
    if view.looks_forwarded:
        return CustomerFact(view.last_at, _("A second device, no code given: looks forwarded"), when, True)
    times = ngettext("Opened once", "Opened %(count)s times", view.visits) % {"count": view.visits}
    if view.seconds >= durations.MINUTE:
        time = durations.short_duration(view.seconds, language=reader.language)
        times = _("%(times)s, %(time)s in all") % {"times": times, "time": time}
    return CustomerFact(view.last_at, times, when)


def _question_fact(question: QuoteQuestion, reader: Reader) -> CustomerFact:
    words = _("Asked for a change") if question.wants_change else _("Asked a question")
    return CustomerFact(question.asked_at, words, reader.near(question.asked_at), True, question.text)


def _choice_fact(choice: QuoteChoice, quote: Quote, reader: Reader) -> CustomerFact:
    total = formats.money(choice.total, quote.currency, reader.country, reader.language)
    count = len(choice.unticked)
    if count:
        words = ngettext("Took off %(count)s line: %(total)s", "Took off %(count)s lines: %(total)s", count) % {
            "count": count,
            "total": total,
        }
    else:
        words = _("Chose for %(total)s") % {"total": total}
    return CustomerFact(choice.at, words, reader.near(choice.at))


def _acceptance_fact(accepted: QuoteAcceptance, quote: Quote, reader: Reader) -> CustomerFact:
    total = formats.money(accepted.total, quote.currency, reader.country, reader.language)
    words = _("%(name)s signed for %(total)s") % {"name": accepted.signed_name, "total": total}
    return CustomerFact(accepted.accepted_at, words, reader.near(accepted.accepted_at), True)


def version_lines(quote: Quote, shown: int, reader: Reader) -> list[QuoteVersionLine]:
    """Return the versions, the newest first."""
    lines = []
    for version in quote.versions.order_by("-number"):
        if version.sent_at:
            state = _("Sent %(day)s") % {"day": reader.day(version.sent_at)}
            total = version.total or 0
        else:
            state = _("Draft")
            content = VersionContent(version)
            total = content.sums(content.proposed_id).total
        money = formats.money(total, quote.currency, reader.country, reader.language)
        lines.append(QuoteVersionLine(version.number, state, money, version.note, version.number == shown))
    return lines
