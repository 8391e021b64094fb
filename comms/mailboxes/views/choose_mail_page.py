"""Choose which folders of a mailbox are read, whose email, and since when."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.inbound.selection.folder_roles import OTHER
from comms.mailboxes.sharing import allowed_levels, share_mailbox
from comms.mailboxes.views.own_mailboxes import VIEW, find_mailbox, redirect_to_mailboxes
from comms.models import MailboxConnection
from comms.models.mail.address_list import parse_addresses, split_list
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.settings.fields import select_field, set_choices

_AREA = forms.Textarea(attrs={"class": "input", "rows": 3})
# How far back is read, in days.
BACK = {
    "0": gettext_lazy("From now on"),
    "30": gettext_lazy("The last 30 days"),
    "90": gettext_lazy("The last 90 days"),
    "365": gettext_lazy("The last 365 days"),
}


class MailChoiceForm(forms.Form):
    """Folders, whose email is read, what never is, how far back, and what colleagues see."""

    folders = forms.MultipleChoiceField(
        label=gettext_lazy("Folders"), error_messages={"required": gettext_lazy("Choose at least one folder.")}
    )
    reads_customers = forms.BooleanField(label=gettext_lazy("Email with known customers"), required=False)
    domains = forms.CharField(
        label=gettext_lazy("And with these domains"),
        required=False,
        widget=_AREA,
        help_text=gettext_lazy("One per line, such as example.com. Also addresses."),
    )
    never = forms.CharField(
        label=gettext_lazy("Never read"),
        required=False,
        widget=_AREA,
        help_text=gettext_lazy(
            "A domain: nothing that comes from it or goes only to it. An address: nothing it takes part in."
        ),
    )
    back = select_field(gettext_lazy("Read email"), tuple(BACK.items()))
    sharing = select_field(gettext_lazy("Colleagues see"))

    def __init__(self, *args: Any, connection: MailboxConnection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.connection = connection
        set_choices(self, "folders", [(folder["name"], folder["name"]) for folder in connection.folder_list])
        assert connection.channel
        set_choices(self, "sharing", allowed_levels(connection.channel))
        if connection.read_since:
            self.fields["back"].choices = [("", _("As now")), *list(BACK.items())[1:]]  # type: ignore[attr-defined]
            self.fields["back"].required = False

    def clean_domains(self) -> list[str]:
        return self._parse_list("domains")

    def clean_never(self) -> list[str]:
        return self._parse_list("never")

    def _parse_list(self, name: str) -> list[str]:
        try:
            return parse_addresses(split_list(self.cleaned_data[name]))
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def save(self) -> None:
        """Save the choice, then what colleagues see. Raises Refused."""
        values = self.cleaned_data
        connection = self.connection
        member = connection.member
        assert connection.channel
        share_mailbox(connection.channel, values["sharing"], by=member)
        read_since = connection.read_since or clock.now()
        if values["back"]:
            read_since = min(read_since, clock.now() - timedelta(days=int(values["back"])))
        connection.choose(
            folders=values["folders"],
            reads_customers=values["reads_customers"],
            domains=values["domains"],
            never=values["never"],
            read_since=read_since,
            by=member,
        )


@require(VIEW)
def choose_mail(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show and save what is read of a mailbox."""
    connection = find_mailbox(request, uid)
    if connection.channel is None or not connection.folder_list:
        messages.error(request, _("The mailbox is not signed in. Sign in again first."))
        return redirect_to_mailboxes(request)
    form = MailChoiceForm(request.POST or None, initial=_start_values(connection), connection=connection)
    if request.method == "POST" and form.is_valid():
        try:
            form.save()
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved. The mailbox is being read."))
            return redirect("comms:own_mailboxes", request.tenant.slug)
    status = 200
    if form.errors:
        status = 422
    chosen = form["folders"].value() or []
    folders = [folder | {"is_chosen": folder["name"] in chosen} for folder in connection.folder_list]
    context = {"connection": connection, "form": form, "folders": folders}
    return render(request, "comms/mailboxes/choose_mail.html", context, status=status)


def _start_values(connection: MailboxConnection) -> dict[str, Any]:
    """Return the present choice; for a new mailbox inbox and sent mail, and its own domain as excluded."""
    assert connection.channel
    values = {"sharing": connection.channel.sharing, "reads_customers": connection.reads_customers}
    if connection.chosen_at:
        return values | {
            "folders": connection.folders,
            "domains": "\n".join(connection.domains),
            "never": "\n".join(connection.never),
            "back": "",
        }
    return values | {
        "folders": [folder["name"] for folder in connection.folder_list if folder["role"] != OTHER],
        "never": own_domain(connection.address),
        "back": "0",
    }


# Mail services of everybody: not the company's own domain.
_PUBLIC = frozenset("gmail.com googlemail.com outlook.com hotmail.com live.com yahoo.com icloud.com".split())


def own_domain(address: str) -> str:
    """Return the domain of a company's mailbox; blank for a mail service of everybody."""
    domain = address.rpartition("@")[2]
    if domain in _PUBLIC:
        return ""
    return domain
