"""Render the rows of the list of follow-ups as one HTML string each, from prepared values.

No row goes through the template engine, as in crm/jobs/list/rows.py (docs/what-we-replace.md).
"""

from collections.abc import Iterable
from html import escape

from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from crm.web.requests.http import TenantRequest
from crm.web.templatetags.look import avatar, icon
from followups.rows import FollowUpListRow


class FollowUpRowHtml:
    """Renders rows for one page. `here`: the page to return to without scripts; `may_pick`: with a checkbox."""

    def __init__(self, request: TenantRequest, *, here: str = "", may_pick: bool = False) -> None:
        slug = request.tenant.slug
        self.prefix = reverse("followups:list", args=[slug])
        self.reach_prefix, _number, self.reach_suffix = reverse("jobs:reach", args=[slug, 0]).rpartition("0")
        self.may_pick = may_pick
        self.hidden = (
            f'<input type="hidden" name="csrfmiddlewaretoken" value="{get_token(request)}">'
            '<input type="hidden" name="come_from" value="list">'
            f'<input type="hidden" name="next" value="{escape(here)}">'
        )
        # Translated once a page; what a person typed is put in escaped.
        self.select = escape(_("Select: %(what)s"))
        self.done = escape(_("Done: %(what)s"))
        self.how = escape(_("Done: how did it go?"))
        self.tomorrow = escape(_("Tomorrow"))
        self.to_tomorrow = escape(_("Move to tomorrow: %(what)s"))
        self.undo = escape(_("Undo"))
        self.undo_of = escape(_("Undo: %(what)s"))
        self.log = escape(_("Log a call, text or visit: %(what)s"))
        self.log_title = escape(_("Log a call, text, email or visit"))
        self.call = escape(_("Call %(number)s, %(what)s"))
        self.write = escape(_("Text or email"))
        self.write_to = escape(_("Text or email: %(what)s"))
        self.repeated = escape(_("Recurring follow-up"))

    def all_html(self, rows: Iterable[FollowUpListRow]) -> SafeString:
        """Render several rows."""
        return mark_safe("".join(map(self.html, rows)))  # noqa: S308 - html() escapes what people typed

    def html(self, row: FollowUpListRow, *, told: str = "", trouble: bool = False) -> SafeString:
        """Render a row with a message about an act on it, in `trouble` as an error."""
        one = row.follow_up
        spoken = {"what": escape(row.spoken)}
        url = f"{self.prefix}{one.uid}/"
        return mark_safe(  # noqa: S308 - escaped above and below
            f'<form id="f{one.uid}" class="todo-row{"" if row.is_open else " is-done"}" method="post"'
            f' action="{url}complete/">{self.hidden}<input type="hidden" name="version" value="{one.version}">'
            f"{self._checkbox(row, spoken)}{self._tick(row, url, spoken)}{_due(row)}{self._what(row, url)}"
            f'{_about(row)}{self._reach(row)}<span class="prio {row.priority_css}">{escape(row.priority)}</span>'
            f'<span class="quick">{self._actions(row, url, spoken)}{_assignee(row)}</span>'
            f"{_message(told, trouble=trouble)}</form>\n"
        )

    def _checkbox(self, row: FollowUpListRow, spoken: dict[str, str]) -> str:
        if not self.may_pick:
            return ""
        return (
            f'<input class="check scripted" type="checkbox" name="pick" value="{row.follow_up.pk}" form="bulk"'
            f' aria-label="{self.select % spoken}">'
        )

    def _tick(self, row: FollowUpListRow, url: str, spoken: dict[str, str]) -> str:
        mark = icon("check")
        if not row.is_open:
            return f'<span class="tick">{mark}</span>'
        return (
            f'<a class="tick" href="{url}" data-act="complete" hx-get="{url}complete/" hx-target="#menu"'
            f' hx-swap="innerHTML" aria-label="{self.done % spoken}" title="{self.how}">{mark}</a>'
        )

    def _what(self, row: FollowUpListRow, url: str) -> str:
        repeats = ""
        if row.repeats:
            mark = icon("repeat", "sm")
            repeats = f'<small class="repeats-mark" title="{self.repeated}">{mark}{escape(row.repeats)}</small>'
        state = ""
        if row.state:
            state = f'<small class="badge">{escape(row.state)}</small>'
        return (
            f'<span class="what">{icon(row.icon)}<a class="trunc" href="{url}">'
            f"<bdi>{escape(row.follow_up.subject)}</bdi></a>{repeats}{state}</span>"
        )

    def _reach(self, row: FollowUpListRow) -> str:
        """Render the number of the customer, to call, and the button that writes to them."""
        call = ""
        if row.phone:
            words = escape(row.phone_words)
            label = self.call % {"number": words, "what": escape(row.about)}
            call = (
                f'<a class="call" href="tel:{escape(row.phone)}" data-act="call" aria-label="{label}">'
                f'{icon("phone", "sm")}<span class="ltr">{words}</span></a>'
            )
        write = ""
        if row.write_url:
            address = escape(row.write_url)
            label = self.write_to % {"what": escape(row.about)}
            write = (
                f'<a class="btn is-icon is-small is-quiet" href="{address}" hx-get="{address}" hx-target="#dialog"'
                f' hx-swap="innerHTML" data-act="write" title="{self.write}" aria-label="{label}">'
                f"{icon('message-square-more')}</a>"
            )
        return f'<span class="reach">{call}{write}</span>'

    def _actions(self, row: FollowUpListRow, url: str, spoken: dict[str, str]) -> str:
        if not row.is_open:
            return (
                f'<button class="btn is-small is-quiet is-shown" formaction="{url}reopen/" hx-post="{url}reopen/"'
                f' aria-label="{self.undo_of % spoken}">{self.undo}</button>'
            )
        log = ""
        if row.number:
            address = f"{self.reach_prefix}{row.number}{self.reach_suffix}"
            label = self.log % {"what": escape(row.about)}
            log = (
                f'<a class="btn is-small is-quiet is-icon" href="{address}" data-act="log"'
                f' hx-get="{address}?on=elsewhere" hx-target="#menu" hx-swap="innerHTML" aria-label="{label}"'
                f' title="{self.log_title}">{icon("sticky-note")}</a>'
            )
        return (
            f'{log}<button class="btn is-small is-quiet" formaction="{url}reschedule/" hx-post="{url}reschedule/"'
            f' name="when" value="tomorrow" data-act="tomorrow" aria-label="{self.to_tomorrow % spoken}">'
            f"{self.tomorrow}</button>"
        )


def _due(row: FollowUpListRow) -> str:
    words = escape(row.due)
    if row.due_css:
        words = f'<span class="age {row.due_css}">{words}</span>'
    return f'<span class="due">{words}</span>'


def _about(row: FollowUpListRow) -> str:
    name = f"<bdi>{escape(row.about)}</bdi>"
    if row.about_url:
        about = f'<a class="trunc" href="{escape(row.about_url)}">{name}</a>'
    else:
        about = f'<span class="trunc">{name}</span>'
    record = ""
    if row.record:
        address = escape(row.record_url)
        record = f' <small class="muted trunc">· <a href="{address}"><bdi>{escape(row.record)}</bdi></a></small>'
    return f'<span class="about">{about}{record}</span>'


def _assignee(row: FollowUpListRow) -> str:
    if not row.who:
        return ""
    name = escape(row.who)
    return f'<span title="{name}">{avatar(row.who)}<span class="vh">{name}</span></span>'


def _message(told: str, *, trouble: bool) -> str:
    if not told:
        return ""
    if trouble:
        return f'<small class="told error" role="alert">{escape(told)}</small>'
    return f'<small class="told" role="status">{escape(told)}</small>'
