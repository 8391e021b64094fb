"""Pages of submissions: the list, unreadable ones first; one with its field mapping, to be read again or ignored."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.jobs.duplicates.comparison import DuplicatePair, sides_of
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import DuplicateCandidate
from crm.platform.access.permissions import allows
from crm.platform.models import AccessLog, Member
from crm.web.lists.counts import capped_counts
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.settings.page import Context, settings_page
from crm.web.settings.times import format_when
from leads.intake.contents import fields_in, raw_of
from leads.intake.features import SET_UP
from leads.intake.notices import SEE
from leads.intake.pages import mapping
from leads.intake.posts import providers
from leads.intake.posts.payload import UnreadablePayload
from leads.intake.reading import read_one
from leads.models import IntakeDoor, Submission
from leads.models.intake_door import doors

SHOWN = 50
RAW = 20_000
SubmissionState = Submission.SubmissionState


@settings_page("intake:submissions", SEE, "leads/intake/submissions.html")
def submissions(request: TenantRequest) -> Context:
    """List the parked submissions, oldest first, and the recent ones."""
    all_doors = doors()
    columns = ("body", "fetched")
    parked = Submission.objects.in_review().order_by("received_at", "pk").defer(*columns)[:SHOWN]
    lately = (
        Submission.objects.exclude(state=SubmissionState.PARKED).order_by("-received_at", "-pk").defer(*columns)[:SHOWN]
    )
    numbers = _visible_numbers([row.lead_id for row in lately if row.lead_id], request.member)
    return {
        "parked": [_submission_line(row, request) for row in parked],
        "count": capped_counts({"all": Submission.objects.in_review()})["all"],
        "lately": [_submission_line(row, request) | {"number": numbers.get(row.lead_id or 0)} for row in lately],
        "has_doors": bool(all_doors),
    }


def _submission_line(row: Submission, request: TenantRequest) -> dict[str, Any]:
    return {
        "row": row,
        "door": doors()[row.door_id],
        "when": format_when(request, row.received_at),
        "state": state_words(row),
    }


def state_words(row: Submission) -> str:
    """Return the state of a submission in words."""
    match row.state:
        case SubmissionState.STORED:
            return _("waits to be read")
        case SubmissionState.PARKED:
            return _("could not be read")
        case SubmissionState.IGNORED:
            return _("left out")
        case _:
            if row.joined:
                return _("added to a lead")
            return _("opened a lead")


def _visible_numbers(leads: list[int], member: Member) -> dict[int, int]:
    """Return the numbers of those of these leads that the member may see."""
    if leads:
        return dict(Job.objects.visible_to(member).filter(pk__in=leads).values_list("pk", "number"))
    return {}


def _get_submission(uid: UUID) -> Submission:
    submission: Submission | None = Submission.objects.filter(uid=uid).first()
    if submission is None:
        raise Http404
    return submission


@settings_page("intake:submission", SEE, "leads/intake/submission.html", of=("uid",))
def submission(request: TenantRequest, uid: UUID) -> Context:
    """Show a submission with its raw content and mapped fields; reading it is recorded in the access log."""
    row = _get_submission(uid)
    door = doors()[row.door_id]
    AccessLog.objects.note_read(row, by=request.member)
    fields = {}
    why = ""
    try:
        fields = fields_in(row, door)
    except UnreadablePayload as trouble:
        why = str(trouble)
    raw = raw_of(row, door)
    size = len(raw)
    # Google sends the key of the endpoint along.
    raw = raw.replace(door.key.encode(), b"***")
    if door.kind == IntakeDoor.DoorKind.META and not row.fetched:
        # Its post has ids alone: there is nothing to map before the answers are here.
        fields = {}
    return {
        "line": _submission_line(row, request),
        "may_set_up": allows(request.member, SET_UP) and door.archived_at is None,
        "number": _visible_numbers([row.lead_id] if row.lead_id else [], request.member).get(row.lead_id or 0),
        "rows": mapping.rows(fields, door),
        "choices": mapping.choices(),
        "unreadable": why,
        "raw": raw[:RAW].decode(errors="replace"),
        "is_cut": len(raw) > RAW,
        "size": size,
        "pairs": _duplicate_pairs(row, request),
    }


def _duplicate_pairs(row: Submission, request: TenantRequest) -> list[DuplicatePair]:
    """Return possible duplicates of its customer, for members who may merge people."""
    job = None
    if row.lead_id:
        job = Job.objects.filter(pk=row.lead_id).first()
    if job is None or not job.person_id or not allows(request.member, "people.merge"):
        return []
    open_ones = DuplicateCandidate.objects.filter(decided_at=None)
    pairs = list((open_ones.filter(one_id=job.person_id) | open_ones.filter(other_id=job.person_id)).order_by("pk")[:5])
    reader = Reader.of(request.member, clock.now())
    people = [pk for each in pairs for pk in (each.one_id, each.other_id)]
    sides = {}
    if pairs:
        sides = sides_of(people, request.member, reader, request.tenant.slug)
    return [
        DuplicatePair(
            (sides[each.one_id], sides[each.other_id]), str(DuplicateCandidate.DuplicateReason(each.reason).label), each
        )
        for each in pairs
    ]


@submission.action(_get_submission)
def map_fields(request: TenantRequest, row: Submission) -> str | HttpResponse:
    """Save the field mapping for its door, and read the submission again."""
    door = doors()[row.door_id]
    door.map_fields(mapping.read_mapping(door, request.POST), by=request.member)
    return _read_again(request, row)


@submission.action(_get_submission)
def replay(request: TenantRequest, row: Submission) -> str | HttpResponse:
    """Read a submission again."""
    return _read_again(request, row)


def _read_again(request: TenantRequest, row: Submission) -> str | HttpResponse:
    """Read a parked submission again; one that was read stays as it is."""
    if row.state == SubmissionState.READ:
        raise Refused(_("This was already processed."))
    if providers.ask_again(row, doors()[row.door_id], by=request.member):
        return _("Requested from Meta again. Check back in a minute.")
    row.wait_again(by=request.member)
    lead = read_one(row, by=request.member)
    if lead is None:
        return redirect(reverse("intake:submission", args=[request.tenant.slug, row.uid]))
    number = Job.objects.values_list("number", flat=True).get(pk=lead.pk)
    if row.joined:
        words = _("It was added to lead %(number)s.")
    else:
        words = _("It opened lead %(number)s.")
    return words % {"number": number}


@submission.action(_get_submission)
def ignore(request: TenantRequest, row: Submission) -> str:
    """Ignore a submission for good, with a reason."""
    why = " ".join(request.POST.get("reason", "").split())[:200]
    if not why:
        raise Refused(_("Enter a reason for discarding it."))
    row.ignore(why, by=request.member)
    return _("Left out.")
