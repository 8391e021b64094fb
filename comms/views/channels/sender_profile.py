"""A brand's sender profile: signature, footer, logo, sending hours and fallback channels."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.channels.logo import NotAnImage, made_small
from comms.models import Medium, Purpose, SenderProfile
from crm.platform.files import stored_files
from crm.platform.models import Brand
from crm.web.requests.form_version import is_posted, is_stale, render_form, render_stale_form, version_of
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.settings.fields import select_field

PAGE = "comms/channels/sender_profile.html"
HOURS = [
    ("sms_from", gettext_lazy("Texts from")),
    ("sms_until", gettext_lazy("Texts until")),
    ("whatsapp_from", gettext_lazy("WhatsApp from")),
    ("whatsapp_until", gettext_lazy("WhatsApp until")),
    ("call_from", gettext_lazy("Calls from")),
    ("call_until", gettext_lazy("Calls until")),
]
# In which order the media are tried when one fails: a choice a purpose class.
ORDERS = [
    ("", gettext_lazy("Don’t try another channel")),
    ("sms,email", gettext_lazy("Text message, then email")),
    ("email,sms", gettext_lazy("Email, then text message")),
    ("whatsapp,sms,email", gettext_lazy("WhatsApp, then text message, then email")),
    ("email,whatsapp,sms", gettext_lazy("Email, then WhatsApp, then text message")),
]
ORDERED = (Purpose.SECURITY, Purpose.TRANSACTIONAL, Purpose.SERVICE)


def _text_field(label: Any, most: int, hint: Any = "") -> forms.CharField:
    widget = forms.Textarea({"class": "textarea", "rows": 4, "maxlength": most})
    return forms.CharField(label=label, max_length=most, required=False, help_text=hint, widget=widget)


class SenderProfileForm(forms.Form):
    """The form of a brand's sender profile."""

    signature = _text_field(gettext_lazy("Signature"), 2000, gettext_lazy("Added below emails that members write."))
    footer = _text_field(
        gettext_lazy("Footer"),
        1000,
        gettext_lazy("Your company name and address. Required by law in marketing messages."),
    )
    logo = forms.FileField(
        label=gettext_lazy("Logo"),
        required=False,
        help_text=gettext_lazy("PNG, JPEG, GIF or WebP, up to 4 MB. Shown at the top of emails."),
        widget=forms.FileInput({"class": "input", "accept": "image/png,image/jpeg,image/gif,image/webp"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in HOURS:
            widget = forms.TimeInput({"class": "input", "type": "time"}, format="%H:%M")
            self.fields[name] = forms.TimeField(label=label, widget=widget)
        for purpose in ORDERED:
            words = _("When a message fails: %(purpose)s") % {"purpose": purpose.label}
            self.fields[f"order_{purpose}"] = select_field(words, ORDERS, required=False)

    def clean_logo(self) -> Any:
        """Return the logo as a small PNG; None if none was uploaded."""
        upload = self.cleaned_data.get("logo")
        try:
            if upload:
                return made_small(upload.file)
            return None
        except NotAnImage:
            raise ValidationError(
                _("That picture can’t be used. Choose a PNG, JPEG, GIF or WebP of up to 4 MB.")
            ) from None

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for kind in ("sms", "whatsapp", "call"):
            begins = data.get(f"{kind}_from")
            ends = data.get(f"{kind}_until")
            if begins and ends and begins >= ends:
                self.add_error(f"{kind}_until", _("The end must be after the start."))
        return data

    @property
    def facts(self) -> dict[str, Any]:
        """Return the fields to save, without the logo."""
        cleaned = self.cleaned_data
        fallback = {
            str(purpose): cleaned[f"order_{purpose}"].split(",") for purpose in ORDERED if cleaned[f"order_{purpose}"]
        }
        names = ["signature", "footer", *(name for name, _label in HOURS)]
        return {name: cleaned[name] for name in names} | {"fallback": fallback}


@require("comms.set_up")
def sender_profile(request: TenantRequest, brand: UUID) -> HttpResponse:
    """Edit a brand's sender profile."""
    row = get_object_or_404(Brand.objects.all(), uid=brand)
    profile = SenderProfile.of(row)
    before = _initial_values(profile)
    version = version_of(before, profile.logo_id)
    page = {"brand": row, "profile": profile}
    if not is_posted(request):
        return render_form(request, PAGE, SenderProfileForm(initial=before), page, version)
    if is_stale(request, version):
        return render_stale_form(request, PAGE, SenderProfileForm(initial=before), page, version)
    form = SenderProfileForm(request.POST, request.FILES)
    if not form.is_valid():
        return render_form(request, PAGE, form, page, version)
    facts = form.facts
    if made := form.cleaned_data["logo"]:
        kept = stored_files.store_file(
            made, "logo.png", purpose="logo", by=request.member, days=stored_files.FOREVER_DAYS
        )
        facts["logo"] = kept
    profile.edit(by=request.member, **facts)
    messages.success(request, _("Saved."))
    return redirect("comms:channels", request.tenant.slug)


def _initial_values(profile: SenderProfile) -> dict[str, Any]:
    facts = {name: getattr(profile, name) for name in ("signature", "footer", *(name for name, _label in HOURS))}
    orders = {f"order_{purpose}": ",".join(profile.fallback.get(purpose, ())) for purpose in ORDERED}
    return facts | orders


# The media a brand can go on to, as the choices above name them.
assert {medium for order, _label in ORDERS for medium in order.split(",") if medium} <= set(Medium.values)
