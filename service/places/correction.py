"""The form of one custom field of a place."""

from dataclasses import dataclass, replace
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from crm.jobs.fields.record_form import fill_in_typed, own_field_input
from crm.jobs.fields.setup import find_own_field
from crm.jobs.models import Job
from crm.jobs.models.fields import OwnField
from crm.jobs.models.job_undo import CORRECTED
from crm.kernel.refusal import Refused
from crm.people.models import Property
from crm.platform import undo
from crm.platform.models import AccessLog
from crm.web.lists.conditions.query import tidy
from crm.web.requests.correction_input import CorrectionInput
from crm.web.requests.form_version import is_stale, stale_message, version_of
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from service.places.visibility import visible_places


@dataclass(frozen=True)
class PlacePart:
    """The form of a custom field of a place."""

    key: str
    input: CorrectionInput
    version: str


@require("jobs.correct")
def correct_place(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show the form of one custom field of a place (`?part=`); POST saves it, unless it was changed since."""
    place = get_object_or_404(visible_places(request.member), uid=uid)
    if request.method == "POST":
        key = request.POST.get("part", "")
    else:
        key = request.GET.get("part", "")
    field = find_own_field(Property, key)
    if field is None:
        raise Http404
    if request.method == "POST":
        return _save_field(request, place, field, key)
    AccessLog.objects.note_read(place, by=request.member)
    return _form_response(request, place, _part_of(place, field, key))


def _part_of(place: Property, field: OwnField, key: str) -> PlacePart:
    own_input = own_field_input(field, place)
    return PlacePart(key, own_input, version_of(key, own_input.value))


def _save_field(request: TenantRequest, place: Property, field: OwnField, key: str) -> HttpResponse:
    """Save the typed value. The undo belongs to the newest visible lead there, as for the details of a customer."""
    leads = Job.objects.visible_to(request.member).filter(site=place).order_by("-pk")[:1]
    typed = tidy(request.POST.get(key, ""))
    try:
        with undo.record_undoable("job.corrected", leads, by=request.member, columns=CORRECTED):
            place.lock()
            part = _part_of(place, field, key)
            if is_stale(request, part.version):
                return _form_response(request, place, part, stale_message(), HTTPStatus.CONFLICT)
            fill_in_typed(field, place, typed, by=request.member)
    except Refused as why:
        typed_part = PlacePart(key, replace(part.input, value=typed), part.version)
        return _form_response(request, place, typed_part, str(why), HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("Saved."))
    return redirect("service:place", request.tenant.slug, place.uid)


def _form_response(
    request: TenantRequest, place: Property, part: PlacePart, why: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    """Render the form as a fragment for htmx, otherwise as a page. `why`: why it was refused."""
    template = "service/places/correct.html"
    if request.htmx:
        template = "service/places/_part.html"
    return render(request, template, {"place": place, "part": part, "why": why}, status=status)
