"""Connect a mailbox by IMAP, or sign in to one again: servers, user name and password."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.channels.mail_servers import connection_problem
from comms.channels.providers.imap import Imap
from comms.mailboxes.views.own_mailboxes import VIEW, find_mailbox, redirect_to_mailboxes
from comms.models import MailAccount, MailboxConnection, mailbox_policy
from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import read_number
from crm.platform.http.guarded_connection import check_server
from crm.platform.http.public_address import ForbiddenAddress
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.settings.fields import select_field, text_field

PAGE = "comms/mailboxes/connect_imap.html"
_ENCRYPTIONS = (("tls", "TLS"), ("starttls", "STARTTLS"))


class ImapMailboxForm(forms.Form):
    """Address, servers, user name and password of a mailbox."""

    address = forms.EmailField(
        label=gettext_lazy("Email address"), max_length=254, widget=forms.EmailInput(attrs={"class": "input"})
    )
    host = text_field(gettext_lazy("IMAP server"), 253)
    port = text_field(gettext_lazy("IMAP port"), 5)
    security = select_field(gettext_lazy("Encryption"), _ENCRYPTIONS)
    username = text_field(
        gettext_lazy("User name"), 254, required=False, hint=gettext_lazy("Blank uses the email address.")
    )
    password = forms.CharField(
        label=gettext_lazy("App password"),
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(attrs={"class": "input", "autocomplete": "off"}),
        help_text=gettext_lazy("Create one with your provider, for Throughline only. It is stored encrypted."),
    )
    smtp_host = text_field(
        gettext_lazy("SMTP server"), 253, required=False, hint=gettext_lazy("To answer from this mailbox.")
    )
    smtp_port = text_field(gettext_lazy("SMTP port"), 5, required=False)
    smtp_security = select_field(gettext_lazy("Encryption of SMTP"), _ENCRYPTIONS)

    def clean_address(self) -> str:
        return str(self.cleaned_data["address"]).lower()

    def clean(self) -> dict[str, Any]:
        """Refuse what the organization does not allow, and servers that may not be reached."""
        data: dict[str, Any] = super().clean() or {}
        if problem := mailbox_policy().refusal(data.get("address", "")):
            self.add_error("address" if mailbox_policy().is_allowed else None, problem)
        for place in Imap().places(self._settings(data)):
            port = read_number(place.port, most=65535)
            if port is None:
                port = -1
            try:
                check_server(place.host, port, place.ports)
            except ForbiddenAddress as error:
                self.add_error(place.setting, connection_problem(error))
        return data

    def _settings(self, data: dict[str, Any]) -> dict[str, str]:
        names = ("host", "port", "security", "smtp_host", "smtp_port", "smtp_security")
        chosen = {name: str(data.get(name) or "") for name in names}
        return chosen | {"username": str(data.get("username") or data.get("address") or "")}

    @property
    def channel_settings(self) -> dict[str, str]:
        """The settings of the mailbox's channel."""
        return self._settings(self.cleaned_data)

    @property
    def secrets(self) -> dict[str, str]:
        return {"password": self.cleaned_data["password"]}


@require(VIEW)
def connect_imap(request: TenantRequest) -> HttpResponse:
    """Connect a mailbox by IMAP."""
    start = {
        "address": request.member.user.email,
        "port": "993",
        "security": "tls",
        "smtp_port": "587",
        "smtp_security": "starttls",
    }
    form = ImapMailboxForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            MailboxConnection.connect(
                request.member,
                MailAccount.IMAP,
                form.channel_settings,
                form.secrets,
                address=form.cleaned_data["address"],
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The sign-in is being checked. It takes a moment."))
            return redirect_to_mailboxes(request)
    return _render_form(request, form, None)


@require(VIEW)
def sign_in_imap(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Enter the password of a mailbox again, or other servers."""
    connection = find_mailbox(request, uid)
    if connection.signs_in_by_token:
        raise Http404
    start: dict[str, Any] = dict(connection.pending_settings)
    if connection.channel:
        start = dict(connection.channel.settings)
    start["address"] = connection.address
    form = ImapMailboxForm(request.POST or None, initial=start)
    form.fields["address"].disabled = True
    if request.method == "POST" and form.is_valid():
        try:
            connection.sign_in_again(form.channel_settings, form.secrets)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The sign-in is being checked. It takes a moment."))
            return redirect_to_mailboxes(request)
    return _render_form(request, form, connection)


def _render_form(request: TenantRequest, form: ImapMailboxForm, connection: MailboxConnection | None) -> HttpResponse:
    status = 200
    if form.errors:
        status = 422
    return render(request, PAGE, {"form": form, "connection": connection}, status=status)
