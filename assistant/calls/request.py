"""The question of a helper to a language model: instructions, texts of a record, and the schema of the answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class SourceText:
    """A piece of text of the record, numbered from 1 in the request; `ref` names it in an answer and on the page.

    `kind`: message, note, call, price or fact; `is_ours`: the organization wrote it. `names`: names of people that are
    replaced in it, by the word that replaces each.
    """

    ref: str
    text: str
    kind: str = "message"
    is_ours: bool = False
    label: str = ""
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ModelRequest:
    """The question of a helper: instructions of ours, texts that others wrote, and the JSON schema of the answer.

    The texts are redacted and fenced before they are sent (assistant/calls/prompt.py). `key` names what is asked, so
    that the same is not asked twice: the id of the last message and the options. `language`: of the answer, "nl".
    """

    instructions: str
    texts: tuple[SourceText, ...]
    schema: Mapping[str, Any]
    key: str
    language: str = ""
    # Tokens of the answer at most.
    longest: int = 800
