"""Label a message by the lexicons of its language: no model, no training, about a thousand a second. Pure.

Each phrase adds its weight to its label. A negation before it in the same clause takes it away, and turns a feeling
around. A label's confidence comes from its lead over the others (CALIBRATION).
"""

import math
from collections import defaultdict
from collections.abc import Iterable

from assistant.reading.lexicon import SENTIMENT, LabelLexicon, PhraseValue, label_lexicon, languages_of
from assistant.reading.phrases import PhraseMatch
from assistant.reading.sentences import MessageSentence, read_sentences
from assistant.reading.vocabulary import (
    CALM,
    CATEGORIES,
    CATEGORY,
    FEELING,
    HAPPY_ABOVE,
    HIGH,
    INTENT,
    INTENTS,
    NO,
    NORMAL,
    OTHER,
    PERSON,
    UPSET,
    UPSET_BELOW,
    URGENCY,
    URGENT,
    YES,
    Label,
    MessageLabelSet,
    feeling_of,
)

# Words back in the same clause that a negation is looked for.
_NEGATION_REACH = 3
# As VADER does: a sum of weights becomes -1 to 1.
_SENTIMENT_SCALE = 4.0
_TURNED = -0.6
_EMPHASIS = 1.3
# What a message that says nothing known has: the score that a label has to beat.
_FLOOR = 1.0
# Inverse temperature of each facet, and the share that is always in doubt; fitted on the half of the set for tuning
# (docs/assistant-labels.md).
CALIBRATION = {INTENT: (2.0, 0.08), CATEGORY: (2.0, 0.08)}
# A phrase of a label, or a score below which it is not given.
_URGENCY_FROM = 3.0
# What those who want this mostly write about.
_RELATED = {
    "price": ("quote", 2.0),
    "accept": ("quote", 1.0),
    "decline": ("quote", 2.0),
    "schedule": ("appointment", 1.5),
}

Scores = dict[str, dict[str, float]]


class _Tally:
    """The weights of labels by facet, the sentence each label owes most to, and the sum of sentiment."""

    def __init__(self) -> None:
        self.scores: Scores = defaultdict(lambda: defaultdict(float))
        self.sentences: dict[tuple[str, str], tuple[float, str]] = {}
        self.sentiments: list[tuple[float, str]] = []

    def add(self, facet: str, label: str, weight: float, sentence: str) -> None:
        """Add weight to a label; `sentence`: the text it comes from."""
        self.scores[facet][label] += weight
        best = self.sentences.get((facet, label), (0.0, ""))
        self.sentences[facet, label] = max(best, (weight, sentence), key=lambda pair: pair[0])

    def sentence(self, facet: str, label: str) -> str:
        return self.sentences.get((facet, label), (0.0, ""))[1]


def label_message(text: str, *, subject: str = "", language: str = "") -> MessageLabelSet:
    """Label a customer's message. `language`: the customer's, if known; it decides if the words do not."""
    sentences = read_sentences(text)
    if subject:
        sentences = [*read_sentences(subject)[:1], *sentences]
    words = [word for sentence in sentences for word in sentence.words]
    tally = _Tally()
    for spoken in languages_of(words, language):
        lexicon = label_lexicon(spoken)
        for sentence in sentences:
            _tally_sentence(tally, sentence, lexicon)
    sentiment = _sentiment(tally)
    _weigh_context(tally, sentences, sentiment)
    intent = _best_label(tally, INTENT, INTENTS)
    if related := _RELATED.get(intent.value):
        tally.add(CATEGORY, *related, intent.sentence)
    return MessageLabelSet(
        {
            INTENT: intent,
            CATEGORY: _best_label(tally, CATEGORY, CATEGORIES),
            FEELING: _feeling_label(tally, sentiment),
            URGENCY: _urgency_label(tally),
            PERSON: _person_label(tally),
        },
        sentiment,
    )


def _tally_sentence(tally: _Tally, sentence: MessageSentence, lexicon: LabelLexicon) -> None:
    weights: dict[tuple[str, str], list[float]] = defaultdict(list)
    sentiment = 0.0
    for match in _longest_matches(lexicon.phrases.matches(sentence.words)):
        value: PhraseValue = match.value
        is_negated = not value.begins_negated and _has_before(sentence, match.begin, lexicon.negations)
        if value.facet == SENTIMENT:
            sentiment += _share_of_sentiment(value.weight, sentence, match, lexicon, is_negated=is_negated)
        elif not is_negated or value.facet == CATEGORY:
            weights[value.facet, value.label].append(value.weight)
    for (facet, label), amounts in weights.items():
        amounts.sort(reverse=True)
        # The second phrase of a label in a sentence says less than the first.
        tally.add(facet, label, sum(weight / (1 + place) for place, weight in enumerate(amounts)), sentence.written)
    if sentence.is_shouted and sentiment < 0:
        sentiment -= 1.0
    if sentiment:
        tally.sentiments.append((sentiment, sentence.written))


def _longest_matches(matches: Iterable[PhraseMatch]) -> Iterable[PhraseMatch]:
    """Leave out a phrase that lies within a longer one of the same facet and label."""
    kept = dict[tuple[str, str], list[PhraseMatch]]()
    for match in matches:
        rows = kept.setdefault((match.value.facet, match.value.label), [])
        if any(other.begin <= match.begin and match.end <= other.end for other in rows):
            continue
        rows[:] = [other for other in rows if not (match.begin <= other.begin and other.end <= match.end)]
        rows.append(match)
    return [match for rows in kept.values() for match in rows]


def _share_of_sentiment(
    weight: float, sentence: MessageSentence, match: PhraseMatch, lexicon: LabelLexicon, *, is_negated: bool
) -> float:
    if _has_before(sentence, match.begin, lexicon.intensifiers):
        weight *= _EMPHASIS
    if is_negated:
        return weight * _TURNED
    return weight


def _has_before(sentence: MessageSentence, at: int, wanted: frozenset[str]) -> bool:
    """Return whether one of these words stands shortly before a position, in the same clause."""
    if at >= len(sentence.words):
        return False
    for place in range(max(at - _NEGATION_REACH, 0), at):
        if sentence.words[place] in wanted and sentence.clauses[place] == sentence.clauses[at]:
            return True
    return False


def _sentiment(tally: _Tally) -> float:
    total = sum(share for share, _sentence in tally.sentiments)
    return round(total / math.sqrt(total * total + _SENTIMENT_SCALE), 3)


def _weigh_context(tally: _Tally, sentences: list[MessageSentence], sentiment: float) -> None:
    """Add what the message as a whole says of its intent: a question, and a feeling."""
    questions = [sentence for sentence in sentences if sentence.is_question]
    if questions:
        tally.add(INTENT, "question", 1.0, questions[-1].written)
    if sentiment < UPSET_BELOW:
        tally.add(INTENT, "complaint", 2.5, min(tally.sentiments)[1])
    elif sentiment > HAPPY_ABOVE and not questions:
        tally.add(INTENT, "thanks", 1.0, max(tally.sentiments)[1])


def _best_label(tally: _Tally, facet: str, order: tuple[str, ...]) -> Label:
    scores = tally.scores[facet]
    scores[OTHER] += _FLOOR
    value = max(order, key=lambda label: (scores.get(label, 0.0), -order.index(label)))
    sharpness, doubt = CALIBRATION[facet]
    mass = sum(math.exp(sharpness * scores.get(label, 0.0)) for label in order)
    share = math.exp(sharpness * scores[value]) / mass
    return Label(value, round(share * (1 - doubt), 3), tally.sentence(facet, value))


def _feeling_label(tally: _Tally, sentiment: float) -> Label:
    feeling = feeling_of(sentiment)
    if feeling == CALM:
        edge = min(sentiment - UPSET_BELOW, HAPPY_ABOVE - sentiment)
        return Label(CALM, round(0.6 + 0.35 * min(edge / 0.35, 1.0), 3))
    if feeling == UPSET:
        return Label(UPSET, round(min(0.95, 0.55 + 0.8 * (UPSET_BELOW - sentiment)), 3), min(tally.sentiments)[1])
    return Label(feeling, round(min(0.95, 0.6 + 0.6 * (sentiment - HAPPY_ABOVE)), 3), max(tally.sentiments)[1])


def _urgency_label(tally: _Tally) -> Label:
    scores = tally.scores[URGENCY]
    calmed = scores.get("low", 0.0)
    for value in (URGENT, HIGH):
        if (score := scores.get(value, 0.0) - calmed) >= _URGENCY_FROM:
            return Label(value, round(min(0.92, 0.55 + 0.07 * score), 3), tally.sentence(URGENCY, value))
    doubt = max(scores.get(URGENT, 0.0), scores.get(HIGH, 0.0))
    return Label(NORMAL, round(0.92 - min(doubt, 3.0) * 0.1, 3))


def _person_label(tally: _Tally) -> Label:
    score = tally.scores[PERSON].get(YES, 0.0)
    if score >= _URGENCY_FROM:
        return Label(YES, round(min(0.95, 0.7 + 0.05 * score), 3), tally.sentence(PERSON, YES))
    return Label(NO, 0.96)
