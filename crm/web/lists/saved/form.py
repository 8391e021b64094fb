"""Form of a saved view: name, audience, and the roles that have it as a standard tab."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.platform.access.permissions import allows
from crm.platform.models import Member, Role
from crm.platform.organization.configuration import directory
from crm.web.lists.saved.standing import SHARE
from crm.web.models import SavedView, SharedWith

ONLY_ME = str(SharedWith.NOBODY)


class ViewForm(forms.Form):
    """Form of a saved view: name, and for members who may share, audience and roles it is the default for."""

    # What happened to the view meanwhile, if anything.
    told = ""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=60, widget=forms.TextInput({"class": "input", "autocomplete": "off"})
    )
    keep_columns = forms.BooleanField(
        label=gettext_lazy("With these columns"), required=False, widget=forms.CheckboxInput({"class": "check"})
    )
    shared = forms.ChoiceField(label=gettext_lazy("Shared with"), widget=forms.Select({"class": "select"}))
    standard_for = forms.MultipleChoiceField(
        label=gettext_lazy("Default for"),
        required=False,
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple({"class": "check"}),
    )

    def __init__(self, member: Member, data: Any, view: SavedView | None = None, *, has_columns: bool = True) -> None:
        super().__init__(data, initial=_present(view))
        fields: Any = self.fields
        if allows(member, SHARE):
            fields["shared"].choices = _audiences(view)
        else:
            del fields["shared"], fields["standard_for"]
        if view is not None or not has_columns:
            del fields["keep_columns"]

    def apply(self, view: SavedView, *, by: Member) -> None:
        """Save the form to a view. Raises IntegrityError if its owner already uses the name."""
        view.rename(self.cleaned_data["name"], by=by)
        if "shared" in self.cleaned_data:
            kind, _colon, uid = self.cleaned_data["shared"].partition(":")
            team = next((row for row in directory().teams.values() if str(row.uid) == uid), None)
            view.share(kind, team, by=by)
            view.stand_for(self.cleaned_data["standard_for"], by=by)


def _present(view: SavedView | None) -> dict[str, Any]:
    if view is None:
        return {"keep_columns": True, "shared": ONLY_ME}
    team = directory().teams.get(view.team_id or 0)
    if team:
        shared = f"{view.shared}:{team.uid}"
    else:
        shared = view.shared
    return {"name": view.name, "shared": shared, "standard_for": view.standard_for}


def _audiences(view: SavedView | None) -> list[tuple[str, str]]:
    """Return the choices: only me, each team, everyone. An archived team is included only if selected."""
    teams = [row for row in directory().teams.values() if row.archived_at is None or (view and view.team_id == row.pk)]
    named = [(f"team:{row.uid}", _("Team %(name)s") % {"name": row.name}) for row in teams]
    return [(ONLY_ME, str(SharedWith.NOBODY.label)), *named, ("everyone", str(SharedWith.EVERYONE.label))]


def audience_words(view: SavedView, member: Member) -> str:
    """Describe a view's owner and audience: "by Mona Manager · Team North · standard for: Rep"."""
    organization = directory()
    told = []
    if view.owner_id != member.pk:
        told.append(_("by %(name)s") % {"name": organization.members[view.owner_id].name})
    if view.shared == SharedWith.TEAM and view.team_id:
        told.append(_("Team %(name)s") % {"name": organization.teams[view.team_id].name})
    elif view.shared == SharedWith.EVERYONE:
        told.append(_("shared with everyone"))
    elif not view.standard_for:
        told.append(_("only you"))
    if view.standard_for:
        roles = ", ".join(str(Role(role).label) for role in view.standard_for)
        told.append(_("default for: %(roles)s") % {"roles": roles})
    return " · ".join(told)
