"""Label the messages of the evaluation with a language model as a worker would, and count its cost. No database."""

from dataclasses import dataclass

from assistant.calls.answer_check import InvalidAnswer, read_answer
from assistant.calls.prompt import build_prompt
from assistant.calls.request import ModelRequest, SourceText
from assistant.calls.spend import estimate_tokens
from assistant.labels.label_question import INSTRUCTIONS, LONGEST_ANSWER, SCHEMA, number_sentences, read_labels
from assistant.models import AssistantSetup
from assistant.providers.asking import ask_model
from assistant.providers.port import ModelEndpoint, ModelFailure, ModelPrompt
from assistant.reading.labeller import label_message
from assistant.reading.vocabulary import MessageLabelSet

# The country by whose form phone numbers are recognized.
COUNTRY = "US"


@dataclass
class ModelLabeller:
    """Labels texts by a model over the rules' labels. `setup`: provider, model, prices; it isn't saved.

    `calls` were answered or failed; of `failed` ones the rules' labels count. `cost`: millionths of the currency in
    which the prices are.
    """

    setup: AssistantSetup
    key: str = ""
    calls: int = 0
    failed: int = 0
    tokens_in: int = 0
    tokens_out: int = 0

    @property
    def cost(self) -> int:
        return self.setup.cost(self.tokens_in, self.tokens_out)

    def label(self, text: str) -> MessageLabelSet:
        """Return the labels of a message: those of the model that can be used, and the rules' for the others."""
        by_rules = label_message(text)
        request = ModelRequest(
            INSTRUCTIONS, (SourceText("1", number_sentences(text)),), SCHEMA, "", longest=LONGEST_ANSWER
        )
        built = build_prompt(request, self.setup, COUNTRY)
        if not request.texts[0].text or built is None:
            return by_rules
        self.calls += 1
        try:
            answer = read_answer(self._ask(built.prompt), SCHEMA)
        except (ModelFailure, InvalidAnswer):
            self.failed += 1
            return by_rules
        labels = read_labels(answer, text)
        sentiment = by_rules.sentiment if labels.sentiment is None else labels.sentiment
        return MessageLabelSet({**by_rules.labels, **labels.labels}, sentiment)

    def _ask(self, prompt: ModelPrompt) -> str:
        """Return the text of the answer, and count its tokens. Raises ModelFailure."""
        endpoint = ModelEndpoint(self.setup.provider, self.setup.base_url, self.setup.model, self.key)
        answer = ask_model(endpoint, prompt)
        self.tokens_in += answer.tokens_in or estimate_tokens(prompt.system + prompt.user)
        self.tokens_out += answer.tokens_out or estimate_tokens(answer.text)
        return answer.text
