"""Suggestions about a customer: a record that may be the same, and how to begin after a long silence."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from assistant.models.suggestion_answer import SuggestionKind, SuggestionTopic
from assistant.suggestions.suggestion import PLAN, Suggestion, SuggestionEvidence, SuggestionSubject
from assistant.summaries.extractive import open_questions
from comms.models import SurveyAnswer
from comms.models.survey_answer import BEST
from crm.jobs.customer_visibility import visible_people
from crm.jobs.models import Job, JobState
from crm.people.models import DuplicateCandidate, Person, ProfilingObjection
from crm.web.shell.record_pages import record_url
from followups.models import FollowUpKind
from followups.neglect.models import Neglect

MERGE = "people.merge"
_LONGEST = 120


def find_merge(subject: SuggestionSubject) -> Suggestion | None:
    """Suggest to compare the customer with a record that may be the same person."""
    if subject.person is None or not subject.may(MERGE):
        return None
    person = subject.person
    pairs = DuplicateCandidate.objects.filter(Q(one=person) | Q(other=person), decided_at=None).order_by("pk")[:10]
    reasons = {pair.other_id if pair.one_id == person.pk else pair.one_id: pair for pair in pairs}
    other: Person | None = visible_people(subject.member).filter(pk__in=list(reasons)).order_by("pk").first()
    if other is None:
        return None
    compare_url = reverse("jobs:compare", args=[subject.slug, person.uid])
    return Suggestion(
        SuggestionKind.MERGE,
        str(reasons[other.pk].pk),
        SuggestionTopic.of(person),
        _("%(one)s and %(other)s may be the same customer.") % {"one": person.name, "other": other.name},
        [SuggestionEvidence(str(reasons[other.pk].get_reason_display()), record_url(other, subject.slug))],
        _("Compare them"),
        f"{compare_url}?{urlencode({'with': other.uid})}",
    )


def find_starter(subject: SuggestionSubject) -> Suggestion | None:
    """Suggest a call to a customer without contact for too long, and how it may begin. None against an objection."""
    if subject.person is None or not subject.may(PLAN):
        return None
    neglect = Neglect.objects.lasting().filter(person=subject.person).order_by("-pk").first()
    if neglect is None or ProfilingObjection.objects.filter(person=subject.person).exists():
        return None
    facts = list(_starter_facts(subject))
    values = {"days": (subject.now - neglect.touched_at).days, "cadence": neglect.days}
    silence = _("No contact for %(days)s days; %(cadence)s are the rule for them.") % values
    fields = {
        "kind": str(FollowUpKind.CALL),
        "subject": _("Call: no contact for long"),
        "day": subject.next_workday(),
        "clock": "09:00",
    }
    return Suggestion(
        SuggestionKind.STARTER,
        str(neglect.pk),
        SuggestionTopic.of(subject.person),
        _("Call %(name)s again.") % {"name": subject.person.name},
        [SuggestionEvidence(silence), *(fact for fact, _starter in facts)],
        _("Plan a call"),
        subject.plan_url(fields),
        [starter for _fact, starter in facts],
    )


def _starter_facts(subject: SuggestionSubject) -> Iterator[tuple[SuggestionEvidence, str]]:
    """Yield facts of the record, each with a sentence that begins a call with it."""
    questions = open_questions(subject.texts.texts)
    if questions:
        sentence, text = questions[-1]
        words = Truncator(sentence).chars(_LONGEST)
        yield (
            SuggestionEvidence(
                _("Asked %(when)s, and not answered: “%(words)s”")
                % {"when": subject.reader.day(text.at), "words": words},
                text.url,
            ),
            _("“You asked us: %(words)s I would like to answer that.”") % {"words": words},
        )
    visible = Job.objects.visible_to(subject.member).filter(person=subject.person)
    done = visible.filter(state=JobState.DONE).order_by("-ended_at", "-pk").first()
    if done:
        when = subject.reader.day(done.ended_at) if done.ended_at else ""
        yield (
            SuggestionEvidence(
                _("Last job: %(title)s, done %(when)s") % {"title": done.title, "when": when},
                record_url(done, subject.slug),
            ),
            _("“How is everything since we finished your job?”"),
        )
    rating = SurveyAnswer.objects.filter(job__in=visible.order_by().values("pk")).order_by("-at", "-pk").first()
    if rating:
        values = {"score": rating.score, "best": BEST, "when": subject.reader.day(rating.at)}
        yield (
            SuggestionEvidence(_("Gave us %(score)s of %(best)s %(when)s") % values),
            _("“You told us how we did. Is there anything we should know since then?”"),
        )
