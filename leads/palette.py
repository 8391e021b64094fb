"""Command palette entries of leads: leads that match, actions on the first of them, and the saved views."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.jobs.list.search_hits import Hit, found_by, hits
from crm.jobs.models import Job
from crm.kernel import formats
from crm.people.models import ContactPoint
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.lists.conditions.query import tidy
from crm.web.requests.http import TenantRequest
from crm.web.shell.palette import Group, Item, matches
from crm.web.shell.record_pages import record_link
from leads.lead_list import LEADS

MOST = 6


def found(request: TenantRequest, text: str) -> Iterator[Group]:
    """Find leads and customers, then actions on the best one; without text the views."""
    slug, text = request.tenant.slug, tidy(text)
    leads = hits(request, text, most=MOST)
    yield Group(_("Leads and customers"), [_line(hit) for hit in leads])
    if leads:
        with_it = _("With %(name)s") % {"name": leads[0].job.title}
        yield Group(with_it, _with(leads[0].job, slug, request.member))
    start = reverse("leads:list", args=[slug])
    shown = [Item(str(view.name), start + view.filters.query(), "list-filter") for view in LEADS.views(request.member)]
    yield Group(_("Views"), [item for item in shown if matches(text, item.label)])
    yield Group(_("Anything else"), list(_else(request, slug, text)) if text else [])


def _line(hit: Hit) -> Item:
    why = "" if hit.why == "name" else found_by(hit.why)
    note = " · ".join(part for part in (f"#{hit.row.number}", hit.row.facts, why) if part)
    return Item(
        hit.row.title, hit.row.url, note=note, face=hit.row.title, bar=hit.bar, age=hit.words.age, age_css=hit.words.css
    )


def _with(job: Job, slug: str, by: Member) -> list[Item]:
    items = []
    country = directory().tenant.country
    for point in ContactPoint.objects.filter(person_id=job.person_id).order_by("-kind", "pk")[:3]:
        if point.kind == ContactPoint.Kind.PHONE:
            number = formats.phone(point.value, country)
            items.append(Item(_("Call %(number)s") % {"number": number}, f"tel:{point.value}", "phone"))
        else:
            items.append(Item(_("Email %(address)s") % {"address": point.value}, f"mailto:{point.value}", "mail"))
    plan = record_link(job, "plan", by=by, slug=slug) if job.is_open else ""
    return [*items, Item(_("Plan the next step"), plan, "clock-check", act="plan", dialog=True)] if plan else items


def _else(request: TenantRequest, slug: str, text: str) -> Iterator[Item]:
    search = f"{reverse('jobs:search', args=[slug])}?{urlencode({'q': text})}"
    yield Item(_("Search leads for “%(text)s”") % {"text": text}, search, "search")
    if allows(request.member, "leads.open"):
        url = f"{reverse('leads:open', args=[slug])}?{urlencode({'name': text})}"
        yield Item(_("New lead “%(text)s”") % {"text": text}, url, "plus", dialog=True)
