"""Choose the one suggestion that a page shows: the first kind that applies and that the member has not put aside."""

from collections.abc import Callable, Sequence

from assistant.models import SuggestionAnswer
from assistant.models.suggestion_answer import SuggestionKind, SuggestionTopic
from assistant.suggestions.customers import find_merge, find_starter
from assistant.suggestions.next_steps import find_missing_step, find_promise, find_quote, find_undated
from assistant.suggestions.patterns import find_pattern
from assistant.suggestions.suggestion import Suggestion, SuggestionSubject
from crm.jobs.models import Stage

# In the order of SuggestionKind.
FINDERS: dict[str, Callable[[SuggestionSubject], Suggestion | None]] = {
    SuggestionKind.PROMISE: find_promise,
    SuggestionKind.QUOTE: find_quote,
    SuggestionKind.DATE: find_undated,
    SuggestionKind.NEXT_STEP: find_missing_step,
    SuggestionKind.MERGE: find_merge,
    SuggestionKind.STARTER: find_starter,
    SuggestionKind.PATTERN: find_pattern,
}


def choose_suggestion(subject: SuggestionSubject) -> Suggestion | None:
    """Return the first suggestion about a record that the member has not put aside; None if there is none."""
    answers = _answers_about(subject)
    for kind in SuggestionKind.values:
        suggestion = FINDERS[kind](subject)
        if suggestion and not _is_hidden(suggestion, answers, subject):
            return suggestion
    return None


def find_again(subject: SuggestionSubject, kind: str) -> Suggestion | None:
    """Return the suggestion of a kind as it is now; None if it no longer applies, or for an unknown kind."""
    finder = FINDERS.get(kind)
    return finder(subject) if finder else None


def _answers_about(subject: SuggestionSubject) -> list[SuggestionAnswer]:
    """Return the member's answers about the record, its customer and its step. One query."""
    topics = {SuggestionTopic.of(subject.record)}
    if subject.person:
        topics.add(SuggestionTopic.of(subject.person))
    if subject.job and subject.job.stage_id:
        topics.add(SuggestionTopic(Stage._meta.label_lower, subject.job.stage_id))
    return list(SuggestionAnswer.objects.about(*topics).filter(member=subject.member).exclude(answer=""))


def _is_hidden(suggestion: Suggestion, answers: Sequence[SuggestionAnswer], subject: SuggestionSubject) -> bool:
    return any(
        SuggestionTopic(answer.subject_kind, answer.subject_id) == suggestion.topic
        and answer.hides(suggestion.kind, suggestion.key, subject.now)
        for answer in answers
    )
