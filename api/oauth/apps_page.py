"""Settings: the apps that members may connect, their addresses, and who uses them."""

from django import forms
from django.conf import settings
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from api.models import ApiApp, ApiToken
from api.models.api_app import LONGEST_REDIRECT, MOST_REDIRECTS
from api.secret_message import secret_message
from api.tokens.features import MANAGE
from crm.kernel import clock
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.settings.fields import require_valid, select_field, text_field
from crm.web.settings.named_rows import NamedRows
from crm.web.settings.page import Context, settings_page

CONFIDENTIAL = "confidential"
KINDS = (
    (CONFIDENTIAL, gettext_lazy("on a server, which keeps a secret")),
    ("public", gettext_lazy("on a phone, a computer or in a browser")),
)


class AppForm(forms.Form):
    """A new app."""

    name = text_field(gettext_lazy("Name"), 60, hint=gettext_lazy("Members see it when they connect the app."))
    redirect_uris = forms.CharField(
        label=gettext_lazy("Addresses to return to"),
        max_length=MOST_REDIRECTS * LONGEST_REDIRECT,
        help_text=gettext_lazy("One a line, exactly as the app sends them, such as https://app.example/callback."),
        widget=forms.Textarea({"class": "input", "rows": 2, "spellcheck": "false"}),
    )
    kind = select_field(gettext_lazy("Runs"), KINDS)


ROWS = NamedRows(
    address="api_tokens:%s_app",
    none=gettext_lazy("No app yet."),
    new=gettext_lazy("New app"),
    add=gettext_lazy("Register app"),
    row="api/oauth/_app.html",
    below="api/oauth/_apps_below.html",
    script="copy",
)


def version() -> str:
    """Hash what the page's forms show."""
    return version_of(list(ApiApp.objects.live().values_list("pk", flat=True)))


@settings_page("api_tokens:apps", MANAGE, ROWS, version=version)
def apps(request: TenantRequest) -> Context:
    """Show the apps with their addresses and the members who connected them, and a form to register another."""
    reader = Reader.of(request.member, clock.now())
    users: dict[int, list[ApiToken]] = {}
    for token in ApiToken.objects.of_apps().order_by("pk"):
        users.setdefault(token.app_id, []).append(token)
    posted = None
    if request.path.endswith("/add/"):
        posted = request.POST
    root = settings.SITE_URL
    return {
        "live": [(app, _user_facts(users.get(app.pk, []), reader)) for app in ApiApp.objects.live()],
        "archived": [],
        "new": AppForm(posted),
        "authorize_url": root + reverse("connected_apps:authorize", args=[request.tenant.slug]),
        "token_url": root + reverse("api:oauth_token"),
        "revoke_url": root + reverse("api:oauth_revoke"),
    }


def _user_facts(tokens: list[ApiToken], reader: Reader) -> list[tuple[str, str]]:
    """Return (name, when it was last used) of each member who connected an app."""
    last_used = {token.member_id: "" for token in tokens}
    for token in tokens:
        if token.last_used_at:
            last_used[token.member_id] = _("last used %(when)s") % {"when": reader.moment(token.last_used_at)}
    return [(directory().members[pk].name, words or _("never used")) for pk, words in last_used.items()]


@apps.action(reauthenticates=True)
def add_app(request: TenantRequest) -> str:
    """Register an app. Its secret is shown once."""
    values = require_valid(AppForm(request.POST)).cleaned_data
    app, secret = ApiApp.register(
        values["name"],
        values["redirect_uris"].splitlines(),
        is_confidential=values["kind"] == CONFIDENTIAL,
        by=request.member,
    )
    if not secret:
        return _("“%(name)s” is registered.") % {"name": app.name}
    return secret_message(_("Copy the secret now. It is not shown again."), secret)


def _find_app(pk: int) -> ApiApp:
    return get_object_or_404(ApiApp.objects.live(), pk=pk)


@apps.action(_find_app)
def remove_app(request: TenantRequest, app: ApiApp) -> str:
    """Remove an app. All members are disconnected from it."""
    app.remove(by=request.member)
    return _("“%(name)s” was removed. Nobody is connected to it any more.") % {"name": app.name}
