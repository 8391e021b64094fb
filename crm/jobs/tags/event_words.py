"""Describe the events of tags: "tagged it Storm and Insurance", "took the tag Storm off"."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.models.tag import tags
from crm.web.timeline.event_words import EventWords


def tagged_words(data: dict[str, Any]) -> str:
    """Describe which tags were added and removed; for the `…tagged` event of each model with tags."""
    parts = []
    if added := _tag_names(data.get("added", ())):
        parts.append(_("tagged it %(tags)s") % {"tags": added})
    if taken := _tag_names(data.get("taken", ())):
        parts.append(_("removed the tag %(tags)s") % {"tags": taken})
    return ", ".join(parts)


def _tag_names(ids: Sequence[int]) -> str:
    all_tags = tags().all
    return ", ".join(f"“{all_tags[pk].name}”" for pk in ids if pk in all_tags)


def _about(words: Any) -> Any:
    return lambda data: str(words) % {"name": data.get("name", "")}


EVENT_WORDS = [
    EventWords("tag.added", "plus", _about(gettext_lazy("added the tag “%(name)s”"))),
    EventWords("tag.edited", "pencil", gettext_lazy("edited a tag")),
    EventWords("tag.merged", "merge", _about(gettext_lazy("merged the tag “%(name)s” into another"))),
    EventWords("tag.taken_apart", "split", _about(gettext_lazy("unmerged the tag “%(name)s”"))),
    EventWords("tag.archived", "archive", _about(gettext_lazy("archived the tag “%(name)s”"))),
    EventWords("tag.restored", "undo-2", _about(gettext_lazy("restored the tag “%(name)s”"))),
]
