"""Canned answers to the questions of the assistant, in the shape of their JSON schema. No model; each says so.

They are made of the texts of the question, so that they can be checked like a model's: a summary cites its sources, and
a draft has a sentence from a note and an hour that the record does not have, which the page marks.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from assistant.reading.labeller import label_message
from assistant.reading.sentences import read_sentences
from assistant.reading.vocabulary import CATEGORY, FEELING, INTENT, PERSON, URGENCY

_LONGEST_QUOTE = 150
# Fewer words are a greeting.
_FEWEST_WORDS = 4
# The model behind the answers is a list of words: a little surer than it is.
_ADDED = 0.05
_MOST_SURE = 0.95
_WORDS = {
    "en": {
        "canned": "This is a canned answer of the demo, and no language model wrote it.",
        "first": "At first the customer wrote: “{quote}”",
        "last": "The last message of the customer is: “{quote}”",
        "note": "A colleague noted: “{quote}”",
        "open": "It is still to be answered by us.",
        "warm": "Thank you for writing to us.",
        "asked": "You asked: “{quote}” We will come back to that.",
        "call": "We will call you before 17:45.",
        "hello": "Hello,",
    },
    "nl": {
        "canned": "Dit is een vast antwoord van de demo, en het is niet door een taalmodel geschreven.",
        "first": "De klant schreef eerst: “{quote}”",
        "last": "Het laatste bericht van de klant is: “{quote}”",
        "note": "Een collega noteerde: “{quote}”",
        "open": "Het moet nog door ons worden beantwoord.",
        "warm": "Dank je wel voor je bericht.",
        "asked": "Je vroeg: “{quote}” Daar komen we op terug.",
        "call": "We bellen je voor 17:45.",
        "hello": "Dag,",
    },
}


class PromptText(NamedTuple):
    """A text of a question, as it stands between its marks."""

    number: int
    label: str
    text: str

    @property
    def is_customers(self) -> bool:
        return self.label.startswith("the customer wrote")

    @property
    def is_note(self) -> bool:
        return self.label.startswith("internal note")


def canned_answer(system: str, user: str, schema: Mapping[str, Any]) -> str:
    """Return the answer to a question as JSON text; an empty object to one that the demo does not know."""
    texts = read_prompt(user)
    fields = schema.get("properties", {})
    words = _WORDS["nl" if "Write Dutch." in system else "en"]
    answer: dict[str, Any] = {}
    if "sentences" in fields:
        answer = {"sentences": _summary(texts, words)}
    elif "reply" in fields:
        answer = {"reply": _reply(texts, words, system)}
    elif INTENT in fields:
        answer = _labels(texts)
    elif "word" in fields:
        answer = {"word": "Tuesday"}
    return json.dumps(answer, ensure_ascii=False)


def read_prompt(user: str) -> list[PromptText]:
    """Return the texts of a question by their marks."""
    texts: list[PromptText] = []
    lines: list[str] = []
    head = ""
    for line in user.splitlines():
        if head and line.startswith("<<end "):
            number, _space, label = head.partition(" ")
            texts.append(PromptText(int(number), label, "\n".join(lines)))
            head = ""
        elif not head and line.startswith("<<") and line.endswith(">>>"):
            head = line.removesuffix(">>>").partition(" ")[2]
            lines = []
        else:
            lines.append(line)
    return texts


def _summary(texts: Sequence[PromptText], words: Mapping[str, str]) -> list[dict[str, Any]]:
    rows = [{"text": words["canned"], "sources": [texts[0].number], "open": False}]
    written = [text for text in texts if text.is_customers]
    notes = [text for text in texts if text.is_note]
    quoted = {"first": written[:1], "last": written[1:][-1:], "note": notes[-1:]}
    for name, chosen in quoted.items():
        for text in chosen:
            sentence = words[name].format(quote=_quote(text.text))
            rows.append({"text": sentence, "sources": [text.number], "open": False})
    if texts[-1].is_customers:
        rows.append({"text": words["open"], "sources": [texts[-1].number], "open": True})
    return rows


def _quote(text: str) -> str:
    """Return the first sentence of a text that is no greeting, cut between words."""
    sentences = [sentence.written for sentence in read_sentences(text)]
    longer = [sentence for sentence in sentences if len(sentence.split()) >= _FEWEST_WORDS]
    first = " ".join([*longer, *sentences, text][0].split())
    if len(first) <= _LONGEST_QUOTE:
        return first
    return first[:_LONGEST_QUOTE].rpartition(" ")[0] + " …"


def _reply(texts: Sequence[PromptText], words: Mapping[str, str], system: str) -> str:
    template = next((text.text for text in texts if text.label == "template"), "")
    paragraphs = [part for part in template.split("\n\n") if part.strip()] or [words["hello"]]
    added = []
    if "Tone: warm" in system:
        added.append(words["warm"])
    questions = [
        sentence.written
        for text in texts
        if text.is_customers
        for sentence in read_sentences(text.text)
        if sentence.is_question
    ]
    added += [words["asked"].format(quote=" ".join(question.split())) for question in questions[-1:]]
    if "Length: three sentences" not in system:
        added += [words["note"].format(quote=_quote(text.text)) for text in texts if text.is_note][-1:]
        added.append(words["call"])
    body = paragraphs[1:]
    if "Length: three sentences" in system:
        body = body[-1:]
    return "\n\n".join([paragraphs[0], " ".join([*added, words["canned"]]), *body])


def _labels(texts: Sequence[PromptText]) -> dict[str, Any]:
    numbered = [line.partition(". ") for line in texts[0].text.splitlines()]
    sentences = [(int(number), sentence) for number, _point, sentence in numbered if number.isdigit()]
    labelled = label_message("\n".join(sentence for _number, sentence in sentences))
    answer = {}
    for facet in (INTENT, CATEGORY, URGENCY, PERSON, FEELING):
        label = labelled.labels[facet]
        number = next((number for number, sentence in sentences if sentence == label.sentence), 0)
        sure = min(label.confidence + _ADDED, _MOST_SURE)
        answer[facet] = {"value": label.value, "sure": round(sure, 2), "sentence": number}
    answer["sentiment"] = {**answer.pop(FEELING), "value": labelled.sentiment}
    return answer
