"""Changes that devices send: read one, apply it by the view function of its verb, or keep it for a decision."""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from inspect import unwrap
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.kernel.refusal import Refused, Stale
from crm.kernel.whole_numbers import read_number
from crm.platform import undo
from crm.web.actions.row_action import Toast
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from followups.calls.outcomes import OUTCOMES
from followups.calls.views import end_call
from followups.links.planned_record import read_planned_record
from followups.models import FollowUp, FollowUpOutcome, FollowUpStatus
from followups.models.follow_up_undo import PLANNED
from followups.offline.models import OfflineAct, OfflineActState
from followups.offline.notices import tell_conflict
from followups.offline.retention import NOTE, forget_later
from followups.offline.seen_state import SeenState, latest_seen
from followups.planning.new_follow_up import describe_planned, planned_by
from followups.planning.typed_wish import find_named_lead, parse_wish
from followups.time_choices import chip_time, parse_form_time
from followups.views import notes, verbs
from followups.views.follow_up_action import FollowUpAction, act_reader

# Reads the form of the request, calls the verb on the locked row, and says what was done.
ActView = Callable[[TenantRequest, FollowUp], str]
# A device may be without a network for so long; an act that claims to be older is as old as this.
OLDEST = timedelta(days=30)
# The fields of the forms on the day's page.
FIELDS = ("outcome", "note", "then", "when", "day", "clock", "text", "job")
PLAN = "plan"


@dataclass(frozen=True)
class OfflineVerb:
    """A verb that works without a network: the view function that a page uses, and the kind that makes it undoable."""

    view: ActView
    kind: str = ""
    # It adds something, so it fits whatever happened to the follow-up meanwhile.
    adds: bool = False

    @classmethod
    def of(cls, view: Callable[..., HttpResponse], kind: str = "", *, adds: bool = False) -> "OfflineVerb":
        """Return the verb of a decorated view: `unwrap` finds the function below the decorators."""
        return cls(unwrap(view), kind, adds)


VERBS = {
    "complete": OfflineVerb.of(verbs.complete, "followup.completed"),
    "end_call": OfflineVerb.of(end_call, "followup.completed"),
    "reschedule": OfflineVerb.of(verbs.reschedule, "followup.rescheduled"),
    NOTE: OfflineVerb.of(notes.note, adds=True),
}


@dataclass(frozen=True)
class SentAct:
    """A change as a device sends it."""

    key: UUID
    act: str
    uid: UUID | None
    made_at: datetime
    fields: dict[str, str]
    seen: SeenState

    @classmethod
    def of(cls, posted: QueryDict) -> "SentAct | None":
        """Read a change; None if the request isn't one.

        `age` is in seconds by the device's clock, which may be wrong about the time of day.
        """
        act = posted.get("act", "")
        key = _uuid(posted.get("key", ""))
        uid = _uuid(posted.get("follow_up", ""))
        if key is None or (act != PLAN and (act not in VERBS or uid is None)):
            return None
        age = timedelta(seconds=read_number(posted.get("age"), most=10**9) or 0)
        texts = {name: posted.get(name, "").replace("\0", "").strip()[:4000] for name in FIELDS}
        fields = {name: text for name, text in texts.items() if text}
        return cls(key, act, uid, clock.now() - min(age, OLDEST), fields, SeenState.parse(posted))


class OfflineAction(FollowUpAction):
    """Runs the verb of a change that was made on a device; the caller reads the answer's status."""

    def __init__(self, act: OfflineAct) -> None:
        self.act = act

    def check(self, request: TenantRequest, row: FollowUp) -> None:
        """Raise Stale if what the change alters has been altered since the device showed it."""
        self.act.follow_up = row
        seen = latest_seen(self.act, SeenState(**self.act.base))
        self.act.base = seen.data() | {"as_of": self.act.base["as_of"]}
        if not VERBS[self.act.act].adds and is_altered(row, seen):
            raise Stale(row)

    def answer(self, request: TenantRequest, row: FollowUp, toast: Toast) -> HttpResponse:
        return HttpResponse(toast.text, status=toast.status)


def is_altered(row: FollowUp, seen: SeenState) -> bool:
    """True if a follow-up was closed, moved or assigned since. What else it says may have changed."""
    now = SeenState.of(row)
    return row.form_version != seen.version and (not row.is_open or (now.due, now.who) != (seen.due, seen.who))


def receive_act(request: TenantRequest, sent: SentAct) -> OfflineAct:
    """Apply a change once. If it arrives again, also at the same time, return the row of the first time."""
    act, is_new = OfflineAct.objects.get_or_create(
        member=request.member,
        key=sent.key,
        defaults={"act": sent.act, "made_at": sent.made_at, "fields": sent.fields, "base": sent.seen.data()},
    )
    if is_new:
        forget_later()
        _apply_act(replay(request, act), act, sent.uid)
    return act


def replay(request: TenantRequest, act: OfflineAct) -> TenantRequest:
    """Return the request as if it had the fields of the change, and came when that was made."""
    replayed = copy(request)
    replayed.POST = QueryDict(urlencode(act.fields))
    replayed.acted_at = act.made_at
    return replayed


def _apply_act(request: TenantRequest, act: OfflineAct, uid: UUID | None) -> None:
    if act.act == PLAN:
        _plan(request, act)
        return
    verb = VERBS[act.act]
    action = OfflineAction(act)
    try:
        response = action.run(request, verb.kind, verb.view, {"uid": uid})
    except Http404:
        act.settle(OfflineActState.REFUSED, _("You can no longer see this follow-up."))
        return
    if response.status_code == HTTPStatus.CONFLICT:
        _keep_or_add(request, act)
        return
    text = response.content.decode()
    if response.status_code != HTTPStatus.OK:
        act.settle(OfflineActState.REFUSED, text)
        return
    assert act.follow_up is not None
    act.follow_up.refresh_from_db()
    act.result = SeenState.of(act.follow_up).data()
    act.settle(OfflineActState.APPLIED, text)


def _keep_or_add(request: TenantRequest, act: OfflineAct) -> None:
    """Keep a change for a decision, unless a colleague has done the same: then only its note is added."""
    assert act.follow_up is not None
    act.follow_up.refresh_from_db()
    why = _missing_choice(act, act_reader(request))
    if why:
        act.settle(OfflineActState.REFUSED, why)
        return
    if act.follow_up.status == FollowUpStatus.COMPLETED and act.follow_up.outcome == sent_outcome(act):
        if act.fields.get(NOTE):
            act.follow_up.note(act.fields[NOTE], by=request.member)
        act.settle(OfflineActState.APPLIED, _("It was done already, with the same outcome."))
        return
    act.keep_for_decision()
    tell_conflict(act)


def _plan(request: TenantRequest, act: OfflineAct) -> None:
    """Plan a follow-up by a line that was typed without a network; "tomorrow" is the day after that."""
    reader = act_reader(request)
    try:
        with transaction.atomic():
            act.follow_up = _plan_line(request, reader)
    except Http404:
        act.settle(OfflineActState.REFUSED, _("You can no longer see this customer."))
    except Refused as why:
        act.settle(OfflineActState.REFUSED, str(why))
    else:
        act.settle(OfflineActState.APPLIED, describe_planned(act.follow_up, reader))


def _plan_line(request: TenantRequest, reader: Reader) -> FollowUp:
    """Plan what a line says, about the record of the request or the lead that the line names. Raises Refused."""
    about = read_planned_record(request.POST, request.member)
    job = about.job
    wish = parse_wish(request.POST.get("text", ""), reader, once=False)
    if about.record is None:
        job, wish = find_named_lead(request, wish)
    planned = planned_by(request, job, wish, about=about.record)
    undo.record_created(PLANNED, [planned], by=request.member, at=planned.created_at)
    return planned


def sent_outcome(act: OfflineAct) -> str:
    """Return the outcome with which a change completes its follow-up; "" if it doesn't."""
    outcome = act.fields.get("outcome", "")
    if act.act == "end_call" and outcome in OUTCOMES:
        return str(OUTCOMES[outcome].ends_as)
    if act.act == "complete" and outcome in FollowUpOutcome.values:
        return str(outcome)
    return ""


def sent_time(act: OfflineAct, reader: Reader, due_at: datetime | None) -> datetime | None:
    """Return the time to which a change moves its follow-up; None if it doesn't. Both are as the device showed them."""
    fields = act.fields
    if act.act != "reschedule":
        return None
    when = chip_time(fields.get("when", ""), FollowUp(due_at=due_at), reader)
    return when or parse_form_time(fields.get("day", ""), fields.get("clock", ""), reader.zone)


def _missing_choice(act: OfflineAct, reader: Reader) -> str:
    """Return what a change doesn't say, so that there is no second version to choose; "" if it says all."""
    if act.act == "reschedule":
        if sent_time(act, reader, None) is None:
            return _("Choose a day and time in the future.")
    elif not sent_outcome(act):
        return _("Choose an outcome.")
    return ""


def _uuid(text: Any) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
