"""Command palette entries of leads: actions on the open or selected leads, leads that match,
actions on the first of them, and the saved views.
"""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.jobs.action_choices import next_stage, receivers
from crm.jobs.list.search_hits import LeadHit, found_by, hits
from crm.jobs.models import Job, Side
from crm.kernel import formats
from crm.kernel.whole_numbers import read_number
from crm.people.models import ContactPoint
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.lists.conditions.query import tidy
from crm.web.requests.http import TenantRequest
from crm.web.shell.palette import PaletteGroup, PaletteItem, matches
from crm.web.shell.record_pages import record_link
from leads.lead_list import LEADS

MOST = 6


def find_groups(request: TenantRequest, text: str) -> Iterator[PaletteGroup]:
    """Find leads and customers, then actions on the best match; without text the views."""
    slug = request.tenant.slug
    text = tidy(text)
    leads = hits(request, text, most=MOST)
    yield PaletteGroup(_("Leads and customers"), [_lead_item(hit) for hit in leads])
    if leads:
        with_it = _("With %(name)s") % {"name": leads[0].job.title}
        yield PaletteGroup(with_it, _items_for_lead(leads[0].job, slug, request.member))
    start = reverse("leads:list", args=[slug])
    items = [
        PaletteItem(str(view.name), start + view.filters.query(), "list-filter") for view in LEADS.views(request.member)
    ]
    yield PaletteGroup(_("Views"), [item for item in items if matches(text, item.label)])


def otherwise(request: TenantRequest, text: str) -> Iterator[PaletteGroup]:
    """Offer to search for the text, or to open a lead with it: always the last entries."""
    text = tidy(text)
    yield PaletteGroup(_("Anything else"), list(_fallback_items(request, request.tenant.slug, text)) if text else [])


def in_hand(request: TenantRequest, text: str) -> Iterator[PaletteGroup]:
    """Offer actions on the page's selection or lead, as sent by palette.js."""
    count = request.GET.get("selected", "")[:6]
    number = read_number(request.GET.get("job"))
    if count and allows(request.member, "jobs.bulk"):
        yield _matching_group(_("With the %(count)s selected") % {"count": count}, _on_selected(request.member), text)
    elif number is not None:
        job = Job.objects.visible_to(request.member).filter(number=number).first()
        if job:
            items = _on_lead(job, request.member, on_page=request.GET.get("on") == "lead")
            yield _matching_group(_("With %(name)s") % {"name": job.title}, items, text)


def _matching_group(name: str, items: Iterator[PaletteItem], text: str) -> PaletteGroup:
    matching = [item for item in items if matches(text, item.label, item.words)]
    # What is in hand is meant before anything else that is called the same.
    return PaletteGroup(name, matching, is_named=bool(text and matching))


def _action_item(act: str, icon: str, label: str, words: str = "") -> PaletteItem:
    return PaletteItem(label, "", icon, act=act, press=True, words=words)


def _on_selected(by: Member) -> Iterator[PaletteItem]:
    yield _action_item("assign", "user-plus", _("Assign"))
    yield _action_item("plan", "clock-check", _("Follow up"))
    yield _action_item("move", "square-kanban", _("Move to …"))
    yield _action_item("priority", "flag", _("Priority"))
    if allows(by, "export"):
        yield _action_item("export", "file-down", _("Export"))


def _on_lead(job: Job, by: Member, *, on_page: bool) -> Iterator[PaletteItem]:
    """List this member's actions on the lead; on its own page more than on a row of the list."""
    if job.is_open:
        yield _action_item("plan", "clock-check", _("Plan the next step"))
    if allows(by, "comms.send"):
        yield _action_item("write", "message-square-more", _("Text or email"), _("write message reply sms mail"))
    if allows(by, "jobs.move"):
        yield _action_item("log", "phone", _("Log a call, text, email or visit"))
        yield from _movement_items(job, on_page=on_page)
    if allows(by, "jobs.claim") and receivers(job, by):
        yield _action_item("assign", "user-plus", _("Assign…"))
    if allows(by, "jobs.note") and on_page:
        yield _action_item("note", "sticky-note", _("Write a note"))


def _movement_items(job: Job, *, on_page: bool) -> Iterator[PaletteItem]:
    if not job.is_open:
        if on_page:
            yield _action_item("reopen", "undo-2", _("Reopen"))
        return
    is_paused = job.side == Side.PAUSED
    if (onward := next_stage(job)) and not is_paused:
        yield _action_item("move-next", "arrow-right", _("Move to %(step)s") % {"step": onward.name})
    yield _action_item("move", "square-kanban", _("Move to …"))
    if is_paused and on_page:
        yield _action_item("resume", "play", _("Resume"), _("unpause continue hold"))
    elif not is_paused:
        yield _action_item("hold", "pause", _("On hold…"), _("pause wait later snooze park"))
    yield _action_item("lose", "circle-x", _("Lost…"), _("lose close dead"))
    yield _action_item("priority", "flag", _("Priority…"))


def _lead_item(hit: LeadHit) -> PaletteItem:
    if hit.why == "name":
        why = ""
    else:
        why = found_by(hit.why)
    note = " · ".join(part for part in (f"#{hit.row.number}", hit.row.facts, why) if part)
    return PaletteItem(
        hit.row.title, hit.row.url, note=note, face=hit.row.title, bar=hit.bar, age=hit.words.age, age_css=hit.words.css
    )


def _items_for_lead(job: Job, slug: str, by: Member) -> list[PaletteItem]:
    items = []
    country = directory().tenant.country
    write = record_link(job, "write", by=by, slug=slug)
    for point in ContactPoint.objects.filter(person_id=job.person_id).order_by("-kind", "pk")[:3]:
        if point.kind == ContactPoint.PointKind.PHONE:
            number = f"{formats.phone(point.value, country)} {point.note}".strip()
            items.append(PaletteItem(_("Call %(number)s") % {"number": number}, f"tel:{point.value}", "phone"))
            text = _("Text %(number)s") % {"number": number}
            items.append(PaletteItem(text, _compose_url(write, "sms", point), "message-square-more", dialog=True))
        elif point.kind == ContactPoint.PointKind.EMAIL:
            words = _("Email %(address)s") % {"address": point.value}
            items.append(PaletteItem(words, _compose_url(write, "email", point), "mail", dialog=True))
    items = [item for item in items if item.url]
    if allows(by, "jobs.move"):
        log = reverse("jobs:reach", args=[slug, job.number])
        items.append(PaletteItem(_("Log a call, text, email or visit"), log, "phone", act="log"))
    plan = ""
    if job.is_open:
        plan = record_link(job, "plan", by=by, slug=slug)
    if plan:
        return [*items, PaletteItem(_("Plan the next step"), plan, "clock-check", act="plan", dialog=True)]
    return items


def _compose_url(url: str, medium: str, point: ContactPoint) -> str:
    """Return the URL of the composer for a contact point; blank for members who may not write."""
    if url:
        return f"{url}?{urlencode({'medium': medium, 'to': point.value})}"
    return ""


def _fallback_items(request: TenantRequest, slug: str, text: str) -> Iterator[PaletteItem]:
    search = f"{reverse('jobs:search', args=[slug])}?{urlencode({'q': text})}"
    yield PaletteItem(_("Search leads for “%(text)s”") % {"text": text}, search, "search")
    if allows(request.member, "leads.open"):
        url = f"{reverse('leads:open', args=[slug])}?{urlencode({'name': text})}"
        yield PaletteItem(_("New lead “%(text)s”") % {"text": text}, url, "plus", dialog=True)
