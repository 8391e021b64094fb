"""Pages of customers: the list, one customer, and the forms that correct one."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.jobs.customer_visibility import person_refusal, visible_people
from crm.jobs.customers.corrections import CustomerPart, find_part, undoable_correction
from crm.jobs.customers.customer_list import BY_NAME, CUSTOMERS
from crm.jobs.customers.page import context_of
from crm.jobs.customers.rows import rows_of
from crm.jobs.models import Job
from crm.jobs.timeline.narrowing import asks_alone
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people import erasure
from crm.people.models import Person
from crm.platform.models import AccessLog
from crm.platform.organization.configuration import directory
from crm.web.lists.conditions.query import tidy
from crm.web.lists.page import frame
from crm.web.lists.paging import read_page
from crm.web.reader import Reader
from crm.web.requests.form_version import is_stale, stale_message
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.requests.reauthentication import ask_to_confirm, recently_confirmed


@require("people.view")
@require_GET
def customers(request: TenantRequest) -> HttpResponse:
    """List the customers the member may see, by name."""
    member = request.member
    filters = CUSTOMERS.read(request.GET, member)
    page = read_page(CUSTOMERS.apply(filters, member), request.GET, BY_NAME)
    columns = CUSTOMERS.columns_of(filters, member)
    context = {
        "rows": rows_of(page.rows, member, Reader.of(member, clock.now()), request.tenant.slug, columns),
        "heads": CUSTOMERS.heads_of(columns, filters),
        "page": page,
        "first_url": filters.query(),
        "kept": parse_qsl(filters.changed(q="").query().removeprefix("?")),
        **frame(request, CUSTOMERS, filters),
    }
    AccessLog.objects.note_reads(page.rows, by=member)
    return render(request, "jobs/customers/list.html", context)


def seen_person(request: TenantRequest, uid: UUID) -> Person:
    """Return a person the member may see. Raises Http404."""
    person: Person | None = visible_people(request.member).select_related("company").filter(uid=uid).first()
    if person is None:
        raise Http404
    return person


@require("people.view")
@require_GET
def customer(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show one customer; one that was merged redirects to the person it was merged into. Recorded in the access log."""
    merged: Person | None = Person.objects.filter(uid=uid, merged_into__isnull=False).first()
    if merged is not None:
        kept = visible_people(request.member).filter(pk=merged.merged_into_id).first()
        if kept is None:
            raise Http404
        return redirect("people:person", request.tenant.slug, kept.uid)
    person = seen_person(request, uid)
    AccessLog.objects.note_read(person, by=request.member)
    template = "jobs/customers/person.html"
    if asks_alone(request):
        template = "jobs/_timeline.html"
    return render(request, template, context_of(request, person))


@require("jobs.correct")
def correct(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show the form of one part of a customer (`?part=`); POST saves it, unless it was changed since."""
    person = seen_person(request, uid)
    if why := _refusal_words(request, person):
        messages.error(request, why)
        return redirect("people:person", request.tenant.slug, uid)
    with transaction.atomic():
        person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        if request.method == "POST":
            posted = request.POST
        else:
            posted = request.GET
        country = directory().default_brand.country
        part = find_part(person, posted.get("part", ""), posted.get("of", ""), country=country)
        if part is None:
            raise Http404
        if request.method == "POST":
            return _save_correction(request, person, part)
        return _form_response(request, person, part)


def _refusal_words(request: TenantRequest, person: Person) -> str:
    jobs = Job.objects.visible_to(request.member).filter(person=person)
    return person_refusal(person, jobs, by=request.member)


def _save_correction(request: TenantRequest, person: Person, part: CustomerPart) -> HttpResponse:
    if is_stale(request, part.version):
        return _form_response(request, person, part, stale_message(), HTTPStatus.CONFLICT)
    values = {name: tidy(str(value)) for name, value in request.POST.items()}
    try:
        with undoable_correction(person, by=request.member):
            part.apply(values, request.member)
    except Refused as why:
        typed = [replace(each, value=values.get(each.name, each.value)) for each in part.inputs]
        return _form_response(request, person, part, str(why), HTTPStatus.UNPROCESSABLE_ENTITY, typed)
    messages.success(request, _("Saved."))
    return redirect("people:person", request.tenant.slug, person.uid)


def _form_response(
    request: TenantRequest,
    person: Person,
    part: CustomerPart,
    why: str = "",
    status: int = HTTPStatus.OK,
    typed: list[Any] | None = None,
) -> HttpResponse:
    """Render the form as a fragment for htmx, otherwise as a page. `why`: why it was refused."""
    context = {"person": person, "part": part, "inputs": typed or part.inputs, "why": why}
    template = "jobs/customers/correct.html"
    if request.htmx:
        template = "jobs/customers/_part.html"
    return render(request, template, context, status=status)


@require("people.erase")
def erase(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show what erasing a person would delete and what remains; POST erases, with their name typed to confirm."""
    person = seen_person(request, uid)
    why = ""
    if not recently_confirmed(request):
        return ask_to_confirm(request)
    if request.method == "POST":
        typed = " ".join(tidy(request.POST.get("name", "")).split())
        try:
            if typed.casefold() != " ".join(person.name.split()).casefold():
                raise Refused(_("Type the name exactly as shown above."))
            erasure.erase(person, by=request.member)
        except Refused as refused:
            why = str(refused)
        else:
            messages.success(request, _("Erased. What remains does not identify the customer."))
            return redirect("people:person", request.tenant.slug, uid)
    context = {"person": person, "why": why, "hold": erasure.hold_of(person), "holdings": erasure.holdings(person)}
    return render(request, "jobs/customers/erase.html", context, status=422 if why else 200)


@require("jobs.correct")
@require_POST
def confirm(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Confirm a person created from a message as a separate customer."""
    person = seen_person(request, uid)
    if why := _refusal_words(request, person):
        messages.error(request, why)
    else:
        person.confirm(by=request.member)
        messages.success(request, _("Confirmed as a customer of their own."))
    return redirect("people:person", request.tenant.slug, uid)
