"""Forms about members: invite one, edit one, choose who takes over the work of a leaving member."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.platform.models import Member, Role, Team
from crm.platform.organization.configuration import directory
from crm.web.settings.fields import checkbox_field, select_field, set_choices, text_field

LEAVE = "leave"
NOBODY = "nobody"


class _TeamsForm(forms.Form):
    """A form with a choice of teams in use, by public id."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_uid = {str(team.uid): team for team in directory().teams.values() if team.archived_at is None}
        set_choices(self, "teams", [(uid, team.name) for uid, team in self.by_uid.items()])
        if not self.by_uid:
            del self.fields["teams"]

    @property
    def chosen_teams(self) -> list[Team]:
        """Return the chosen teams."""
        return [self.by_uid[uid] for uid in self.cleaned_data.get("teams", [])]


class InviteForm(_TeamsForm):
    """The address, role and teams of an invitation."""

    email = forms.EmailField(
        label=gettext_lazy("Email"), max_length=254, widget=forms.EmailInput({"class": "input", "autocomplete": "off"})
    )
    name = text_field(gettext_lazy("Name"), 120, autocomplete="off")
    role = select_field(gettext_lazy("Role"), Role.choices)
    teams = checkbox_field(gettext_lazy("Teams"))


class MemberForm(_TeamsForm):
    """The fields of a member an admin edits."""

    name = text_field(gettext_lazy("Name"), 120, autocomplete="off")
    role = select_field(gettext_lazy("Role"), Role.choices)
    teams = checkbox_field(gettext_lazy("Teams"))


class LeaverForm(forms.Form):
    """Choose who takes over the work of a leaving member."""

    to = select_field(gettext_lazy("Action"))

    def __init__(self, *args: Any, leaver: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rest = [one for one in directory().members.values() if one.active and one.pk != leaver.pk]
        self.by_uid = {str(member.uid): member for member in rest}
        to_colleagues = [
            (uid, _("To %(name)s (%(role)s)") % {"name": member.name, "role": member.get_role_display()})
            for uid, member in self.by_uid.items()
        ]
        set_choices(self, "to", [(NOBODY, _("Make unclaimed")), (LEAVE, _("Leave it as it is")), *to_colleagues])
