"""Make a lead of a submission: the one place where whatever came in ends.

Who has confirmed an address or number, and goes by that name, is the same customer: their open lead of that work and
place takes it in, else they have one more. Any weaker likeness is a suggestion, which a person decides on.
"""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from crm.jobs.creation.same_job import JobFacts, differences
from crm.jobs.creation.same_place import NOWHERE, Place
from crm.jobs.models import Job, Note, Pipeline, Source
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock
from crm.kernel.normalization import name_key, parse_email, parse_phone
from crm.kernel.refusal import Refused
from crm.kernel.typed_values import Habits, money
from crm.people.identity.names import names_agree
from crm.people.lookup import Address, current_people, lock_contact_values, people_reached_at, points_of_nobody
from crm.people.models import ContactPoint, DuplicateCandidate, Person
from crm.platform.database.bulk_write import insert_all
from crm.platform.events import events
from crm.platform.models import Brand, Member
from crm.platform.organization.configuration import directory
from leads.intake import origin
from leads.intake.contents import given_in
from leads.intake.fields import LABELS, Given
from leads.intake.posts.payload import Unreadable
from leads.intake.setup import doors
from leads.models import IntakeDoor, Lead, Submission
from leads.new_lead import NewLead, open_lead

RECEIVED = "lead.received"


@transaction.atomic
def open_from(submission: Submission, *, by: Member | None = None) -> Lead | None:
    """Open the lead a submission asks for, or add it to the one it is about. Read before: the same lead, nothing new.

    `by`: who had it read again. Raises Unreadable, or Refused, in words, where no lead can be made of it.
    """
    submission.lock()
    if submission.state in (Submission.State.READ, Submission.State.IGNORED):
        return submission.lead
    door = doors()[submission.door_id]
    given = given_in(submission, door)
    new, left = _new_lead(given, submission, door)
    values = sorted(value for _kind, value, _note in new.points())
    lock_contact_values(values)
    person = _confirmed(new)
    job = _open_job(person, new, given) if person else None
    joined = job is not None
    if job is None:
        job = open_lead(_with_seen(new, values), by=by, person=person, cause=f"“{door.name}”")
        _suggest(job, new)
    lead: Lead = Lead.objects.get_or_create(job=job, defaults={"rep_id": job.member_id})[0]
    left.extend(_pay(lead, job, given["cost"], new.brand))
    _note(job, door, given, left, joined=joined)
    if joined:
        job.hear("email", by=by)
    elif external_id := given["external_id"][:120]:
        _name(lead, external_id)
    origin.keep(lead, given, submission, door, new)
    submission.become_read(lead, joined=joined)
    data = {"door": door.pk, "submission": submission.pk, "joined": joined}
    events.record(RECEIVED, subject=lead, by=by, data=data, job_id=job.pk)
    return lead


def _new_lead(given: Given, submission: Submission, door: IntakeDoor) -> tuple[NewLead, list[str]]:
    """Read what was given; what could not be read is returned besides, for the note."""
    brand, left = directory().brands[door.brand_id], []
    if brand.archived_at:
        raise Refused(_("The brand of this form or endpoint is archived."))
    phone = email = None
    try:
        phone = parse_phone(given["phone"], brand.country) if given["phone"] else None
    except Refused as why:
        left.append(f"{given['phone']}: {why}")
    try:
        email = parse_email(given["email"]) if given["email"] else None
    except Refused as why:
        left.append(f"{given['email']}: {why}")
    if phone is None and email is None:
        raise Unreadable(" ".join([_("Neither a phone number nor an email address could be read."), *left]))
    pipeline = _pipeline(given["work"], door)
    street = given["street"][:200]
    address = Address(street, given["postcode"][:16], given["city"][:120], given["region"][:80], brand.country)
    first = pipeline_setup().first_step(pipeline.pk)
    new = NewLead(
        form=submission.uid,
        name=given.name or email or (phone.e164 if phone else ""),
        brand=brand,
        pipeline=pipeline,
        phone=phone,
        email=email or "",
        address=address if street else None,
        stage=pipeline_setup().stages[first] if first else None,
        source=_source(given["source"], door),
    )
    return new, left


def _pipeline(work: str, door: IntakeDoor) -> Pipeline:
    """Return the pipeline somebody named, else the door's, else the default."""
    live = [row for row in pipeline_setup().pipelines.values() if row.archived_at is None]
    named = next((row for row in live if work and name_key(row.name) == name_key(work[:120])), None)
    own = next((row for row in live if row.pk == door.pipeline_id), None)
    return named or own or pipeline_setup().default_pipeline


def _source(word: str, door: IntakeDoor) -> Source | None:
    """Return the source somebody named, where there is one of that name, else the door's."""
    here = pipeline_setup().sources
    named = (row for row in here.values() if row.archived_at is None and row.name.casefold() == word.strip().casefold())
    return next(named, None) or here.get(door.source_id or 0)


def _confirmed(new: NewLead) -> Person | None:
    """Return who has confirmed one of the points as theirs and goes by that name."""
    values = [value for _kind, value, _note in new.points()]
    points = ContactPoint.objects.reached_at(*values).filter(verified_at__isnull=False).select_related("person")
    for point in points.order_by("pk"):
        if names_agree(new.name, point.person.name):
            return Person.objects.get(pk=current_people([point.person_id])[point.person_id])
    return None


def _open_job(person: Person, new: NewLead, given: Given) -> Job | None:
    """Return the customer's open lead this is one more word about: nothing speaks for another (K18)."""
    said = JobFacts(
        external_id=given["external_id"][:120],
        place=Place(*new.address[:4]) if new.address else NOWHERE,
        pipeline_id=new.pipeline.pk,
    )
    jobs = Job.objects.open().filter(person=person).select_related("site", "lead").order_by("-came_in_at", "-pk")
    for job in jobs[:20]:
        lead, site = getattr(job, "lead", None), job.site
        facts = JobFacts(
            external_id=lead.external_id if lead else "",
            place=Place(site.street, site.postcode, site.city, site.region) if site else Place(city=job.place),
            pipeline_id=job.pipeline_id,
        )
        if not differences(said, facts):
            return job
    return None


def _with_seen(new: NewLead, values: Iterable[str]) -> NewLead:
    """Have everybody with its addresses and numbers count as seen: nobody is asked, they are suggested."""
    return NewLead(**{**vars(new), "seen": frozenset(people_reached_at(list(values)))})


def _suggest(job: Job, new: NewLead) -> None:
    """Suggest that the new customer is one of those with the same address or number; a person decides."""
    points = [(kind, value) for kind, value, _note in new.points()]
    nobodys = points_of_nobody(points, name=new.name)
    reasons: dict[int, str] = {}
    for point in ContactPoint.objects.reached_at(*(value for _kind, value in points)).select_related("person"):
        other = point.person
        if point.value in nobodys or other.pk == job.person_id or other.merged_into_id:
            continue
        alike = DuplicateCandidate.Reason.PHONE if point.kind == "phone" else DuplicateCandidate.Reason.EMAIL
        agrees = names_agree(new.name, other.name)
        reasons.setdefault(other.pk, (alike if agrees else DuplicateCandidate.Reason.MESSAGE).value)
    if not job.person_id or not reasons:
        return
    now, mine = clock.now(), job.person_id
    pairs = [
        {"one_id": min(pk, mine), "other_id": max(pk, mine), "reason": why, "found_at": now}
        for pk, why in sorted(reasons.items())
    ]
    insert_all(DuplicateCandidate, pairs, ignore_conflicts=True)


def _note(job: Job, door: IntakeDoor, given: Given, left: list[str], *, joined: bool) -> None:
    """Keep in a note what they wrote, and what has no column of its own."""
    lines = [given["message"], *(f"{label}: {value}" for label, value in given.more.items()), *left]
    if given["value"]:
        lines.append(_("Value: %(value)s") % {"value": given["value"]})
    body = "\n".join(filter(None, lines))[:4000]
    if joined:
        again = _("Came in once more by “%(door)s”.") % {"door": door.name}
        body = f"{again}\n{body}".strip()
    if body:
        Note.objects.create(job=job, author=None, body=body)


def _pay(lead: Lead, job: Job, said: str, brand: Brand) -> list[str]:
    """Keep what was paid for the lead; return the words for its note where that is no amount of its currency."""
    if not said:
        return []
    try:
        minor, currency = money(said, Habits.of(brand.country, brand.currency, directory().zone))
    except Refused as why:
        return [f"{LABELS['cost']}: {said} ({why})"]
    if currency != job.currency or lead.cost is not None:
        return [f"{LABELS['cost']}: {said}"]
    lead.cost = minor
    lead.save(update_fields=["cost"])
    return []


def _name(lead: Lead, external_id: str) -> None:
    """Keep the id it has elsewhere, unless another lead has it."""
    if not lead.external_id and not Lead.objects.filter(external_id=external_id).exists():
        lead.external_id = external_id
        lead.save(update_fields=["external_id"])
