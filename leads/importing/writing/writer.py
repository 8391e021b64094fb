"""Write a batch of rows: new leads with one statement per table, and additions to known leads."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from crm.jobs.creation.bulk_creation import Opening, open_all, take_numbers
from crm.jobs.models import Job, JobState
from crm.kernel import clock
from crm.kernel.normalization import name_key
from crm.people.lookup import current_people
from crm.people.models import Claim, ContactPoint, Person
from crm.platform.database.bulk_write import allocate_ids, insert_all, values_of
from crm.platform.models import Member
from crm.platform.tenancy.secrets import address_fingerprint
from leads.importing.matching.draft import LeadDraft
from leads.importing.matching.known_leads import KnownLead
from leads.importing.matching.own_cells import values_for
from leads.importing.values.vocabulary import step_kind
from leads.importing.writing.additions import CAUSE, AdditionWriter
from leads.importing.writing.own_fields import fill_in_own_fields
from leads.importing.writing.references import PlaceReferences, SourceReferences
from leads.models import Lead
from leads.sources.funnel import reached_columns


class BatchWriter:
    """Writes batches for one member, or for the system; `data` goes into every event."""

    def __init__(self, by: Member | None, data: Mapping[str, Any]) -> None:
        self.by = by
        self.data = data

    def write(self, touched: Sequence[KnownLead]) -> None:
        """Write new leads and additions to known ones, in the caller's transaction."""
        new = [known_lead for known_lead in touched if known_lead.job_id is None and known_lead.draft is not None]
        old = [known_lead for known_lead in touched if known_lead.job_id is not None]
        drafts = [known_lead.draft for known_lead in new if known_lead.draft] + [
            d for known_lead in old for d in known_lead.gains.values()
        ]
        self.sources = SourceReferences(drafts)
        number = None
        if new:
            number = take_numbers(len(new))
        self.places = PlaceReferences(drafts)
        self._follow_merges(touched)
        self._write_people(new)
        self._write_points(touched)
        self._write_claims(drafts)
        self._open_leads(new, number)
        AdditionWriter(self.by, self.data, self.sources, self.places).write(old)
        fill_in_own_fields(touched, self.data)
        self._note_what_was_created(touched)

    def _note_what_was_created(self, touched: Sequence[KnownLead]) -> None:
        """Record on each lead which company and property were created for it, and what was added, for the undo."""
        for known_lead in touched:
            for draft in known_lead.drafts:
                known_lead.made |= self.places.created_ids(draft)
            known_lead.wrote |= dict.fromkeys(known_lead.customer.added, True)

    def _follow_merges(self, touched: Sequence[KnownLead]) -> None:
        """Replace people merged since matching by the person kept; they stay locked until all is written."""
        customers = {id(known_lead.customer): known_lead.customer for known_lead in touched}.values()
        current = current_people({customer.person_id for customer in customers if customer.person_id})
        for customer in customers:
            customer.person_id = current.get(customer.person_id or 0, customer.person_id)

    def _write_people(self, new: Sequence[KnownLead]) -> None:
        """Create the customers of new leads, each once, with the values of the first lead."""
        people = []
        first: dict[int, KnownLead] = {}
        unknown = [known_lead for known_lead in new if known_lead.customer.person_id is None]
        for known_lead in unknown:
            first.setdefault(id(known_lead.customer), known_lead)
        for known_lead, pk in zip(first.values(), allocate_ids(Person, len(first)), strict=True):
            draft = known_lead.draft
            assert draft is not None
            company = self.places.company_id(draft)
            name = draft.called[:200]
            person = {"id": pk, "name": name, "name_key": name_key(name)[:200], "company_id": company}
            people.append(person | {"language": draft.language})
            known_lead.customer.person_id = pk
            known_lead.customer.name = name
        for known_lead in unknown:
            assert known_lead.customer.person_id is not None
            known_lead.made["person_id"] = known_lead.customer.person_id
        self.made_people = {person["id"] for person in people}
        insert_all(Person, people)

    def _write_points(self, touched: Sequence[KnownLead]) -> None:
        of_new = list[dict[str, Any]]()
        of_known = list[dict[str, Any]]()
        for customer in {id(known_lead.customer): known_lead.customer for known_lead in touched}.values():
            if customer.person_id in self.made_people:
                points = of_new
            else:
                points = of_known
            for point, note in customer.added.items() if customer.person_id else ():
                kind, _, value = point.partition(":")
                point_of = {"person_id": customer.person_id, "kind": kind, "value": value, "note": note}
                points.append({**point_of, "fingerprint": address_fingerprint(value), "source": CAUSE})
        insert_all(ContactPoint, of_new)
        # Somebody may have typed the same address for the same customer this moment.
        insert_all(ContactPoint, of_known, ignore_conflicts=True)

    def _write_claims(self, drafts: Sequence[LeadDraft]) -> None:
        claims = []
        for draft in drafts:
            property_id = self.places.property_id(draft)
            if draft.claim_number and draft.street and property_id:
                claim = Claim(site_id=property_id, insurer=draft.insurer)
                claim.set_number(draft.claim_number)
                claims.append(values_of(claim))
        insert_all(Claim, claims, ignore_conflicts=True)

    def _open_leads(self, new: Sequence[KnownLead], number: int | None) -> None:
        now = clock.now()
        openings = [
            Opening(
                self._build_job(known_lead, now),
                "\n".join(known_lead.draft.notes),
                known_lead.draft.history,
                known_lead.draft.clock_started_at,
            )
            for known_lead in new
            if known_lead.draft
        ]
        open_all(openings, by=self.by, cause=CAUSE, data=self.data, number=number)
        leads = []
        for known_lead, opening in zip(new, openings, strict=True):
            draft = known_lead.draft
            job = opening.job
            assert draft is not None
            known_lead.job_id = job.pk
            known_lead.number = job.number
            won_at = draft.won_at or ((draft.stage_since or draft.touched_at or now) if draft.won else None)
            lead: dict[str, Any] = {
                "job_id": job.pk,
                "rep_id": draft.member_id,
                "campaign_id": self.sources.campaign_id(draft),
                "cost": draft.cost,
            }
            came = {"qualified_at": None, "quoted_at": None} | reached_columns(
                opening.job.stage_id, opening.job.entered_at
            )
            leads.append(lead | {"external_id": draft.external_id, "won_at": won_at} | came)
        insert_all(Lead, leads)

    def _build_job(self, known: KnownLead, now: datetime) -> Job:
        """Build the job of a new lead."""
        draft = known.draft
        assert draft is not None
        came_in, entered, ended = _job_times(draft, now)
        planned = draft.next_step or draft.next_step_at
        return Job(
            title=draft.title or known.customer.name[:200],
            place=draft.city,
            brand_id=draft.brand_id,
            pipeline_id=draft.pipeline_id,
            stage_id=draft.stage.pk if draft.stage else None,
            member_id=draft.member_id,
            person_id=known.customer.person_id,
            company_id=self.places.company_id(draft),
            site_id=self.places.property_id(draft),
            source_id=self.sources.source_id(draft),
            priority=draft.priority,
            value=draft.value,
            currency=draft.value_currency or draft.currency,
            state=draft.state,
            came_in_at=came_in,
            entered_at=entered,
            ended_at=ended,
            ended_reason=draft.ended_reason if ended else "",
            next_step_at=draft.next_step_at if not ended else None,
            next_step_kind=step_kind(draft.next_step) if planned and not ended else "",
            next_step_label=draft.next_step if not ended else "",
            touched_at=draft.touched_at,
            own_fields=values_for(Job, draft.own),
        )


def _job_times(draft: LeadDraft, now: datetime) -> tuple[datetime, datetime, datetime | None]:
    """Compute when the job was opened, entered its step and ended; its clock starts at the oldest plausible instant."""
    times = (draft.came_in_at, draft.stage_since, draft.touched_at, draft.won_at, draft.ended_at)
    dates = [at for at in times if at]
    came_in = draft.came_in_at or min(dates, default=now)
    is_over = draft.state != JobState.OPEN
    # Where nothing says when it ended, it did when it was last moved.
    if is_over and not draft.ended_at:
        entered = came_in
    else:
        entered = max(draft.stage_since or came_in, came_in)
    # It cannot have entered this step before an earlier one.
    entered = max([entered, *(at for at, _stage in draft.history[-1:])])
    ended = None
    if is_over:
        ended = max(draft.ended_at or draft.stage_since or draft.touched_at or now, entered)
    return came_in, entered, ended
