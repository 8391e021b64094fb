"""The subject a mail begins with when it answers something."""

from types import SimpleNamespace
from typing import Any

import pytest

from comms.composer.written_message import subject_of_answer

JOB = SimpleNamespace(title="Cora Customer", site=SimpleNamespace(street="2207 Bayshore Ct"))
PLACELESS = SimpleNamespace(title="Cora Customer", site=None)


@pytest.mark.parametrize(
    ("medium", "heard", "job", "language", "subject"),
    [
        ("email", {"email": "The deck"}, JOB, "en", "Re: The deck"),
        ("email", {"email": "Re: The deck", "portal": ""}, JOB, "en", "Re: The deck"),
        # What they wrote on their page has no subject; the mail that answers it has one all the same.
        ("email", {"portal": ""}, JOB, "en", "Your message about 2207 Bayshore Ct"),
        ("email", {"portal": ""}, PLACELESS, "en", "Your message about Cora Customer"),
        ("email", {"portal": ""}, None, "en", ""),
        ("email", {"sms": ""}, JOB, "en", ""),
        ("sms", {"email": "The deck", "portal": ""}, JOB, "en", ""),
    ],
)
def test_a_mail_that_answers_has_a_subject(
    medium: str, heard: dict[str, str], job: Any, language: str, subject: str
) -> None:
    received = {name: SimpleNamespace(subject=words) for name, words in heard.items()}
    matter: Any = SimpleNamespace(
        job=job,
        person=SimpleNamespace(language=language),
        brand=SimpleNamespace(language="nl"),
        last_received=received.get,
    )
    way: Any = SimpleNamespace(medium=medium)
    assert subject_of_answer(matter, way) == subject
