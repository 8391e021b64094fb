"""Labels of messages by words alone: how many a second one process makes, of the labelled set of the tests."""

import time
from pathlib import Path

from bench.figures import Figure

ROUNDS = 5
SET = Path(__file__).parent.parent / "tests" / "assistant" / "labels" / "messages.jsonl"


def measure() -> list[Figure]:
    """Label the whole set a few times."""
    from assistant.labels.evaluation import read_set
    from assistant.reading.labeller import label_message

    messages = read_set(SET)
    for message in messages:
        label_message(message.text)
    begin = time.perf_counter()
    for _round in range(ROUNDS):
        for message in messages:
            label_message(message.text)
    speed = ROUNDS * len(messages) / (time.perf_counter() - begin)
    return [Figure("messages labelled by one process", speed, "a second", least=200, note=f"{len(messages)} messages")]
