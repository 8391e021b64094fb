"""Register macros: their settings page and the words of their events."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.platform.features import Feature
from crm.web.settings.sections import Section
from crm.web.timeline.event_words import EventWords
from tickets.macros.forms import MacroForm


def _words_with_name(words: Any) -> Any:
    return lambda data: str(words) % {"name": data.get("name", "")}


def _applied_words(data: dict[str, Any]) -> str:
    sentence = _("used the macro “%(name)s”") % {"name": data.get("name", "")}
    if wish := data.get("follow_up"):
        sentence += " · " + _("follow-up: %(title)s") % {"title": wish["title"]}
    return sentence


MACROS: list[Feature] = [
    Section(
        group="messages",
        name="tickets:macros",
        permission="tickets.set_up",
        icon="zap",
        label=gettext_lazy("Macros"),
        note=gettext_lazy("Send a text, set a status, add tags and plan a follow-up with one click."),
        affects=gettext_lazy("Affects the macros offered while you answer in the inbox."),
        words=gettext_lazy("canned actions quick reply shortcuts"),
        below=("tickets/macros/macro.html", MacroForm),
    ),
    EventWords("ticket.macro_applied", "zap", _applied_words),
    EventWords("ticket.macro_undone", "undo-2", gettext_lazy("undid the macro")),
    EventWords("macro.added", "plus", _words_with_name(gettext_lazy("added the macro “%(name)s”"))),
    EventWords("macro.edited", "pencil", _words_with_name(gettext_lazy("edited the macro “%(name)s”"))),
    EventWords("macro.archived", "archive", gettext_lazy("archived a macro")),
    EventWords("macro.restored", "undo-2", gettext_lazy("restored a macro")),
]
