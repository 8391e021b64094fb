"""The page of two versions of a follow-up: choose one, or ask the colleague to choose."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.kernel import clock
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from crm.web.actions.row_action import Act, Toast
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from crm.web.timeline.event_words import describe_event, name_of
from followups.models import FollowUp
from followups.offline.acts import VERBS, replay
from followups.offline.models import OfflineAct, OfflineActState
from followups.offline.notices import ask_other, ask_time, find_other, tell_decision
from followups.offline.retention import NOTE, forget_time
from followups.offline.seen_state import SeenState
from followups.offline.versions import ACT, MINE, THEIRS, WHO, Versions
from followups.views.follow_up_action import FollowUpAction, get_follow_up

# Events shown at most.
MOST = 20


@require("followups.work")
@require_GET
def conflict(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show both versions; to htmx only what the choices lead to."""
    act = _get_act(request, uid)
    if not act.is_undecided:
        messages.success(request, _("This is decided: %(what)s") % {"what": act.text})
        return redirect("followups:today", request.tenant.slug)
    if is_fragment(request):
        versions = _read_versions(request, act)
        return render(request, "followups/offline/_outcome.html", _outcome_context(request, versions, request.GET))
    return _render_page(request, act)


@require("followups.view")
@require_GET
def conflicts_of(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show the conflicts of a follow-up that the member may decide: a fragment of its page, else the first of them."""
    follow_up = get_follow_up(request, uid)
    acts = list(OfflineAct.objects.visible_to(request.member).conflicts().filter(follow_up=follow_up).order_by("pk"))
    if is_fragment(request):
        return render(request, "followups/offline/_conflicts.html", {"follow_up": follow_up, "acts": acts})
    if acts:
        return redirect("followups:conflict", request.tenant.slug, acts[0].uid)
    return redirect("followups:follow_up", request.tenant.slug, follow_up.uid)


class DecisionAction(FollowUpAction):
    """Gives a follow-up the chosen version; the form carries the version that the page showed."""

    def __init__(self, act: OfflineAct) -> None:
        self.act = act

    def answer(self, request: TenantRequest, row: FollowUp, toast: Toast) -> HttpResponse:
        if toast.status != HTTPStatus.OK:
            return _render_page(request, self.act, toast)
        tell_decision(self.act, row, by=request.member)
        messages.success(request, f"{row.undo_name} · {toast.text}", extra_tags=toast.undo)
        return redirect("followups:today", request.tenant.slug)


@require("followups.work")
@require_POST
def decide(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Keep the chosen version; `do`: "theirs" keeps all of the colleague's, "ask" asks the colleague."""
    act = _get_act(request, uid)
    act.lock()
    if not act.is_undecided or act.follow_up is None:
        messages.warning(request, _("This is decided: %(what)s") % {"what": act.text})
        return redirect("followups:today", request.tenant.slug)
    if request.POST.get("do") == "ask":
        return _ask(request, act)
    kind = ""
    if request.POST.get("do") != THEIRS:
        kind = VERBS[act.act].kind
    return DecisionAction(act).run(request, kind, _keep_choices(act), {"uid": act.follow_up.uid})


def _ask(request: TenantRequest, act: OfflineAct) -> HttpResponse:
    other = ask_other(act)
    if other is None:
        return _render_page(request, act, Toast(_("There is no colleague to ask."), HTTPStatus.UNPROCESSABLE_ENTITY))
    messages.success(request, _("%(name)s is asked.") % {"name": other.name})
    return redirect("followups:conflict", request.tenant.slug, act.uid)


def _keep_choices(act: OfflineAct) -> Act[FollowUp]:
    """Return the action that gives the follow-up the chosen version."""

    def keep(request: TenantRequest, follow_up: FollowUp) -> str:
        versions = Versions(act, follow_up, Reader.of(request.member, clock.now()))
        choices = {ACT: _read_choice(request, ACT, asks=versions.asks_act), WHO: _read_choice(request, WHO)}
        _keep_act(request, act, follow_up, choices[ACT])
        if versions.asks_who and choices[WHO] == MINE and follow_up.is_open:
            follow_up.assign_to(SeenState(**act.base).assignee, by=request.member)
        text = versions.outcome(choices)
        act.settle(OfflineActState.DECIDED, text, by=request.member)
        return text

    return keep


def _keep_act(request: TenantRequest, act: OfflineAct, follow_up: FollowUp, choice: str) -> None:
    """Do what the change was to do, or add only its note, signed by its author."""
    if choice == MINE:
        if not follow_up.is_open:
            follow_up.reopen(by=request.member)
        VERBS[act.act].view(replay(request, act), follow_up)
    elif act.fields.get(NOTE):
        follow_up.note(act.fields[NOTE], by=directory().members[act.member_id])


def _read_choice(request: TenantRequest, name: str, *, asks: bool = True) -> str:
    """Return which version a field takes; `asks` is False if the page had no choice of it, as both fit together."""
    if request.POST.get("do") == THEIRS:
        return THEIRS
    if not asks:
        return MINE
    if request.POST.get(name) == MINE:
        return MINE
    return THEIRS


def _get_act(request: TenantRequest, uid: UUID) -> OfflineAct:
    """Return the change, if it is the member's or the member was asked, and its follow-up is visible."""
    act: OfflineAct | None = OfflineAct.objects.visible_to(request.member).filter(uid=uid).first()
    if act is None or act.follow_up is None:
        raise Http404
    get_follow_up(request, act.follow_up.uid)
    return act


def _read_versions(request: TenantRequest, act: OfflineAct) -> Versions:
    assert act.follow_up is not None
    return Versions(act, act.follow_up, Reader.of(request.member, clock.now()))


def _outcome_context(request: TenantRequest, versions: Versions, choices: Mapping[str, str]) -> dict[str, Any]:
    return {"outcome": versions.outcome(choices), "check": versions.check_time(choices, request.member)}


def _render_page(request: TenantRequest, act: OfflineAct, toast: Toast | None = None) -> HttpResponse:
    act.refresh_from_db()
    versions = _read_versions(request, act)
    reader = versions.reader
    event, other = find_other(act)
    context = {
        "act": act,
        "versions": versions,
        "follow_up": versions.follow_up,
        **_outcome_context(request, versions, {}),
        "why": toast.text if toast else "",
        "author": directory().members[act.member_id],
        "other": other,
        "other_at": reader.near(event.at) if event else "",
        "made_at": reader.near(act.made_at),
        "ask_at": reader.near(ask_time(act)),
        "forgotten": reader.long_day(forget_time(act)),
        "may_ask": bool(other and other.active and other.pk not in (act.member_id, request.member.pk)),
        "history": _history(act, reader),
    }
    return render(request, "followups/offline/conflict.html", context, status=toast.status if toast else 200)


def _history(act: OfflineAct, reader: Reader) -> list[dict[str, str]]:
    """Return what happened since the device showed the follow-up, earliest first, with both changes of the member."""
    assert act.follow_up is not None
    seen = SeenState(**act.base)
    author = name_of(act.member_id)
    lines = [
        (act.made_at, _("changed it, without a signal"), author),
        (act.received_at, _("The change arrived. Nothing was overwritten."), ""),
    ]
    if seen.seen_at:
        lines.append((seen.seen_at, _("had it on the device as it was"), author))
        events = Event.objects.of(act.follow_up).filter(at__gte=seen.seen_at).order_by("-pk")[:MOST]
        for row in events:
            words = describe_event(row.kind, row.data, row.actor_id).words
            lines.append((row.at, words, name_of(row.actor_id)))
    return [{"at": reader.near(at), "words": words, "name": name} for at, words, name in sorted(lines)]
