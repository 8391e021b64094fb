"""Preview of a template for the customer: a line in the picker, or the whole message."""

from typing import Any

from comms.composer.composer import Composer
from comms.composer.presets import MessagePreset
from comms.library.context import context_for
from comms.library.mail_preview import mail_preview_url
from comms.library.variables import variable_label
from comms.models import Medium, TemplateVersion
from comms.rendering import markup
from comms.rendering.rendering import fill_in, from_written, gaps_in, mail_as_seen, with_holes

_MAIL_PARTS = ("greeting", "opening", "body")


def short(composer: Composer, version: TemplateVersion) -> dict[str, Any]:
    """Return the text of a template with its values marked, and what is missing."""
    subject = composer.text.subject_for(version)
    made = fill_in(version.content, context_for(subject, version.content, medium=version.medium))
    missing = [variable_label(name) for name in gaps_in(made)]
    if version.medium == Medium.EMAIL:
        parts = [markup.to_html(made[part], markup.mark_value) for part in _MAIL_PARTS if made[part]]
        return {"subject": markup.inline(made["subject"], markup.mark_value), "parts": parts, "gaps": missing}
    text = made["text" if version.medium == Medium.SMS else "body"]
    return {"parts": [markup.to_html(text, markup.mark_value)], "gaps": missing}


def preset(composer: Composer, chosen: MessagePreset) -> dict[str, Any]:
    """Return the text of a preset with its values marked."""
    composer.written.text = ""
    composer.written.version = None
    composer.written.preset = ""
    composer.text.use_preset(chosen)
    return {
        "parts": [markup.to_html(chosen.marked_words(**composer.text.record), markup.mark_value)]
        if chosen.source
        else []
    }


def whole(composer: Composer, version: TemplateVersion) -> dict[str, Any]:
    """Return a template that is sent as it is: an email in its frame, or a WhatsApp message with buttons."""
    subject = composer.text.subject_for(version)
    context = context_for(subject, version.content, medium=version.medium)
    made = fill_in(version.content, context)
    rendered = from_written(with_holes(made), version.content, context, version.medium)
    if version.medium == Medium.EMAIL:
        frame = mail_preview_url(composer.request, mail_as_seen(with_holes(made), context, "light"))
        return {"subject": rendered.subject, "frame": frame, "rendered": rendered}
    lines = [markup.inline(line, markup.mark_value) for line in made["body"].split("\n")]
    return {"lines": lines, "header": markup.inline(made["header"], markup.mark_value), "rendered": rendered}
