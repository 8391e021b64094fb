"""Parse the YAML of status triggers: plain values only, each trigger with its line number."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused

LARGEST = 64 << 10
ROOT = "status_triggers"
# Deeper than any of it is; PyYAML goes down by calling itself.
DEEPEST = 8


@dataclass(frozen=True)
class TriggerEntry:
    """A trigger as given. `lines`: line numbers of its fields, from 1; `twice`: another trigger has the same name."""

    name: str
    line: int
    given: Mapping[str, Any]
    lines: Mapping[str, int]
    twice: bool = False


def decode_file(raw: bytes) -> str:
    """Return the text of a file. Raises Refused if it is too large or not text."""
    if len(raw) > LARGEST:
        raise Refused(_("This file is too large for a list of triggers."))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(_("Choose a YAML file (.yaml or .yml).")) from None


def parse_triggers(text: str) -> list[TriggerEntry]:
    """Return the triggers of a YAML text, in order. Raises Refused if it is not a list of triggers."""
    if len(text) > LARGEST:
        raise Refused(_("This file is too large for a list of triggers."))
    try:
        _check_yaml(text)
        root: Any = yaml.compose(text, yaml.SafeLoader)
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise Refused(_("This is not valid YAML: %(why)s") % {"why": " ".join(str(error).split())[:200]}) from error
    except ValueError as error:
        # A day such as 2026-13-45.
        raise Refused(_("This is not valid YAML: %(why)s") % {"why": str(error)[:200]}) from error
    triggers = None
    if isinstance(document, dict):
        triggers = document.get(ROOT)
    nodes = None
    if triggers:
        nodes = next((value for key, value in root.value if key.value == ROOT), None)
    if nodes is None or not isinstance(triggers, dict) or not all(isinstance(one, dict) for one in triggers.values()):
        raise Refused(_("The file has no status_triggers with names and settings."))
    return _build_entries(nodes, {str(name): fields for name, fields in triggers.items()})


def _build_entries(nodes: Any, triggers: Mapping[str, Mapping[Any, Any]]) -> list[TriggerEntry]:
    entries = list[TriggerEntry]()
    names = Counter(str(key.value) for key, _value in nodes.value)
    for key, value in nodes.value:
        name = str(key.value)
        lines = {str(field.value): field.start_mark.line + 1 for field, _value in value.value}
        fields = {str(field): what for field, what in triggers.get(name, {}).items()}
        entries.append(TriggerEntry(name, key.start_mark.line + 1, fields, lines, twice=names[name] > 1))
    return entries


def _check_yaml(text: str) -> None:
    """Raise Refused for YAML with aliases or excessive nesting."""
    depth = 0
    for event in yaml.parse(text, yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise Refused(_("It refers to itself (“*%(name)s”). Write it out.") % {"name": str(event.anchor)[:40]})
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise Refused(_("The file has no status_triggers with names and settings."))
