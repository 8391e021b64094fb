"""Template tags of the page frame: navigation, settings menu, live updates, shortcuts and record links."""

from typing import Any

from django import template
from django.conf import settings
from django.db.models import Model
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from crm.platform.events import hint_channel
from crm.platform.tenancy.context import required_tenant_id
from crm.web.settings.sections import SectionIntro, SectionMenuGroup, section_at, section_groups, section_intro
from crm.web.shell import navigation as pages
from crm.web.shell import palette, record_pages
from crm.web.shell import shortcuts as known
from crm.web.shell.frame import PageFrame, cached_frame
from crm.web.shell.page_strips import render_strips
from crm.web.timeline import event_words

register = template.Library()


@register.simple_tag(takes_context=True)
def frame(context: template.Context) -> PageFrame:
    """Return the HTML before and after the page of this request."""
    return cached_frame(context["request"], str(context["csrf_token"]))


@register.simple_tag(takes_context=True)
def page_strips(context: template.Context) -> SafeString:
    """Return the strips above the page of this request; nothing on pages without strips, such as error pages."""
    request: Any = context.get("request")
    return mark_safe("".join(render_strips(request)) if request else "")


@register.simple_tag(takes_context=True)
def settings_sections(context: template.Context) -> list[SectionMenuGroup]:
    """Return the settings sections for the member of this request, by group."""
    request: Any = context["request"]
    return section_groups(request.member, request.tenant.slug, request.path)


@register.simple_tag(takes_context=True)
def settings_intro(context: template.Context) -> SectionIntro | None:
    """Return the content below the title of this settings page."""
    request: Any = context["request"]
    return section_intro(request.member, request.tenant.slug, request.path)


@register.simple_tag(takes_context=True)
def settings_title(context: template.Context) -> str:
    """Return the label of this page's settings section."""
    request: Any = context["request"]
    section = section_at(request.tenant.slug, request.path)
    return str(section.label) if section else ""


@register.simple_tag
def job_topic(job_id: int) -> str:
    """Return the topic of one job, for a region that displays it."""
    return hint_channel.job_topic(required_tenant_id(), job_id)


@register.simple_tag(takes_context=True)
def live_attributes(context: template.Context) -> SafeString:
    """Return attributes of <body>: the live updates' URL and this page's ticket. None without a live process."""
    request: Any = context.get("request")
    if not _has_live_updates(request):
        return SafeString()
    return format_html(
        ' data-live="{}" data-ticket="{}" data-ticket-url="{}"',
        settings.LIVE_URL,
        hint_channel.issue_ticket(request.tenant.pk, request.member.pk),
        reverse("live_ticket", args=[request.tenant.slug]),
    )


@register.simple_tag(takes_context=True)
def hint_trigger(context: template.Context) -> str:
    """Return the hx-trigger of a region that shows progress: by hints, or by polling without a live process."""
    if _has_live_updates(context.get("request")):
        return "hint"
    return "every 5s"


def _has_live_updates(request: Any) -> bool:
    if not settings.LIVE_URL or not hasattr(request, "member"):
        return False
    # The live process answers pages of SITE_URL alone; reached by another name, a page does without.
    return not settings.LIVE_ORIGIN or request.build_absolute_uri("/").rstrip("/") == settings.SITE_URL


@register.simple_tag
def highlight(text: str, typed: str) -> SafeString:
    """Highlight what was typed in a text."""
    at = -1
    if typed:
        at = text.lower().find(typed.lower())
    # A few letters change their number when made small; then nothing is marked.
    if at < 0 or len(text.lower()) != len(text):
        return conditional_escape(text)
    end = at + len(typed)
    return format_html("{}<mark>{}</mark>{}", text[:at], text[at:end], text[end:])


@register.simple_tag
def key_groups() -> SafeString:
    """Return all keyboard shortcuts, by group."""
    line = '<div{} data-keys="{}" data-does="{}"><dt>{}</dt><dd>{}</dd></div>'
    lines = [
        (
            group,
            format_html_join(
                "",
                line,
                ((_within_attribute(one), one.keys, one.act, one.label, keys_of(one.act, one.keys)) for one in keys),
            ),
        )
        for group, keys in known.shortcut_groups()
    ]
    return format_html_join("", "<section><h3>{}</h3><dl>{}</dl></section>", lines)


def _within_attribute(one: known.Shortcut) -> SafeString:
    if one.within:
        return format_html(' data-within="{}"', one.within)
    return SafeString()


@register.simple_tag
def keys_of(act: str, keys: str = "") -> SafeString:
    """Render the keys of an action; nothing if it has no shortcut. palette.js shows ⌘ instead of Ctrl on a Mac."""
    pressed = keys.split() or known.keys_of(act)
    return format_html_join("", "{}", ((_render_key(key),) for key in pressed))


def _render_key(key: str) -> SafeString:
    if key == "Ctrl":
        return mark_safe('<kbd data-mac="⌘">Ctrl</kbd>')
    return format_html("<kbd>{}</kbd>", key if len(key) > 1 else key.upper())


@register.simple_tag(takes_context=True)
def action(context: template.Context, act: str) -> palette.PaletteItem | None:
    """Return the palette action of a keyboard shortcut; None if the member may not."""
    request: Any = context["request"]
    return palette.action_of(request.member, request.tenant.slug, act)


@register.simple_tag(takes_context=True)
def search(context: template.Context) -> pages.FrameLinkEntry | None:
    """Return the page of the search box; None if no app has one."""
    request: Any = context["request"]
    return pages.search_link(request.member, request.tenant.slug)


@register.simple_tag(takes_context=True)
def record_url(context: template.Context, record: Model) -> str:
    """Return the URL of a record's page; blank for one without."""
    request: Any = context["request"]
    return record_pages.record_url(record, request.tenant.slug)


@register.simple_tag(takes_context=True)
def records_url(context: template.Context, record: Model) -> str:
    """Return the URL of the list that contains a record."""
    return record_pages.records_url(type(record), context["request"].tenant.slug)


@register.simple_tag(takes_context=True)
def record_link(context: template.Context, record: Model, purpose: str) -> str:
    """Return the URL another app has for a purpose on a record; blank if there is none for this member."""
    request: Any = context["request"]
    return record_pages.record_link(record, purpose, by=request.member, slug=request.tenant.slug)


@register.simple_tag(takes_context=True)
def why_url(context: template.Context, entry: Any) -> str:
    """Return the URL of the page that explains a timeline entry; blank if this member has none."""
    request: Any = context["request"]
    return event_words.why_url(entry.why, by=request.member, slug=request.tenant.slug)
