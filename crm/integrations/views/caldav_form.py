"""The form of a CalDAV account."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.platform.http.public_address import ForbiddenAddress, check_url
from crm.web.settings.fields import text_field


class CalDavForm(forms.Form):
    """Address, user name and app password of a CalDAV account."""

    url = text_field(
        _("Address of the server"),
        500,
        hint=_("Apple: https://caldav.icloud.com. Nextcloud: https://your-server/remote.php/dav."),
    )
    username = text_field(_("User name or email address"), 200, autocomplete="off")
    password = forms.CharField(
        label=_("App password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"class": "input", "autocomplete": "off"}),
        help_text=_("Create one with your provider, for Throughline only. It is stored encrypted."),
    )

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"]).strip()
        if "://" not in url:
            url = f"https://{url}"
        try:
            check_url(url)
        except ForbiddenAddress as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return url

    @property
    def secrets(self) -> dict[str, Any]:
        """The sign-in that is stored encrypted."""
        return {name: self.cleaned_data[name] for name in ("username", "password")}

    @property
    def problems(self) -> list[str]:
        return [str(problem) for problems in self.errors.values() for problem in problems]
