"""Settings: one connection: its mapping, dead letters, owner, and its switches."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from connections.feeds.mapping import read_mapping, read_urls
from connections.feeds.pushing import KIND
from connections.health_strip import build_strip, hours_of
from connections.models import Connection, FieldRule, FieldRuleDraft, SyncDirection, SyncItem, WhoWins
from connections.notices import FAILED
from connections.permissions import MANAGE
from connections.reviews import google_reviews
from connections.reviews.review_options import read_review_options
from connections.sync.alerts import alert_key
from connections.system_kinds import CredentialField, SystemKind, system_kinds
from connections.views.owners import may_own, owner_choices
from connections.views.sync_log import read_sync_log
from connections.views.system_list import build_row
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.organization.configuration import directory
from crm.web.notices.acknowledgements import take_up
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.settings.fields import require_valid, select_field, set_choices, text_field
from crm.web.settings.page import Context, settings_page

# Dead letters on the page, the newest.
MOST_DEAD = 50


class ConnectionForm(forms.Form):
    """The name of a connection, and who looks after it."""

    name = text_field(gettext_lazy("Name"), 80)
    owner = select_field(
        gettext_lazy("Who looks after it"), hint=gettext_lazy("Is told when it fails, before anybody else.")
    )

    def __init__(self, posted: Any = None, initial: dict[str, Any] | None = None) -> None:
        super().__init__(posted, initial=initial, label_suffix="")
        set_choices(self, "owner", owner_choices())


@settings_page("connections:connection", MANAGE, "connections/connection.html", of=("uid",))
def connection(request: TenantRequest, uid: UUID) -> Context:
    """Show one connection."""
    row = find_connection(uid)
    reader = Reader.of(request.member, clock.now())
    kind = kind_of(row)
    items = SyncItem.objects.filter(connection=row)
    dead = list(items.dead().order_by("-dead_at", "-pk")[: MOST_DEAD + 1])
    waiting = items.waiting().count()
    hours = hours_of([row], reader.now)[row.pk]
    line = build_row(row, request.tenant.slug, hours, len(dead), waiting)
    initial = {"name": row.name, "owner": str(row.owner.uid)}
    posted = None
    if request.path.endswith("/edit/"):
        posted = request.POST
    nouns = kind.nouns()
    ways = rule_ways(row)
    letters = dead[:MOST_DEAD]
    item_nouns = {item.pk: item.noun for item in letters} | dict(kind.item_nouns(letters))
    item_words = {pk: nouns.get(noun, noun) for pk, noun in item_nouns.items()}
    links = kind.item_links(letters, request.tenant.slug)
    return {
        "connection": row,
        "kind": kind,
        "line": line,
        "when": reader.near(line.at) if line.at else "",
        "strip": build_strip(hours),
        "form": ConnectionForm(posted, initial=initial),
        "rules": [(rule, nouns.get(rule.ours, rule.ours), ways.get(rule.ours, [])) for rule in row.rules.all()],
        "wins": WhoWins.choices,
        "dead": [(item, item_words[item.pk], reader.near(item.dead_at), links.get(item.pk, "")) for item in letters],
        "has_more_dead": len(dead) > MOST_DEAD,
        "has_repeatable": any(not item.is_of_file for item in dead),
        "waiting": waiting,
        "log": read_sync_log(row, reader),
        # A template would call the function.
        "has_backup": kind.write_backup is not None,
        "key_fields": [(field, row.options.get(field.name, "")) for field in key_fields(row)],
        "can_sign_in": kind.provider is not None and kind.provider() is not None,
        **kind.mapping_context(row),
    }


def find_connection(uid: UUID, **_others: Any) -> Connection:
    """Return a connection by the id in its URL. Raises Http404."""
    row: Connection = get_object_or_404(Connection.objects.select_related("owner", "off_by", "brand"), uid=uid)
    return row


def kind_of(row: Connection) -> SystemKind:
    """Return the kind of a connection. Raises Http404 if no app adds it any more."""
    kind = system_kinds().get(row.kind)
    if kind is None:
        raise Http404
    return kind


def key_fields(row: Connection) -> list[CredentialField]:
    """Return what can be entered again: the keys, and what else it needs until an account was opened with it.

    After that, records are linked to those of the account.
    """
    return [field for field in kind_of(row).fields if field.is_secret or (field.is_required and not row.account)]


def rule_ways(row: Connection) -> dict[str, list[tuple[str, str]]]:
    """Return the directions that each line of a mapping may have: its first one, or never."""
    drafts = kind_of(row).rules
    labels = dict(SyncDirection.choices)
    never = SyncDirection.NEVER
    ways = {draft.ours: [way for way in (draft.direction, never) if way] for draft in drafts}
    return {name: [(way, str(labels[way])) for way in dict.fromkeys(own)] for name, own in ways.items()}


@connection.action(find_connection)
def edit(request: TenantRequest, row: Connection) -> str:
    """Save the name and who looks after it."""
    values = require_valid(ConnectionForm(request.POST)).cleaned_data
    owner = next((one for one in directory().members.values() if str(one.uid) == values["owner"]), None)
    if owner is None or not may_own(owner):
        raise Refused(_("Choose a member who may connect other systems."))
    row.rename(values["name"], owner, by=request.member)
    return _("Saved.")


@connection.action(find_connection)
def sync(request: TenantRequest, row: Connection) -> str:
    """Synchronize now."""
    if not row.is_working:
        raise Refused(_("It is stopped. Connect it again, or switch it on."))
    row.schedule()
    return _("It is being synchronized.")


@connection.action(find_connection)
def switch_off(request: TenantRequest, row: Connection) -> str:
    """Switch the connection off."""
    row.switch_off(by=request.member)
    return _("It is off. What changes meanwhile waits.")


@connection.action(find_connection)
def switch_on(request: TenantRequest, row: Connection) -> str:
    """Switch the connection on."""
    row.switch_on(by=request.member)
    return _("It is on, and is being synchronized.")


@connection.action(find_connection)
def set_keys(request: TenantRequest, row: Connection) -> str:
    """Replace the keys, and try again at once."""
    fields = key_fields(row)
    values = {field.name: request.POST.get(field.name, "").strip()[: field.longest] for field in fields}
    if any(field.is_required and not values[field.name] for field in fields):
        raise Refused(_("Enter the key."))
    secrets = {field.name: values[field.name] for field in fields if field.is_secret}
    options = {field.name: values[field.name] for field in fields if not field.is_secret}
    row.reconnect(secrets, by=request.member, options=options)
    return _("It is being synchronized with the new key.")


def _with_what_is_left(row: Connection) -> Context:
    return {"connection": row, "left": SyncItem.objects.filter(connection=row).count()}


@connection.action(find_connection, ask=("connections/disconnect.html", _with_what_is_left))
def disconnect(request: TenantRequest, row: Connection) -> HttpResponse:
    """Delete the connection."""
    row.disconnect(by=request.member)
    return redirect("connections:connections", request.tenant.slug)


@connection.action(find_connection)
def take(request: TenantRequest, row: Connection) -> str:
    """Take on the alarm of a connection, so that it is not passed on."""
    take_up(FAILED, alert_key(row), by=request.member)
    return _("You look into it. Nobody else is told.")


@connection.action(find_connection)
def set_rules(request: TenantRequest, row: Connection) -> str:
    """Save the directions of a mapping, and who wins."""
    ways = rule_ways(row)
    drafts = []
    for rule in FieldRule.objects.filter(connection=row):
        direction = request.POST.get(f"way-{rule.ours}", "")
        wins = request.POST.get(f"wins-{rule.ours}", rule.wins)
        if direction not in dict(ways.get(rule.ours, [(rule.direction, "")])) or wins not in WhoWins.values:
            raise Refused(_("Choose what is sent, and who wins."))
        drafts.append(FieldRuleDraft(rule.ours, rule.theirs, direction, wins))
    FieldRule.set_all(row, drafts, by=request.member)
    return _("Saved.")


@connection.action(find_connection)
def set_feed(request: TenantRequest, row: Connection) -> str:
    """Save the addresses of a feed, what is sent under which name, and what its columns hold."""
    if row.kind != KIND:
        raise Http404
    row.set_options(read_urls(request.POST), by=request.member)
    FieldRule.set_all(row, read_mapping(row, request.POST), by=request.member)
    row.read_again()
    if row.is_working:
        row.schedule()
    return _("Saved.")


@connection.action(find_connection)
def set_reviews(request: TenantRequest, row: Connection) -> str:
    """Save which locations are read, and up to how many stars a review is followed up."""
    if row.kind != google_reviews.NAME:
        raise Http404
    row.set_options(read_review_options(row, request.POST), by=request.member)
    return _("Saved.")


@connection.action(find_connection)
def replay(request: TenantRequest, row: Connection) -> str:
    """Try one dead letter again, or all of them."""
    rows = SyncItem.objects.filter(connection=row)
    if item := request.POST.get("item", ""):
        rows = rows.filter(uid=_uuid(item))
    count = SyncItem.replay(rows, by=request.member)
    words = ngettext("%(count)s record is tried again.", "%(count)s records are tried again.", count)
    return words % {"count": count}


@connection.action(find_connection)
def dismiss(request: TenantRequest, row: Connection) -> str:
    """Leave a dead letter as it is."""
    rows = SyncItem.objects.dead().filter(connection=row, uid=_uuid(request.POST.get("item", "")))
    item = rows.select_related("connection").first()
    if item:
        item.dismiss(by=request.member)
    return _("It is left as it is.")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
