"""Actions on one notice: mark as read, acknowledge, mute its kind."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.platform.events import hints
from crm.web.actions.row_action import safe_next
from crm.web.models import Notice
from crm.web.notices.acknowledgements import take_up
from crm.web.notices.kinds import known_kind
from crm.web.notices.notify import TOPIC
from crm.web.notices.preferences import switch_off
from crm.web.notices.views import VIEW
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require


def _get_notice(request: TenantRequest, uid: UUID) -> Notice:
    row: Notice = get_object_or_404(Notice.objects.to(request.member), uid=uid)
    return row


def _redirect_back(request: TenantRequest) -> HttpResponse:
    hints.touch(TOPIC)
    return redirect(safe_next(request) or reverse("notices", args=[request.tenant.slug]))


@require(VIEW)
@require_POST
def read(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Mark a notice, and those grouped on its line, as read without opening it."""
    notice = _get_notice(request, uid)
    same = Notice.objects.to(request.member).filter(kind=notice.kind)
    if notice.subject_id:
        same = same.filter(subject_kind=notice.subject_kind, subject_id=notice.subject_id)
    else:
        same = same.filter(pk=notice.pk)
    same.mark_read()
    return _redirect_back(request)


@require(VIEW)
@require_POST
def take(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Acknowledge a notice. 404 if its kind requires no acknowledgement."""
    notice = _get_notice(request, uid)
    row = take_up(notice.kind, notice.key, by=request.member)
    if row is None:
        raise Http404
    if row.by_id == request.member.pk:
        messages.success(request, _("You’re on it. Colleagues can see that, and nobody else is notified."))
    else:
        messages.success(request, _("A colleague has already taken it."))
    return _redirect_back(request)


@require(VIEW)
@require_POST
def mute_kind(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Turn off notices of this kind for the member."""
    kind = known_kind(_get_notice(request, uid).kind)
    if kind is None:
        raise Http404
    switch_off(request.member, kind)
    sentence = _("Notices of this kind are off: %(kind)s. Switch them on again in the notice settings.")
    messages.success(request, sentence % {"kind": kind.label})
    return _redirect_back(request)
