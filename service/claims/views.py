"""Views of insurance claims: the panel of a job, recording and editing a claim, and what mails propose."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.jobs.models import Job
from crm.kernel import clock, formats
from crm.kernel.days import parse_typed_day
from crm.kernel.normalization import parse_email, parse_phone
from crm.kernel.refusal import Refused
from crm.kernel.typed_values import parse_money
from crm.platform.access.permissions import allows
from crm.platform.models import AccessLog, Member
from crm.platform.organization.configuration import directory
from crm.platform.organization.readable_address import readable_address
from crm.web.actions.row_action import safe_next
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, is_fragment, page_path
from crm.web.requests.permissions import require
from service.claims.proposals import accept_value, habits_of, refuse_value
from service.models import ClaimField, ClaimMail, ClaimStatus, JobClaim

WORK = "jobs.correct"
LABELS = {"deductible": ClaimField.DEDUCTIBLE, "approved": ClaimField.APPROVED, "paid": ClaimField.PAID}


def _find_job(request: TenantRequest, number: int) -> Job:
    job: Job = get_object_or_404(Job.objects.visible_to(request.member).select_related("site"), number=number)
    return job


@require("jobs.view")
def claims(request: TenantRequest, number: int) -> HttpResponse:
    """Show the insurance claims of a job, with what mails of the carriers propose; as a page, or as a panel."""
    return _render_claims(request, _find_job(request, number))


def _render_claims(request: TenantRequest, job: Job, trouble: str = "") -> HttpResponse:
    reader = Reader.of(request.member, clock.now())
    rows = JobClaim.objects.filter(job=job).select_related("claim", "adjuster").order_by("pk")
    mails = ClaimMail.objects.filter(job_claim__in=rows, state="proposed").select_related("message").order_by("at")
    context = {
        "job": job,
        "claims": [_claim_facts(row, reader, [one for one in mails if one.job_claim_id == row.pk]) for row in rows],
        "may_work": allows(request.member, WORK),
        "here": page_path(request) or request.path,
        "trouble": trouble,
        "given": request.POST,
    }
    part = ""
    if is_fragment(request):
        part = "#panel"
    status = HTTPStatus.UNPROCESSABLE_ENTITY if trouble else HTTPStatus.OK
    return render(request, f"service/claims/claims.html{part}", context, status=status)


def _claim_facts(claim: JobClaim, reader: Reader, mails: list[ClaimMail]) -> dict[str, Any]:
    amounts = [
        (LABELS[name].label, formats.money(getattr(claim, name), claim.currency, reader.country, reader.language))
        for name in JobClaim.AMOUNTS
        if getattr(claim, name) is not None
    ]
    return {
        "row": claim,
        "status": ClaimStatus(claim.status).label,
        "lost_on": reader.date(claim.lost_on) if claim.lost_on else "",
        "amounts": amounts,
        "proposals": [
            (mail, [(field, label, values[field]) for field, label in ClaimField.choices if field in values])
            for mail, values in ((mail, mail.open_values) for mail in mails)
        ],
    }


@require(WORK)
@require_POST
def record_claim(request: TenantRequest, number: int) -> HttpResponse:
    """Record the claim that pays for a job."""
    job = _find_job(request, number)
    posted = request.POST
    try:
        JobClaim.record(job, carrier=posted.get("carrier", ""), number=posted.get("number", ""), by=request.member)
    except Refused as why:
        return _render_claims(request, job, str(why))
    messages.success(request, _("The claim was recorded."))
    return redirect(safe_next(request) or request.path.removesuffix("record/"))


@require(WORK)
def edit_claim(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show the form of a claim; POST saves it, unless it was changed since. Opening it is recorded: it has numbers."""
    visible = JobClaim.objects.visible_to(request.member).select_related("job", "claim", "adjuster")
    claim: JobClaim = get_object_or_404(visible, uid=uid)
    if request.method != "POST":
        AccessLog.objects.note_read(claim.claim, by=request.member)
        return _render_form(request, claim, _form_values(claim, request.member))
    if request.POST.get("version") != claim.form_version:
        sentence = _("Someone else changed this in the meantime. This is how it is now.")
        return _render_form(request, claim, _form_values(claim, request.member), sentence, HTTPStatus.CONFLICT)
    try:
        _save_form(request, claim)
    except Refused as why:
        return _render_form(request, claim, request.POST.dict(), str(why), HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("Saved."))
    return redirect("service:claims", request.tenant.slug, claim.job.number)


def _save_form(request: TenantRequest, claim: JobClaim) -> None:
    """Save a posted form as a whole. Raises Refused for the first value that is none."""
    posted = request.POST
    status = posted.get("status", "")
    if status not in ClaimStatus.values:
        raise Refused(_("Choose a status."))
    fields: dict[str, Any] = {"status": status, "lost_on": parse_typed_day(posted.get("lost_on", ""))}
    for name in JobClaim.AMOUNTS:
        typed = posted.get(name, "").strip()
        fields[name] = None
        if typed:
            fields[name], currency = parse_money(typed, habits_of(claim))
            if currency != claim.currency:
                raise Refused(_("Enter amounts in %(currency)s.") % {"currency": claim.currency})
    claim.edit(by=request.member, policy_number=posted.get("policy", ""), **fields)
    _save_adjuster(request, claim)


def _save_adjuster(request: TenantRequest, claim: JobClaim) -> None:
    """Save the adjuster of a posted form; without a name the claim has none. Raises Refused for an address alone."""
    posted = request.POST
    name = posted.get("adjuster", "").strip()
    email = posted.get("adjuster_email", "").strip()
    phone = posted.get("adjuster_phone", "").strip()
    if not name and claim.adjuster:
        # The form still has the addresses of the one who was removed.
        claim.remove_adjuster(by=request.member)
    elif name or email or phone:
        country = directory().brands[claim.job.brand_id].country
        claim.set_adjuster(
            name,
            email=parse_email(email) if email else "",
            phone=parse_phone(phone, country).e164 if phone else "",
            by=request.member,
        )


def _form_values(claim: JobClaim, member: Member) -> dict[str, str]:
    reader = Reader.of(member, clock.now())
    amounts = {
        name: formats.money(getattr(claim, name), claim.currency, reader.country, reader.language)
        for name in JobClaim.AMOUNTS
        if getattr(claim, name) is not None
    }
    return {
        "status": claim.status,
        "policy": claim.policy_number,
        "lost_on": claim.lost_on.isoformat() if claim.lost_on else "",
        **amounts,
        **_adjuster_values(claim),
    }


def _adjuster_values(claim: JobClaim) -> dict[str, str]:
    """Return name, email and phone of the adjuster as the form shows them."""
    if claim.adjuster is None:
        return {"adjuster": ""}
    points = claim.adjuster.contact_points.order_by("-pk")
    values = {f"adjuster_{point.kind}": readable_address(point.value) for point in points}
    return {"adjuster": claim.adjuster.name, **values}


def _render_form(
    request: TenantRequest, claim: JobClaim, given: dict[str, str], trouble: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {
        "claim": claim,
        "job": claim.job,
        "number": claim.claim.number,
        "given": given,
        "statuses": ClaimStatus.choices,
        "amounts": [(name, LABELS[name].label, given.get(name, "")) for name in JobClaim.AMOUNTS],
        "trouble": trouble,
    }
    return render(request, "service/claims/edit.html", context, status=status)


@require(WORK)
@require_POST
def decide_value(request: TenantRequest, uid: UUID, choice: str) -> HttpResponse:
    """Accept or refuse a value that a carrier's mail proposes."""
    visible = ClaimMail.objects.filed_and_visible_to(request.member)
    mail: ClaimMail = get_object_or_404(visible.select_related("job_claim__job"), uid=uid)
    field = request.POST.get("field", "")
    try:
        if choice == "accept":
            accept_value(mail, field, by=request.member)
            messages.success(request, _("The claim was updated."))
        else:
            refuse_value(mail, field, by=request.member)
            messages.success(request, _("The claim stays as it was."))
    except Refused as why:
        messages.warning(request, str(why))
    job_number = mail.job_claim.job.number if mail.job_claim else 0
    return redirect(safe_next(request) or request.path.partition("/mails/")[0] + f"/job/{job_number}/")
