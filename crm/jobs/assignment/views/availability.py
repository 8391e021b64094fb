"""A member's own page: pause new work, plan absences and cover. Managers set these, limits and hours for all."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from crm.jobs.assignment.features import MANAGE
from crm.jobs.assignment.forms import AbsenceForm, LimitsForm, PauseForm, midnight, zone_of
from crm.jobs.assignment.views.absence_words import describe_absence
from crm.jobs.assignment.work import kinds
from crm.jobs.models.assignment import Absence, Availability, Capacity
from crm.jobs.models.assignment.setup import assignment_setup
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.settings.page import Context, settings_page


def version(uid: UUID) -> str:
    """Hash what the page's forms show."""
    setup = assignment_setup()
    member = _get_member(uid)
    own = setup.availability.get(member.pk)
    absences = [
        (one.pk, one.starts_at, one.ends_at, one.note, one.cover_id) for one in setup.absences.get(member.pk, ())
    ]
    limits = sorted((kind, limit) for (pk, kind), limit in setup.limits.items() if pk == member.pk)
    return version_of(own and (own.paused_at, own.paused_until, own.calendar_id), absences, limits)


@settings_page("jobs:availability", "assignment.own", "jobs/assignment/availability.html", version=version, of=("uid",))
def availability(request: TenantRequest, uid: UUID) -> Context:
    """Show whether the member takes work, and their absences."""
    member = _check_manages(request, _get_member(uid))
    reader = Reader.of(request.member, clock.now())
    setup = assignment_setup()
    own = setup.availability.get(member.pk)
    paused = None
    if own and own.is_paused(reader.now):
        paused = own
    manages = allows(request.member, MANAGE)
    return {
        "member": member,
        "is_own": member.pk == request.member.pk,
        "manages": manages,
        "paused": paused,
        "paused_until": reader.long_day(paused.paused_until - timedelta(seconds=1))
        if paused and paused.paused_until
        else "",
        "absences": [
            (describe_absence(one, reader), _bound_form(member, one))
            for one in setup.absences.get(member.pk, ())
            if one.ends_at is None or one.ends_at > reader.now
        ],
        "pause_form": PauseForm(),
        "absence_form": AbsenceForm(member, initial={"gives_back": True}),
        # As it was filled in, where it was refused.
        "absence_sent": AbsenceForm(member, request.POST),
        "limits_form": LimitsForm(initial=_limit_values(member)) if manages else None,
    }


def _bound_form(member: Member, absence: Absence) -> AbsenceForm:
    """Return the form filled with an existing absence."""
    zone = zone_of(member)
    last = absence.ends_at
    cover = None
    if absence.cover_id:
        cover = directory().members.get(absence.cover_id)
    values = {
        "starts": absence.starts_at.astimezone(zone).date(),
        "ends": (last - timedelta(seconds=1)).astimezone(zone).date() if last else None,
        "note": absence.note,
        "cover": str(cover.uid) if cover else "",
        "gives_back": absence.gives_back,
    }
    return AbsenceForm(member, initial=values, auto_id=f"absence-{absence.pk}-%s")


def _limit_values(member: Member) -> dict[str, Any]:
    setup = assignment_setup()
    own = setup.availability.get(member.pk)
    limits = {work.kind: setup.limits.get((member.pk, work.kind)) for work in kinds()}
    return limits | {"calendar": str(own.calendar_id) if own and own.calendar_id else ""}


def _get_member(uid: UUID) -> Member:
    member = next((one for one in directory().members.values() if one.uid == uid and one.active), None)
    if member is None:
        raise Http404
    return member


def _check_manages(request: TenantRequest, member: Member) -> Member:
    """Return the member. Raises Http404 unless it is the requesting member, or they may manage all members."""
    if member.pk != request.member.pk and not allows(request.member, MANAGE):
        raise Http404
    return member


def _check_form(form: forms.Form) -> forms.Form:
    if not form.is_valid():
        raise Refused(" ".join(str(error) for errors in form.errors.values() for error in errors))
    return form


@availability.action(_get_member)
def pause_member(request: TenantRequest, member: Member) -> str:
    """Assign the member no new work, until the end of a day or until resumed."""
    form = _check_form(PauseForm(request.POST))
    day = form.cleaned_data["until"]
    until = None
    if day:
        until = midnight(day + timedelta(days=1), zone_of(member))
    if until and until <= clock.now():
        raise Refused(_("That day is over."))
    Availability.pause(_check_manages(request, member), until=until, by=request.member)
    return _("New work is paused for you.")


@availability.action(_get_member)
def resume_member(request: TenantRequest, member: Member) -> str:
    """Resume assigning new work to the member."""
    Availability.resume(_check_manages(request, member), by=request.member)
    return _("You get new work again.")


@availability.action(_get_member)
def add_absence(request: TenantRequest, member: Member) -> str:
    """Plan an absence."""
    form = AbsenceForm(_check_manages(request, member), request.POST)
    _check_form(form)
    Absence.plan(member, by=request.member, **form.facts)
    return _("Absence added.")


def _get_absence(uid: UUID, pk: int) -> Absence:
    return get_object_or_404(Absence.objects.all(), member=_get_member(uid), pk=pk)


@availability.action(_get_absence)
def change_absence(request: TenantRequest, absence: Absence) -> str:
    """Change an absence's days, note and cover; one that has begun keeps its first day."""
    member = _check_manages(request, directory().members[absence.member_id])
    form = AbsenceForm(member, request.POST)
    _check_form(form)
    absence.change(by=request.member, **form.facts)
    return _("Absence added.")


@availability.action(_get_absence)
def end_absence(request: TenantRequest, absence: Absence) -> str:
    """End an absence, or cancel one that has not begun."""
    _check_manages(request, directory().members[absence.member_id])
    absence.end(by=request.member)
    if absence.pk:
        return _("The absence is over.")
    return _("The absence is removed.")


@availability.action(_get_member, permission=MANAGE)
def set_limits(request: TenantRequest, member: Member) -> str:
    """Set the member's hours and limits."""
    form = LimitsForm(request.POST)
    _check_form(form)
    Availability.work_by(member, form.calendars.get(form.cleaned_data["calendar"]), by=request.member)
    for work in kinds():
        Capacity.set(member, work.kind, form.cleaned_data[work.kind], by=request.member)
    return _("Saved.")
