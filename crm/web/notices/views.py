"""Views of a member's notices: open, mark as read, mute, and choose the notification channels."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.apps import apps
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from crm.kernel import clock
from crm.platform.events import hints
from crm.platform.push.installation_key import public_key
from crm.web.actions.row_action import safe_next
from crm.web.lists.paging import Order, read_page
from crm.web.models import Notice, NoticeMute, NoticeWay, PushSubscription, StaffNumber
from crm.web.notices.delivery.texts import confirmed_number, recent_text_replies, text_sender
from crm.web.notices.kinds import kinds_for, known_kind
from crm.web.notices.notice_lines import find_subject, notice_lines, visible_subjects
from crm.web.notices.notify import TOPIC, chosen_way
from crm.web.notices.preferences import mute, preference_of, save_preference, unmute
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from crm.web.shell.record_pages import record_url, visible_rows

NEWEST = Order(Notice, "at", "id", down=True)
VIEW = "notices.view"


@require(VIEW)
@require_GET
def notices(request: TenantRequest) -> HttpResponse:
    """List the member's notices, newest first. `?which=unread`: only unread ones; `kind`: only of one kind."""
    unread = request.GET.get("which") == "unread"
    mine = Notice.objects.to(request.member)
    kinds = kinds_for(request.member)
    chosen = next((kind for kind in kinds if kind.name == request.GET.get("kind")), None)
    if unread:
        rows = mine.unread()
    else:
        rows = mine
    page = read_page(rows.filter(kind=chosen.name) if chosen else rows, request.GET, NEWEST)
    query = {}
    if unread:
        query = {"which": "unread"}
    context = {
        "lines": notice_lines(page.rows, request.member, Reader.of(request.member, clock.now())),
        "page": page,
        "unread": unread,
        "kinds": [(kind.name, kind.label) for kind in kinds],
        "chosen": chosen.name if chosen else "",
        "first_url": "?" + urlencode(query | ({"kind": chosen.name} if chosen else {})),
    }
    part = ""
    if is_fragment(request):
        part = "#lines"
    return render(request, "web/notices/notices.html" + part, context)


@require(VIEW)
@require_GET
def notice(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Open the subject of a notice, and mark notices of this kind about it as read."""
    row: Notice = get_object_or_404(Notice.objects.to(request.member), uid=uid)
    same = Notice.objects.to(request.member).filter(kind=row.kind)
    same.filter(subject_kind=row.subject_kind, subject_id=row.subject_id).mark_read()
    hints.touch(TOPIC)
    return redirect(_notice_url(request, row) or reverse("notices", args=[request.tenant.slug]))


def _notice_url(request: TenantRequest, notice_: Notice) -> str:
    """Return the URL of the notice's subject, if the member may still see it."""
    slug = request.tenant.slug
    if notice_.subject_id:
        rows = visible_rows(apps.get_model(notice_.subject_kind), request.member)
        row = rows.filter(pk=notice_.subject_id).first()
        if row:
            return record_url(row, slug)
        return ""
    kind = known_kind(notice_.kind)
    if kind:
        return kind.place(slug)
    return ""


@require(VIEW)
@require_POST
def read_all(request: TenantRequest) -> HttpResponse:
    """Mark all notices as read."""
    Notice.objects.to(request.member).mark_read()
    hints.touch(TOPIC)
    return redirect("notices", request.tenant.slug)


@require(VIEW)
@require_POST
def mute_record(request: TenantRequest) -> HttpResponse:
    """Mute or unmute a record (`about`), for the member alone."""
    subject = find_subject(request.POST.get("about", ""), request.member)
    if subject is None:
        raise Http404
    if request.POST.get("on") == "no":
        unmute(request.member, subject)
        messages.success(request, _("You get notices about it again."))
    else:
        mute(request.member, subject)
        messages.success(request, _("Muted. You still get mentions."))
    hints.touch(TOPIC)
    if request.POST.get("back") == "record":
        back = record_url(subject, request.tenant.slug)
    else:
        back = safe_next(request)
    return redirect(back or reverse("notices", args=[request.tenant.slug]))


class WaysForm(forms.Form):
    """Form with the delivery of each kind of notice, and the working hours setting."""

    working_hours_only = forms.BooleanField(
        label=gettext_lazy("Email in working hours only"),
        required=False,
        help_text=gettext_lazy("What happens in the evening is emailed when you open again."),
        widget=forms.CheckboxInput({"class": "check"}),
    )

    def __init__(self, request: TenantRequest) -> None:
        super().__init__(request.POST if request.method == "POST" else None)
        preference = preference_of(request.member)
        self.initial = {"working_hours_only": preference.working_hours_only}
        self.kinds = kinds_for(request.member)
        # By text where a number is confirmed; who chose it before keeps it, and gets it by email meanwhile.
        ways = [choice for choice in NoticeWay.choices if choice[0] != NoticeWay.TEXT]
        if confirmed_number(request.member) or NoticeWay.TEXT in preference.ways.values():
            ways = NoticeWay.choices
        for kind in self.kinds:
            offered = ways
            if kind.is_delivered_by_app:
                offered = [choice for choice in NoticeWay.choices if choice[0] in (NoticeWay.OFF, NoticeWay.APP)]
            self.fields[kind.name] = forms.ChoiceField(
                label=str(kind.label),
                choices=offered,
                initial=chosen_way(preference, kind),
                widget=forms.Select({"class": "select"}),
            )
        self.order_fields([*(kind.name for kind in self.kinds), "working_hours_only"])

    def ways(self) -> dict[str, str]:
        """Return the chosen delivery by kind."""
        return {kind.name: self.cleaned_data[kind.name] for kind in self.kinds}


@require(VIEW)
def settings(request: TenantRequest) -> HttpResponse:
    """Show and save the member's notification channels, and show what they have muted."""
    form = WaysForm(request)
    if form.is_bound and form.is_valid():
        save_preference(request.member, form.ways(), working_hours_only=form.cleaned_data["working_hours_only"])
        messages.success(request, _("Saved."))
        return redirect("notice_settings", request.tenant.slug)
    reader = Reader.of(request.member, clock.now())
    context: dict[str, Any] = {
        "form": form,
        "muted": _muted_records(request),
        "devices": PushSubscription.objects.of(request.member).order_by("created_at", "pk"),
        "push_key": public_key(),
        "own_number": StaffNumber.of(request.member),
        "may_text": text_sender() is not None,
        "said_by_text": [(reply, reader.moment(reply.at)) for reply in recent_text_replies(request.member)],
    }
    return render(request, "web/notices/settings.html", context, status=422 if form.is_bound else 200)


def _muted_records(request: TenantRequest) -> list[tuple[str, str]]:
    """Return (title, `model:key`) of the muted records that the member may see, the latest first."""
    rows = NoticeMute.objects.filter(member=request.member).order_by("-at", "-pk")[:200]
    places = [(row.subject_kind, row.subject_id) for row in rows]
    seen = visible_subjects(places, request.member)
    return [seen[place] for place in places if place in seen]
