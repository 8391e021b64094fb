"""The preferences page: language, theme and density; in this organization also time zone and start page."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.zone_names import zone_name
from crm.platform.models import Member
from crm.web.account.own_pages import own_pages
from crm.web.design.look import DENSITIES, THEMES, choose_look, chosen_look
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.settings.choices import languages, time_zones
from crm.web.shell.navigation import pages_of, start_page

_SELECT = {"class": "select"}


class PreferencesForm(forms.Form):
    """One member's preferences."""

    language = forms.ChoiceField(label=gettext_lazy("Language"), widget=forms.Select(_SELECT))
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"), required=False, widget=forms.Select(_SELECT))
    start_page = forms.ChoiceField(label=gettext_lazy("Start page"), widget=forms.Select(_SELECT))
    theme = forms.ChoiceField(label=gettext_lazy("Theme"), choices=THEMES, widget=forms.Select(_SELECT))
    density = forms.ChoiceField(
        label=gettext_lazy("Density"),
        choices=DENSITIES,
        widget=forms.Select(_SELECT),
        help_text=gettext_lazy("Compact shows more rows on a page."),
    )
    single_keys = forms.BooleanField(
        label=gettext_lazy("Single-key shortcuts"),
        required=False,
        widget=forms.CheckboxInput({"class": "check"}),
        help_text=gettext_lazy(
            "Press one key for an action: J for the next row, ? for all shortcuts. Turn off for speech input."
        ),
    )
    opens_next = forms.BooleanField(
        label=gettext_lazy("Open the next conversation"),
        required=False,
        widget=forms.CheckboxInput({"class": "check"}),
        help_text=gettext_lazy("In the inbox, after you reply to or solve one."),
    )

    def __init__(self, request: TenantRequest) -> None:
        super().__init__(request.POST if request.method == "POST" else None, initial=_initial_values(request))
        fields: Any = self.fields
        as_here = _("As the organization (%(zone)s)") % {"zone": zone_name(ZoneInfo(request.tenant.time_zone))}
        fields["language"].choices = languages()
        fields["time_zone"].choices = [("", as_here), *time_zones()]
        fields["start_page"].choices = [(page.name, page.label) for page in pages_of(request.member)]


def _initial_values(request: TenantRequest) -> dict[str, Any]:
    look = {"theme": "system", "density": "comfortable"} | chosen_look(request.COOKIES)
    start = start_page(request.member)
    language = translation.get_language() or settings.LANGUAGE_CODE
    return look | {
        "language": language,
        "time_zone": request.member.time_zone,
        "start_page": start,
        "single_keys": request.member.single_keys,
        "opens_next": request.member.opens_next,
    }


@require("preferences.edit")
def preferences(request: TenantRequest) -> HttpResponse:
    """Show and save the preferences. They apply from the next page on, in every tab of this browser."""
    form = PreferencesForm(request)
    if not form.is_valid():
        status = 200
        if form.is_bound:
            status = 422
        context = {"form": form, "own_pages": own_pages(request.member, request.tenant.slug)}
        return render(request, "web/preferences.html", context, status=status)
    chosen = form.cleaned_data
    response = redirect("preferences", request.tenant.slug)
    choose_look(request, response, chosen)
    # The directory's row is shared by every request of this process.
    mine: Member = Member.objects.get(pk=request.member.pk)
    mine.prefer(time_zone=chosen["time_zone"], start_page=chosen["start_page"])
    mine.use_single_keys(chosen["single_keys"])
    mine.open_next(chosen["opens_next"])
    with translation.override(chosen["language"]):
        messages.success(request, _("Saved."))
    return response


@require("preferences.edit")
def single_keys(request: TenantRequest) -> HttpResponse:
    """Turn single-key shortcuts on or off, from the help dialog."""
    if request.method == "POST":
        mine: Member = Member.objects.get(pk=request.member.pk)
        mine.use_single_keys(request.POST.get("single_keys") == "on")
        if request.htmx:
            return HttpResponse(status=204)
    return redirect("preferences", request.tenant.slug)
