"""Render a message of the thread as one HTML string, like rows.py for rows of the list.

Fifty of them through the template engine were a third of a conversation's page. What people typed is escaped here;
what not many have (files, a recording, a doubt about the sender, something left out) is drawn by its own template.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import SimpleNamespace
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comms.mail.links import linked_text
from comms.models import Message
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.shell.record_pages import record_link
from crm.web.templatetags.look import avatar, icon
from tickets.inbox.bubbles import Act, Bubble

_ANY = UUID(int=0)


class MessageMaker:
    """Renders messages for one reader; shared values are computed once."""

    def __init__(self, member: Member, call_notes: Mapping[int, str]) -> None:
        tenant = directory().tenant
        self.member = member
        self.slug = tenant.slug
        self.call_notes = call_notes
        self.may_work = allows(member, "tickets.work")
        # All that the templates of what is rare ask of a request.
        self.context = {"request": SimpleNamespace(tenant=tenant)}
        views = ("comms:message", "comms:mail_frame", "comms:choose_pictures")
        self.page, self.mail, self.pictures = (_split_url(view, tenant.slug) for view in views)
        self.forward_url = _split_url("tickets:forward", tenant.slug)
        self.forward = escape(_("Forward"))
        self.copy_to = _("Copy to")
        self.why = _("Why here?")
        self.whole = _("Show full message")
        self.is_private = _("It is in a colleague’s own mailbox, which does not share its text.")
        self.is_empty = _("No text.")
        self.is_revoked = _("The customer deleted this message.")
        self.advertisement = _("Wrote from the advertisement “%(name)s”")
        self.before = _("Edited by the customer. Before:")
        self.folded = escape(_("Quoted text and signature"))
        self.open = _("Open the message")
        self.written = _("The email as written")
        self.as_text = _("Show as text")
        self.hidden = _("Pictures from other servers are not loaded.")
        self.show = _("Show pictures")
        self.always = _("Always from this sender")
        self.never = _("Stop loading this sender’s pictures")

    def html(self, item: Bubble, message: Message) -> SafeString:
        """Render the message's article without its closing tag: forms about it may follow."""
        if item.is_mail or item.is_out:
            face = ""
        else:
            face = avatar(item.who)
        body = self._body_html(item, message)
        if item.is_mail:
            body = f'{self._mail_head(item, message)}<div class="msg-mail-body">{body}</div>'
        begun = f'<article class="msg {item.css}" id="e{item.entry.uid}">'
        return mark_safe(f'{begun}{face}<div class="msg-body">{body}</div>\n{self._meta_html(item, message)}')  # noqa: S308

    def _mail_head(self, item: Bubble, message: Message) -> str:
        copies = ""
        if item.copies:
            copies = f'<p class="msg-copies">{self.copy_to} <bdi>{escape(item.copies)}</bdi></p>'
        notes = ""
        if message.sender_check.is_doubtful:
            notes += render_to_string("comms/_doubtful.html", {"message": message})
        if message.sender_check.sent_by:
            notes += render_to_string("comms/_sent_by.html", {"message": message})
        return (
            f'<header class="msg-mail-head"><span class="chan email">{icon("mail")}</span>\n'
            f'<b class="trunc"><bdi>{escape(item.subject or item.who)}</bdi></b>\n'
            f'<span class="wide-only trunc"><bdi>{escape(item.route)}</bdi></span>\n'
            f'<time datetime="{item.at.isoformat()}">{escape(item.time)}</time></header>{copies}{notes}'
        )

    def _body_html(self, item: Bubble, message: Message) -> str:
        parts = [self._call_html(item, message) if item.is_call else "", *self._text_parts(item, message)]
        if item.earlier:
            parts.append(self._earlier_html(item))
        if item.referral:
            parts.append(f'<p class="muted xs">{escape(self.advertisement % {"name": item.referral})}</p>')
        if item.has_html:
            parts.append(self._as_written(item, message))
        if item.card:
            parts.append(render_to_string("comms/_calendar_card.html", {"card": item.card, **self.context}))
        if item.files:
            parts.append(render_to_string("tickets/_files.html", {"item": item, **self.context}))
        if item.problems:
            context = {"problems": item.problems, "original": item.original, **self.context}
            parts.append(render_to_string("comms/_problems.html", context))
        return "\n".join(filter(None, parts))

    def _text_parts(self, item: Bubble, message: Message) -> list[str]:
        """Render the text with its folded parts; for HTML mail in one element, which the HTML replaces."""
        parts = [self._text_html(item)]
        if item.is_cut:
            parts.append(f'<a class="xs" href="{self._url_at(self.page, message.uid)}">{self.whole}</a>')
        if item.folded:
            parts.append(
                f'<details class="msg-fold"><summary aria-label="{self.folded}" title="{self.folded}">…</summary>'
                f'<div class="muted" dir="auto">{_with_lines(item.folded)}</div></details>'
            )
        if item.has_html:
            return [f'<div class="msg-text">{"".join(parts)}</div>']
        return parts

    def _earlier_html(self, item: Bubble) -> str:
        """Render the text before its sender edited it."""
        texts = "".join(f'<p class="muted" dir="auto">{_with_lines(text)}</p>' for text in item.earlier)
        return f'<details class="msg-fold xs"><summary class="muted">{escape(self.before)}</summary>{texts}</details>'

    def _call_html(self, item: Bubble, message: Message) -> str:
        line = f'<p class="msg-call">{icon("phone", "sm")}{escape(f"{item.who} · {item.medium} · {item.state}")}</p>'
        if note := self.call_notes.get(message.pk):
            # The panel of the app that says it replaces the link.
            url = record_link(message, "call", by=self.member, slug=self.slug)
            line += (
                f'<div class="xs" hx-get="{url}" hx-trigger="load" hx-swap="outerHTML">'
                f'<a href="{self._url_at(self.page, message.uid)}">{escape(note)}</a></div>'
            )
        if item.recording is None:
            return line
        return line + render_to_string("comms/_recording.html", {"uid": item.recording, **self.context})

    def _text_html(self, item: Bubble) -> str:
        if item.is_private:
            return f'<p class="muted">{self.is_private}</p>'
        if item.is_revoked:
            return f'<p class="muted">{self.is_revoked}</p>'
        if item.text:
            return f'<div dir="auto">{_with_lines(item.text)}</div>'
        if item.files or item.is_call or item.problems:
            return ""
        return f'<p class="muted">{self.is_empty}</p>'

    def _as_written(self, item: Bubble, message: Message) -> str:
        """Render the frame of the mail's HTML, which replaces its text (static/js/mail-frame.js)."""
        always = never = ""
        if not item.is_out:
            url = self._url_at(self.pictures, message.uid)
            always = f'<button type="button" class="link" data-choose="1" data-url="{url}">{self.always}</button>'
            never = f'<button type="button" class="link" data-choose="" data-url="{url}">{self.never}</button>'
        return (
            f'<div class="msg-html" data-frame="{self._url_at(self.mail, message.uid)}" data-title="{self.written}">'
            f'<p class="msg-pictures" data-pictures hidden>{self.hidden}'
            f' <button type="button" class="link" data-show>{self.show}</button> {always}</p>'
            f'<p class="msg-pictures" data-chosen hidden>{never}</p>'
            f'<noscript><a href="{self._url_at(self.page, message.uid)}">{self.open}</a></noscript></div>'
        )

    def _meta_html(self, item: Bubble, message: Message) -> str:
        """Render the line below a message: channel, sender, time, state, and why it is on this ticket."""
        # Of what nobody wrote the mark says so.
        author = ""
        if item.is_out and not item.automatic:
            author = f"{escape(item.who)} · "
        origin = ""
        if not item.is_mail:
            origin = (
                f'<span class="chan {message.medium}">{icon(item.icon)}</span>'
                f"\n<span>{escape(item.medium)} · {author}{escape(item.time)}</span>"
            )
        elif author:
            origin = f"<span>{escape(item.who)}</span>"
        parts = [
            origin,
            f'<span class="msg-state">{escape(item.state)}</span>' if item.state and not item.is_call else "",
            f'<span class="badge">{icon("workflow")}{escape(item.automatic)}</span>' if item.automatic else "",
            f"<span>{escape(item.trouble)}</span>" if item.trouble else "",
            f'<span class="badge">{escape(item.reactions)}</span>' if item.reactions else "",
        ]
        if item.why:
            reason = f"<summary>{self.why}</summary>\n<span>{escape(item.why)}</span>"
            parts.append(f'<details class="msg-why">{reason}</details>')
        if item.maybe and not self.may_work:
            parts.append(f"<span>{escape(item.maybe)}</span>")
        if self.may_work and not (item.is_call or item.is_private or item.is_revoked):
            url = self._url_at(self.forward_url, item.entry.uid)
            parts.append(f'<a class="msg-forward" href="{url}" hx-get="{url}" hx-target="#composer">{self.forward}</a>')
        if item.has_html:
            parts.append(f'<button type="button" class="msg-forward" data-as-text hidden>{self.as_text}</button>')
        content = "\n".join(filter(None, parts))
        return f'<div class="msg-meta">{content}</div>'

    @staticmethod
    def _url_at(around: tuple[str, str], uid: UUID) -> str:
        return f"{around[0]}{uid}{around[1]}"


def acts_html(acts: Sequence[Act]) -> str:
    """Render the actions between two messages: the last one, with the others folded."""
    *folded, last = acts
    summary = f"{icon(last.icon, 'sm')}<span>{escape(last.sentence)}"
    if not folded:
        return f'<p class="thread-event">{summary} · {escape(last.time)}</span></p>'
    more = ngettext("and %(more)s more", "and %(more)s more", len(folded)) % {"more": len(folded)}
    lines = "".join(f"<li>{escape(act.sentence)} · {escape(act.time)}</li>" for act in folded)
    return (
        f'<details class="thread-event"><summary>{summary}</span>'
        f'<span class="thread-more">{escape(more)}</span></summary><ul>{lines}</ul></details>'
    )


def join_html(drawn: Iterable[str]) -> SafeString:
    """Join HTML rendered here, in which all typed text is escaped."""
    return mark_safe("\n".join(drawn))  # noqa: S308


def _split_url(view: str, slug: str) -> tuple[str, str]:
    """Return the parts of a view's URL before and after the id."""
    before, _uid, after = reverse(view, args=[slug, _ANY]).partition(str(_ANY))
    return before, after


def _with_lines(text: str) -> str:
    """Escape a text, link its URLs, and keep its line breaks."""
    return linked_text(text).replace("\r\n", "\n").replace("\r", "\n").replace("\n", "<br>")
