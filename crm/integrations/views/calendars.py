"""A member's connected calendars: connect an account, choose what is read and written, reconnect and disconnect."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.integrations.calendar_items import CalendarSource
from crm.integrations.models import CalendarConnection, CalendarProvider, MeetingPreference, WrittenEntry
from crm.integrations.providers.oauth import oauth_provider
from crm.integrations.views.caldav_form import CalDavForm
from crm.integrations.views.meeting_form import MeetingForm
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform import features
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require

EDIT = "preferences.edit"
# Those to which a member signs in at the provider.
SIGN_IN_PROVIDERS = (CalendarProvider.GOOGLE, CalendarProvider.MICROSOFT)


@require(EDIT)
def calendars(request: TenantRequest) -> HttpResponse:
    """Show the member's connections; a POST connects a CalDAV account."""
    form = CalDavForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            connection = CalendarConnection.connect(
                request.member,
                CalendarProvider.CALDAV,
                form.secrets,
                account=form.cleaned_data["username"],
                url=form.cleaned_data["url"],
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            connection.schedule()
            messages.success(request, _("Your calendars are being looked up. It takes a moment."))
            return _redirect_to_calendars(request)
    reader = Reader.of(request.member, clock.now())
    rows = CalendarConnection.objects.of(request.member).prefetch_related("calendars").order_by("pk")
    context = {
        "connections": [(row, row.synced_at and reader.near(row.synced_at)) for row in rows],
        "form": form,
        "sources": features.of(CalendarSource),
        "meeting_form": MeetingForm.of(request.member),
        "providers": [(name, name.label) for name in SIGN_IN_PROVIDERS if oauth_provider(name)],
        "conflicts": WrittenEntry.objects.filter(calendar__connection__in=rows).exclude(conflict="").count(),
    }
    return render(request, "integrations/calendars.html", context, status=422 if form.errors else 200)


@require(EDIT)
@require_POST
def choose(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Save what is read from and written to the calendars of a connection."""
    connection = _get_connection(request, uid)
    written = request.POST.get("written", "")
    rows = sorted(connection.calendars.all(), key=lambda row: str(row.uid) == written)
    for calendar in rows:
        calendar.choose(
            is_read=str(calendar.uid) in request.POST.getlist("read"),
            keeps_titles=str(calendar.uid) in request.POST.getlist("titles"),
            is_written=str(calendar.uid) == written,
        )
    names = {source.name for source in features.of(CalendarSource)}
    connection.written_sources = sorted(names & {*request.POST.getlist("sources")})
    connection.save(update_fields=["written_sources"])
    connection.schedule()
    messages.success(request, _("Saved."))
    return _redirect_to_calendars(request)


@require(EDIT)
@require_POST
def sync(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Synchronize a connection now."""
    _get_connection(request, uid).schedule()
    messages.success(request, _("Your calendar is being synchronized."))
    return _redirect_to_calendars(request)


@require(EDIT)
@require_POST
def reconnect(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Save a new sign-in of a CalDAV account and try again."""
    connection = get_object_or_404(
        CalendarConnection.objects.of(request.member), uid=uid, provider=CalendarProvider.CALDAV
    )
    form = CalDavForm({"url": connection.url, "username": connection.account} | request.POST.dict())
    if form.is_valid():
        connection.reconnect(form.secrets, account=form.cleaned_data["username"], url=form.cleaned_data["url"])
        messages.success(request, _("Your calendar is being synchronized."))
    else:
        for problem in form.problems:
            messages.error(request, problem)
    return _redirect_to_calendars(request)


@require(EDIT)
@require_POST
def disconnect(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Disconnect an account and delete what was read from it."""
    _get_connection(request, uid).disconnect(by=request.member)
    messages.success(request, _("The calendar is disconnected, and what was read from it is deleted."))
    return _redirect_to_calendars(request)


@require(EDIT)
@require_POST
def choose_meetings(request: TenantRequest) -> HttpResponse:
    """Save how the member meets by video."""
    form = MeetingForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused(_("Choose how you meet by video."))
        MeetingPreference.choose(request.member, form.cleaned_data["provider"], form.cleaned_data["url"])
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Saved."))
    return _redirect_to_calendars(request)


def _get_connection(request: TenantRequest, uid: UUID) -> CalendarConnection:
    return get_object_or_404(CalendarConnection.objects.of(request.member), uid=uid)


def _redirect_to_calendars(request: TenantRequest) -> HttpResponse:
    return redirect("connected_calendars:calendars", request.tenant.slug)
