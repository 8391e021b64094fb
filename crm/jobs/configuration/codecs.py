"""Codecs of jobs' configuration: priorities by name, and key fields with the names of own fields."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from crm.jobs.models import Priority
from crm.jobs.next_step.kinds import step_kinds, step_name
from crm.jobs.pipelines.key_fields import key_fields
from crm.kernel.refusal import Refused
from crm.web.lists.conditions.plain_conditions import LANGUAGE

# Keys of own fields and kinds of documents.
_WITH_ID = re.compile(r"[a-z_]+-\d+")
# What the code of an own type of next steps begins with.
_OWN_KIND = "own-"


class PriorityCodec:
    """The codec of a priority: urgent, high, normal or low."""

    def encode(self, value: Any) -> str | None:
        if value is None:
            return None
        return Priority(value).name.lower()

    def decode(self, plain: Any) -> int | None:
        if plain is None:
            return None
        try:
            return int(Priority[str(plain).upper()])
        except KeyError:
            words = {"text": str(plain)[:40], "choices": ", ".join(name.lower() for name in Priority.names)}
            raise Refused(_("“%(text)s” is not one of: %(choices)s.") % words) from None


class StepKindCodec:
    """The codec of a type of follow-up or next step: an own one by name, a built-in one by code."""

    def encode(self, value: Any) -> Any:
        if value and value.startswith(_OWN_KIND):
            return step_name(value)
        return value

    def decode(self, plain: Any) -> str:
        text = str(plain or "")
        kinds = step_kinds().kinds
        own = [code for code, kind in kinds.items() if code.startswith(_OWN_KIND) and kind.name() == text]
        if own or not text or (text in kinds and not text.startswith(_OWN_KIND)):
            return next(iter(own), text)
        raise Refused(_("There is no type of follow-up “%(name)s”.") % {"name": text[:60]})


def encode_key_fields(keys: Iterable[str]) -> list[str]:
    """Return key fields by code, or by label where the code has an id; those that are gone are left out."""
    labels = _labels()
    return [labels.get(key, key) for key in keys if key in labels or not _WITH_ID.fullmatch(key)]


def decode_key_field(name: str) -> str:
    """Return the key of a key field. Raises Refused for one that there is not."""
    matches = [key for key, label in _labels().items() if label.casefold() == name.casefold()]
    if matches:
        return matches[0]
    if name not in key_fields() or _WITH_ID.fullmatch(name):
        raise Refused(_("There is no key field “%(name)s”.") % {"name": name[:60]})
    return name


def _labels() -> dict[str, str]:
    """Return the labels of key fields whose key has an id, by key."""
    with translation.override(LANGUAGE):
        return {key: str(field.label) for key, field in key_fields().items() if _WITH_ID.fullmatch(key)}


def encode_criteria(criteria: Mapping[str, str]) -> dict[str, str]:
    """Return exit criteria by the names of their key fields."""
    return {name: criteria[key] for key in sorted(criteria) for name in encode_key_fields([key])}
