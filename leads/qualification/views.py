"""Hand off a lead or keep it; the settings of partners and of work we do not do."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from crm.automation.editor.conditions import RuleConditions, focused_row
from crm.automation.editor.rule_text import condition_text
from crm.automation.points.counting import job_kind
from crm.automation.registry.lists import list_url
from crm.automation.setup import groups_of, read_conditions
from crm.jobs.assignment.features import MANAGE
from crm.jobs.models import Job
from crm.jobs.views.job_action import action, sheet
from crm.kernel.refusal import Refused
from crm.web.actions.row_action import InvalidForm
from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.settings.named_rows import NamedRows, row_context
from crm.web.settings.page import Context, settings_page
from leads.models.qualification import Doubt, NoGo, Partner
from leads.qualification.disqualification import conditions_of_no_gos
from leads.qualification.hand_on import LONGEST, Texts, hand_on, propose_texts

NOBODY = "nobody"


def _active_partners() -> list[Partner]:
    return list(Partner.objects.filter(archived_at=None))


def _render_form(request: TenantRequest, job: Job, why: str = "") -> HttpResponse:
    if request.method == "POST":
        posted = request.POST
    else:
        posted = request.GET
    chosen = _find_partner(posted.get("partner", ""))
    texts = propose_texts(job, chosen)
    customer = posted.get("customer")
    # A page without scripts learns of the partner as it is sent: what nobody wrote themselves is proposed then.
    is_plain = customer is None or customer.strip() == propose_texts(job, None).customer
    context = {
        "partners": _active_partners(),
        "chosen": chosen,
        "customer": texts.customer if is_plain else customer,
        "to_partner": posted.get("to_partner") or texts.partner,
        "consent": posted.get("consent", ""),
        "longest": LONGEST,
        "problem": why,
    }
    return sheet(request, job, "leads/_hand_on.html", context, status=422 if why else 200)


def _find_partner(typed: str) -> Partner | None:
    return next((row for row in _active_partners() if str(row.pk) == typed), None)


@action("job.lost", ask=_render_form)
def hand_lead_on(request: TenantRequest, job: Job) -> str:
    """Show both texts; POST sends them and closes the lead. An undo cancels messages not sent yet."""
    typed = request.POST.get("partner", "")
    chosen = _find_partner(typed)
    if chosen is None and typed != NOBODY:
        raise InvalidForm(partial(_render_form, request, job, _("Choose a partner, or nobody.")))
    texts = Texts(_posted_text(request, "customer"), _posted_text(request, "to_partner"))
    consent = request.POST.get("consent", "")
    try:
        hand_on(job, chosen, texts, consent=consent, by=request.member, version=request.POST["stay"])
    except Refused as why:
        raise InvalidForm(partial(_render_form, request, job, str(why))) from None
    if chosen is None:
        return _("%(title)s: declined.") % {"title": job.title}
    return _("%(title)s: referred to %(partner)s.") % {"title": job.title, "partner": chosen.name}


def _posted_text(request: TenantRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\r\n", "\n")[:LONGEST]


@action()
def keep(request: TenantRequest, job: Job) -> str:
    """Clear the doubt: the lead is work of ours."""
    for doubt in Doubt.objects.filter(pk=job.pk):
        doubt.settle(by=request.member)
    return _("%(title)s: it is ours.") % {"title": job.title}


def version() -> str:
    """Hash the contents of the partners page."""
    return version_of([(row.pk, row.name, row.email, row.does, row.area, row.archived_at) for row in _all_partners()])


def _all_partners() -> list[Partner]:
    return list(Partner.objects.all())


ROWS = NamedRows(
    address="leads:%s_partner",
    none=gettext_lazy("No partner yet."),
    new=gettext_lazy("New partner"),
    add=gettext_lazy("Add partner"),
    facts="leads/_partner_facts.html",
    fields="leads/_partner_fields.html",
    new_fields="leads/_new_partner.html",
)


@settings_page("leads:partners", MANAGE, ROWS, version=version)
def partners(request: TenantRequest) -> Context:
    """Show the partners, and the archived ones."""
    return row_context(_all_partners())


def _posted_values(request: TenantRequest, partner: Partner | None) -> Context:
    return {name: " ".join(request.POST.get(name, "").split()) for name in Partner.FIELDS}


# Archived: leads that were handed on to them say so still.
add_partner, edit_partner, archive_partner, restore_partner = partners.row_actions(
    Partner, _posted_values, added=gettext_lazy("Leads can be referred to %(name)s now.")
)


@require(MANAGE)
def no_gos(request: TenantRequest) -> HttpResponse:
    """Show the conditions of work we do not do, and the form to add one."""
    if request.method != "POST":
        builder = RuleConditions.empty(job_kind())
        builder.act("add", "")
        return _render_no_gos(request, builder)
    builder = RuleConditions.from_form(job_kind(), request.POST)
    act, _colon, place = request.POST.get("do", "").partition(":")
    if act != "save":
        return _render_no_gos(request, builder, focus=builder.act(act, place))
    if not builder.judge():
        return _render_no_gos(request, builder, trouble=_("A condition is incomplete."))
    try:
        doer = _find_partner(request.POST.get("partner", ""))
        NoGo.add(request.POST.get("words", ""), builder.where(), partner=doer, by=request.member)
    except Refused as why:
        return _render_no_gos(request, builder, trouble=str(why))
    messages.success(request, _("Saved. New leads are checked from now on."))
    return redirect("leads:no_gos", request.tenant.slug)


def _render_no_gos(
    request: TenantRequest, builder: RuleConditions, *, trouble: str = "", focus: str = ""
) -> HttpResponse:
    working = {one.row.pk for one in conditions_of_no_gos()}
    slug = request.tenant.slug
    context: dict[str, Any] = {
        "rows": [
            (row, _describe_condition(row.where), list_url("job", row.where, slug), row.pk in working)
            for row in NoGo.objects.select_related("partner")
        ],
        "partners": _active_partners(),
        "builder": builder,
        "draft": {"focus": focus},
        "focus": focused_row(focus),
        "here": request.path,
        "words": request.POST.get("words", ""),
        "chosen": request.POST.get("partner", ""),
        "trouble": trouble,
    }
    return render(request, "leads/no_gos.html", context, status=422 if trouble else 200)


def _describe_condition(where: str) -> str:
    return _(" and ").join(condition_text(group) for group in groups_of(read_conditions(job_kind(), where)))


@require(MANAGE)
@require_POST
def remove_no_go(request: TenantRequest, pk: int) -> HttpResponse:
    """Remove a condition of work we do not do."""
    get_object_or_404(NoGo.objects.all(), pk=pk).remove(by=request.member)
    messages.success(request, _("Removed."))
    return redirect("leads:no_gos", request.tenant.slug)
