"""The form of how a member meets by video."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.integrations.models import MeetingProvider
from crm.integrations.models.meeting import LONGEST_URL, has_zoom, preference_of
from crm.integrations.providers.oauth import oauth_provider
from crm.platform.models import Member
from crm.web.settings.fields import select_field, set_choices, text_field


class MeetingForm(forms.Form):
    """Where meetings are created, and the link that is used otherwise."""

    provider = select_field(_("Video meetings by"))
    url = text_field(
        _("My own link"),
        LONGEST_URL,
        required=False,
        hint=_("A room of your own, at any provider. It is used whenever no meeting was created for an entry."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "meeting-%s"
        offered = {MeetingProvider.LINK}
        if has_zoom():
            offered.add(MeetingProvider.ZOOM)
        if oauth_provider("google"):
            offered.add(MeetingProvider.GOOGLE)
        set_choices(self, "provider", [(value, label) for value, label in MeetingProvider.choices if value in offered])

    @classmethod
    def of(cls, member: Member) -> "MeetingForm":
        """Return the form with what a member chose."""
        row = preference_of(member)
        return cls(initial={"provider": row.provider, "url": row.url})
