"""Settings: response time policies, their order, and a preview of edits on open tickets."""

from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.platform.access.permissions import allows
from crm.web.requests.form_version import is_posted, is_stale, stale_message, version_of
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.settings.page import Context, settings_page
from tickets.models import LifePolicy, SlaPolicy
from tickets.models.policy import life_policy
from tickets.models.sla_policy import policy_rows
from tickets.models.sla_terms import LAST, Policy
from tickets.sla import policy_words, presets
from tickets.sla.effect import Effect, of_policies
from tickets.sla.forms import PolicyForm

SET_UP = "tickets.set_up"
RULES = "assignment.manage"
PAGE = "tickets/sla/policy.html"


class SlaPolicyLine(NamedTuple):
    """A policy in the list, in words."""

    row: SlaPolicy
    about: str
    promises: list[str]


def version() -> str:
    """Hash what the page's forms show."""
    rows = [(row.pk, row.position, row.archived_at, str(plain)) for row, plain in policy_rows()]
    return version_of(rows, life_policy().usual_channel)


@settings_page("tickets:sla", SET_UP, "tickets/sla/policies.html", version=version)
def sla(request: TenantRequest) -> Context:
    """Show the policies in order, and the default below them."""
    rows = policy_rows()
    return {
        "lines": [_policy_line(row, plain) for row, plain in rows if row.archived_at is None],
        "off": [row for row, _plain in rows if row.archived_at],
        "last": policy_words.policy_promises(LAST),
        "has_partners": presets.has_partners(),
        "may_assign_rules": allows(request.member, RULES),
        "usual_channel": life_policy().usual_channel,
    }


@sla.action()
def add_partners(request: TenantRequest) -> str:
    """Add the policy for partners."""
    presets.add_partners(by=request.member)
    return _("Partners now get priority.") + " " + _("Running clocks are updated within a minute.")


@sla.action()
def set_usual_channel(request: TenantRequest) -> str:
    """Start replies to regular customers on their most used channel, or not."""
    LifePolicy.set_usual_channel(request.POST.get("on") == "yes", by=request.member)
    return _("Saved.")


def _policy_line(row: SlaPolicy, plain: Policy) -> SlaPolicyLine:
    return SlaPolicyLine(row, policy_words.conditions_words(plain.conditions), policy_words.policy_promises(plain))


def _get_policy(uid: UUID) -> SlaPolicy:
    return get_object_or_404(SlaPolicy.objects.all(), uid=uid)


@sla.action(_get_policy)
def move_sla(request: TenantRequest, policy: SlaPolicy) -> str:
    """Move a policy one place up or down."""
    order = [row for row, _plain in policy_rows() if row.archived_at is None]
    at = next((at for at, row in enumerate(order) if row.pk == policy.pk), None)
    if at is None:
        raise Refused(_("A disabled rule has no position."))
    if request.POST.get("direction") == "up":
        if at:
            policy.move(before=order[at - 1], by=request.member)
    elif at < len(order) - 1:
        policy.move(before=order[at + 2] if at + 2 < len(order) else None, by=request.member)
    return _("The order is saved.") + " " + _("Running clocks are updated within a minute.")


@sla.action(_get_policy)
def archive_sla(request: TenantRequest, policy: SlaPolicy) -> str:
    """Archive a policy."""
    policy.archive(by=request.member)
    return _("“%(name)s” is off.") % {"name": policy.name} + " " + _("Running clocks are updated within a minute.")


@sla.action(_get_policy)
def restore_sla(request: TenantRequest, policy: SlaPolicy) -> str:
    """Restore a policy."""
    policy.restore(by=request.member)
    return _("“%(name)s” is on again.") % {"name": policy.name} + " " + _("Running clocks are updated within a minute.")


@require(SET_UP)
def add_sla(request: TenantRequest) -> HttpResponse:
    """Add a policy above the others."""
    return _edit_form(request, None, None)


@require(SET_UP)
def edit_sla(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Edit a policy, with a preview of its effect."""
    row = _get_policy(uid)
    plain = next(plain for policy_row, plain in policy_rows() if policy_row.pk == row.pk)
    return _edit_form(request, row, plain)


def _edit_form(request: TenantRequest, row: SlaPolicy | None, plain: Policy | None) -> HttpResponse:
    now = version_of(str(plain), row.archived_at if row else None)
    if not is_posted(request):
        return _render_form(request, PolicyForm(policy=row, plain=plain), row, now)
    if row and is_stale(request, now):
        fresh = PolicyForm(policy=row, plain=plain)
        return _render_form(request, fresh, row, now, told=stale_message(), status=409)
    form = PolicyForm(request.POST, policy=row, plain=plain)
    if not form.is_valid():
        return _render_form(request, form, row, now, status=422)
    if "preview" in request.POST:
        return _render_form(request, form, row, now, effect=of_policies(_draft_policies(row, form.plain)))
    try:
        if row is None:
            SlaPolicy.add(targets=form.targets, by=request.member, **form.facts)
        else:
            row.edit(targets=form.targets, by=request.member, **form.facts)
    except Refused as why:
        form.add_error("name", str(why))
        return _render_form(request, form, row, now, status=422)
    messages.success(request, _("Saved.") + " " + _("Running clocks are updated within a minute."))
    return redirect("tickets:sla", request.tenant.slug)


def _draft_policies(row: SlaPolicy | None, typed: Policy) -> list[Policy]:
    """Return the policies with the edit applied; a new one is on top."""
    live = [(policy_row, plain) for policy_row, plain in policy_rows() if policy_row.archived_at is None]
    if row is None:
        return [typed, *(plain for _known, plain in live)]
    return [typed if policy_row.pk == row.pk else plain for policy_row, plain in live]


def _render_form(
    request: TenantRequest,
    form: PolicyForm,
    row: SlaPolicy | None,
    version: str,
    *,
    told: str = "",
    status: int = 200,
    effect: Effect | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "policy": row,
        "version": version,
        "told": told,
        "trouble": bool(told),
        "effect": effect.sentence if effect else "",
    }
    return render(request, PAGE, context, status=status)
