"""Open a lead from a submission, whichever door it came in by.

Who has confirmed an address or number, and goes by that name, is the same customer; so is a visitor who sends a form
once more. Their open lead of that work and place takes it in, else they have one more. Any weaker likeness is a
suggestion, which a person decides on. What no field of the lead holds stands in its note "Also sent".
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from crm.jobs.models import Job, Note
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock
from crm.kernel.normalization import parse_email, parse_phone
from crm.kernel.refusal import Refused
from crm.kernel.typed_values import NotationHabits, parse_money
from crm.people.identity.names import names_agree
from crm.people.lookup import WrittenAddress, lock_contact_values, people_reached_at, points_of_nobody
from crm.people.models import ContactPoint, DuplicateCandidate
from crm.platform.database.bulk_write import insert_all
from crm.platform.events import events
from crm.platform.models import Brand, Member
from crm.platform.organization.configuration import directory
from leads.intake import origin
from leads.intake.also_sent import line_of, lines_new_to, note_text, unheld_lines
from leads.intake.contents import given_in
from leads.intake.fields import Given
from leads.intake.loose_names import match_name
from leads.intake.posts.payload import UnreadablePayload
from leads.intake.same_lead import find_customer, lead_of_id, open_job
from leads.models import IntakeDoor, Lead, Submission
from leads.models.intake_door import doors
from leads.new_lead import NewLead, open_lead

RECEIVED = "lead.received"


@transaction.atomic
def open_from(submission: Submission, *, by: Member | None = None) -> Lead | None:
    """Open the lead of a submission, or add it to an existing one. Idempotent: a read submission returns its lead.

    `by`: who had it read again. Raises Unreadable, or Refused, in words, where no lead can be made of it.
    """
    submission.lock()
    if submission.state in (Submission.SubmissionState.READ, Submission.SubmissionState.IGNORED):
        return submission.lead
    door = doors()[submission.door_id]
    submitted = given_in(submission, door)
    request = _read_request(submitted, submission, door)
    new = request.new
    lines = request.lines
    external_id = submitted["external_id"][:120]
    values = sorted(value for _kind, value, _note in new.points())
    lock_contact_values(values)
    same = lead_of_id(external_id, new, door)
    if same:
        person = None
    else:
        person = find_customer(new)
    job = None
    if same:
        job = same.job
    if person:
        job = open_job(person, new, external_id=external_id, is_pipeline_named=request.is_pipeline_named)
    joined = job is not None
    if job is None:
        job = open_lead(_with_seen(new, values), by=by, person=person, cause=f"“{door.name}”")
        _set_town(job, submitted)
        _suggest_duplicates(job, new)
    else:
        lines.extend(lines_new_to(job, submitted, new))
    lead: Lead = Lead.objects.get_or_create(job=job, defaults={"rep_id": job.member_id})[0]
    lines.extend(_set_cost(lead, job, submitted["cost"], new.brand))
    lines.extend(_set_external_id(lead, external_id))
    _store_message(job, door, submitted, lines, joined=joined)
    if joined:
        job.hear("email", by=by)
    origin.keep(lead, submitted, submission, door, new)
    submission.become_read(lead, joined=joined)
    data = {"door": door.pk, "submission": submission.pk, "joined": joined}
    events.record(RECEIVED, subject=lead, by=by, data=data, job_id=job.pk)
    return lead


@dataclass
class LeadRequest:
    """A submission parsed into a new lead. `lines`: values that no field of the lead holds, for its note."""

    new: NewLead
    lines: list[str]
    # Whether the sender or the door names the pipeline; else it is the default.
    is_pipeline_named: bool


def _read_request(given: Given, submission: Submission, door: IntakeDoor) -> LeadRequest:
    """Parse the values into a request. Raises Unreadable without a phone number or an email address."""
    brand = directory().brands[door.brand_id]
    lines = list[str]()
    if brand.archived_at:
        raise Refused(_("The brand of this form or endpoint is archived."))
    phone = email = None
    try:
        phone = None
        if given["phone"]:
            phone = parse_phone(given["phone"], brand.country)
    except Refused as why:
        lines.append(f"{given['phone']}: {why}")
    try:
        email = None
        if given["email"]:
            email = parse_email(given["email"])
    except Refused as why:
        lines.append(f"{given['email']}: {why}")
    if phone is None and email is None:
        raise UnreadablePayload(" ".join([_("No phone number or email address found."), *lines]))
    setup = pipeline_setup()
    live = [row for row in setup.pipelines.values() if row.archived_at is None]
    work = match_name(given["work"], live)
    own = next((row for row in live if row.pk == door.pipeline_id), None)
    pipeline = work.row or own or setup.default_pipeline
    source = match_name(given["source"], [row for row in setup.sources.values() if row.archived_at is None])
    questions = {"work": work.question(given["work"]), "source": source.question(given["source"])}
    lines += [line_of(name, question) for name, question in questions.items() if question]
    lines += unheld_lines(given, is_agreed=origin.is_wording_kept(given, door))
    street = given["street"][:200]
    address = WrittenAddress(street, given["postcode"][:16], given["city"][:120], given["region"][:80], brand.country)
    first = setup.first_step(pipeline.pk)
    new = NewLead(
        form=submission.uid,
        name=given.name or email or (phone.e164 if phone else ""),
        brand=brand,
        pipeline=pipeline,
        phone=phone,
        email=email or "",
        address=address if street else None,
        stage=setup.stages[first] if first else None,
        source=source.row or setup.sources.get(door.source_id or 0),
    )
    return LeadRequest(new, lines, is_pipeline_named=bool(work.row or own))


def _set_town(job: Job, given: Given) -> None:
    """Set the town of a new lead without a street: the list and the territory use it."""
    if given["city"] and job.site_id is None:
        job.place = given["city"][:120]
        job.save(update_fields=["place"])


def _with_seen(new: NewLead, values: Iterable[str]) -> NewLead:
    """Mark the people with the same contact points as seen; duplicates are suggested after the lead is opened."""
    return NewLead(**{**vars(new), "seen": frozenset(people_reached_at(list(values)))})


def _suggest_duplicates(job: Job, new: NewLead) -> None:
    """Suggest the new customer as a duplicate of people with the same contact points; a person decides."""
    points = [(kind, value) for kind, value, _note in new.points()]
    nobodys = points_of_nobody(points, name=new.name)
    reasons: dict[int, str] = {}
    for point in ContactPoint.objects.reached_at(*(value for _kind, value in points)).select_related("person"):
        other = point.person
        if point.value in nobodys or other.pk == job.person_id or other.merged_into_id:
            continue
        if point.kind == "phone":
            alike = DuplicateCandidate.DuplicateReason.PHONE
        else:
            alike = DuplicateCandidate.DuplicateReason.EMAIL
        agrees = names_agree(new.name, other.name)
        reasons.setdefault(other.pk, (alike if agrees else DuplicateCandidate.DuplicateReason.MESSAGE).value)
    if not job.person_id or not reasons:
        return
    now = clock.now()
    mine = job.person_id
    pairs = [
        {"one_id": min(pk, mine), "other_id": max(pk, mine), "reason": why, "found_at": now}
        for pk, why in sorted(reasons.items())
    ]
    insert_all(DuplicateCandidate, pairs, ignore_conflicts=True)


def _store_message(job: Job, door: IntakeDoor, given: Given, lines: list[str], *, joined: bool) -> None:
    """Store the customer's text as a message, and values that no field holds in a note for the team."""
    if joined:
        lines = [_("Came in again through “%(door)s”.") % {"door": door.name}, *lines]
    if text := note_text(lines):
        Note.objects.create(job=job, author=None, body=text)
    if given["message"]:
        # A colleague who logs a call writes down what was said: that is a note of the team.
        is_typed_by_us = door.kind == IntakeDoor.DoorKind.LOG
        if is_typed_by_us:
            sent_by = ""
        else:
            sent_by = door.name
        Note.objects.create(job=job, author=None, body=given["message"], sent_by=sent_by)


def _set_cost(lead: Lead, job: Job, said: str, brand: Brand) -> list[str]:
    """Store what was paid for the lead; return a line for its note if it is not an amount in its currency."""
    if not said:
        return []
    try:
        minor, currency = parse_money(said, NotationHabits.of(brand.country, brand.currency, directory().zone))
    except Refused as why:
        return [line_of("cost", f"{said} ({why})")]
    if currency != job.currency or lead.cost is not None:
        return [line_of("cost", said)]
    lead.cost = minor
    lead.save(update_fields=["cost"])
    return []


def _set_external_id(lead: Lead, external_id: str) -> list[str]:
    """Store the external id; return it for the note if the lead has another one, or another lead has it."""
    if not external_id or lead.external_id == external_id:
        return []
    if lead.external_id or Lead.objects.filter(external_id=external_id).exists():
        return [line_of("external_id", external_id)]
    lead.external_id = external_id
    lead.save(update_fields=["external_id"])
    return []
