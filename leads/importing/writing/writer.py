"""Write a batch of rows: new leads with one statement per table, and additions to known leads."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from crm.jobs.creation.bulk_creation import Opening, fill_in, note_all, open_all, take_numbers
from crm.jobs.models import Job, State
from crm.jobs.pipelines.exit_criteria import Heed
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock
from crm.kernel.normalization import name_key
from crm.people.lookup import Address, current_people, find_or_create_companies, find_or_create_properties
from crm.people.models import Claim, ContactPoint, Person
from crm.platform.database.bulk_write import allocate_ids, insert_all, values_of
from crm.platform.events import events
from crm.platform.events.events import Fact
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.secrets import address_fingerprint
from leads.importing.matching.draft import Draft
from leads.importing.matching.known import Known
from leads.importing.matching.own_cells import OWN_PART
from leads.importing.matching.stored import LEAD_COLUMNS
from leads.importing.values.vocabulary import add_sources, step_kind
from leads.models import Lead
from leads.sources.attribution import find_or_create_campaigns
from leads.sources.funnel import reached

CAUSE = "import"


class Writer:
    """Writes batches for one member, or for the product itself; `data` goes into every event."""

    def __init__(self, by: Member | None, data: Mapping[str, Any]) -> None:
        self.by = by
        self.data = data

    def write(self, touched: Sequence[Known]) -> None:
        """Write new leads and additions to known ones, in the caller's transaction."""
        new = [known for known in touched if known.job_id is None and known.draft is not None]
        old = [known for known in touched if known.job_id is not None]
        drafts = [known.draft for known in new if known.draft] + [d for known in old for d in known.gains.values()]
        add_sources({draft.source for draft in drafts if draft.source})
        self.sources = {name_key(name): pk for name, pk in pipeline_setup().sources.called()}
        self.campaigns = find_or_create_campaigns(
            (self.sources.get(name_key(draft.source)) if draft.source else None, draft.campaign) for draft in drafts
        )
        number = None
        if new:
            number = take_numbers(len(new))
        companies = {draft.company for draft in drafts if draft.company}
        self.companies, made_companies = find_or_create_companies(companies)
        self.places, made_places = find_or_create_properties(map(_address, drafts))
        self._follow_merges(touched)
        self._write_people(new)
        self._write_points(touched)
        self._write_claims(drafts)
        self._open(new, number)
        self._add(old)
        self._tell_made(touched, made_companies, made_places)

    def _tell_made(self, touched: Sequence[Known], companies: set[int], places: set[int]) -> None:
        """Record which firm and place were created for a lead, and what was added to it, so that it can be undone."""
        for known in touched:
            for draft in known.drafts:
                if (pk := self.companies.get(name_key(draft.company))) in companies and pk:
                    known.made["company_id"] = pk
                if (pk := self.places.get(_place_key(draft))) in places and pk:
                    known.made["site_id"] = pk
            known.wrote |= dict.fromkeys(known.customer.added, True)

    def _follow_merges(self, touched: Sequence[Known]) -> None:
        """Replace people merged away since matching by the person kept; locked until all is written."""
        customers = {id(known.customer): known.customer for known in touched}.values()
        current = current_people({customer.person_id for customer in customers if customer.person_id})
        for customer in customers:
            customer.person_id = current.get(customer.person_id or 0, customer.person_id)

    def _write_people(self, new: Sequence[Known]) -> None:
        """Create the customers of new leads, each once, as the first of the leads has it."""
        people = []
        first: dict[int, Known] = {}
        unknown = [known for known in new if known.customer.person_id is None]
        for known in unknown:
            first.setdefault(id(known.customer), known)
        for known, pk in zip(first.values(), allocate_ids(Person, len(first)), strict=True):
            draft = known.draft
            assert draft is not None
            company = self.companies.get(name_key(draft.company))
            name = draft.called[:200]
            person = {"id": pk, "name": name, "name_key": name_key(name)[:200], "company_id": company}
            people.append(person | {"language": draft.language})
            known.customer.person_id = pk
            known.customer.name = name
        for known in unknown:
            assert known.customer.person_id is not None
            known.made["person_id"] = known.customer.person_id
        self.made_people = {person["id"] for person in people}
        insert_all(Person, people)

    def _write_points(self, touched: Sequence[Known]) -> None:
        of_new = list[dict[str, Any]]()
        of_known = list[dict[str, Any]]()
        for customer in {id(known.customer): known.customer for known in touched}.values():
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

    def _write_claims(self, drafts: Sequence[Draft]) -> None:
        claims = []
        for draft in drafts:
            if draft.claim_number and draft.street:
                claim = Claim(site_id=self.places[_place_key(draft)], insurer=draft.insurer)
                claim.set_number(draft.claim_number)
                claims.append(values_of(claim))
        insert_all(Claim, claims, ignore_conflicts=True)

    def _open(self, new: Sequence[Known], number: int | None) -> None:
        now = clock.now()
        openings = [
            Opening(
                self._job(known, now), "\n".join(known.draft.notes), known.draft.history, known.draft.clock_started_at
            )
            for known in new
            if known.draft
        ]
        open_all(openings, by=self.by, cause=CAUSE, data=self.data, number=number)
        leads = []
        for known, opening in zip(new, openings, strict=True):
            draft = known.draft
            job = opening.job
            assert draft is not None
            known.job_id = job.pk
            known.number = job.number
            won_at = draft.won_at or ((draft.stage_since or draft.touched_at or now) if draft.won else None)
            lead: dict[str, Any] = {
                "job_id": job.pk,
                "rep_id": draft.member_id,
                "campaign_id": self._campaign(opening.job.source_id, draft.campaign),
                "cost": draft.cost,
            }
            came = {"qualified_at": None, "quoted_at": None} | reached(opening.job.stage_id, opening.job.entered_at)
            leads.append(lead | {"external_id": draft.external_id, "won_at": won_at} | came)
        insert_all(Lead, leads)

    def _job(self, known: Known, now: datetime) -> Job:
        """Build the job of a new lead."""
        draft = known.draft
        assert draft is not None
        came_in, entered, ended = _instants(draft, now)
        planned = draft.next_step or draft.next_step_at
        return Job(
            title=draft.title or known.customer.name[:200],
            place=draft.city,
            brand_id=draft.brand_id,
            pipeline_id=draft.pipeline_id,
            stage_id=draft.stage.pk if draft.stage else None,
            member_id=draft.member_id,
            person_id=known.customer.person_id,
            company_id=self.companies.get(name_key(draft.company)) if draft.company else None,
            site_id=self.places.get(_place_key(draft)),
            source_id=self.sources.get(name_key(draft.source)) if draft.source else None,
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
            own_fields=draft.own,
        )

    def _add(self, old: Sequence[Known]) -> None:
        """Fill in what known leads lack. What somebody filled in meanwhile is left as it is."""
        gaining = {known.job_id: known.gains for known in old if known.gains and known.job_id}
        if not gaining:
            return
        fillings = {pk: self._fillings(gains) for pk, gains in gaining.items()}
        fill_in(fillings, by=self.by, data=self.data)
        notes = note_all(((pk, "\n".join(g["note"].notes)) for pk, g in gaining.items() if "note" in g), by=self.by)
        for known in old:
            if known.job_id in gaining:
                known.wrote |= fillings[known.job_id] | _plain_gains(known.gains)
                if draft := known.gains.get("campaign_id"):
                    known.wrote["campaign_id"] = self._gained(draft, "campaign_id")
                known.wrote |= {"note": notes[known.job_id]} if known.job_id in notes else {}
        self._add_to_people(old)
        self._add_to_leads(gaining)
        self._add_by_verbs(gaining)

    def _campaign(self, source_id: int | None, name: str) -> int | None:
        if name:
            return self.campaigns[source_id, name_key(name)]
        return None

    def _gained(self, draft: Draft, name: str) -> Any:
        if name != "campaign_id":
            return getattr(draft, name)
        return self._campaign(self.sources.get(name_key(draft.source)) if draft.source else None, draft.campaign)

    def _fillings(self, gains: Mapping[str, Draft]) -> dict[str, Any]:
        filled: dict[str, Any] = {}
        if draft := gains.get("title"):
            filled["title"] = draft.title
        if draft := gains.get("value"):
            filled |= {"value": draft.value, "currency": draft.value_currency}
        if draft := gains.get("source_id"):
            filled["source_id"] = self.sources.get(name_key(draft.source))
        if draft := gains.get("company_id"):
            filled["company_id"] = self.companies.get(name_key(draft.company))
        if draft := gains.get("site_id"):
            filled |= {"site_id": self.places.get(_place_key(draft)), "place": draft.city}
        if own := _own_gains(gains):
            filled["own_fields"] = {name.removeprefix(OWN_PART): value for name, value in own.items()}
        return filled

    def _add_to_people(self, old: Sequence[Known]) -> None:
        for known in old:
            if draft := known.gains.get("company_id"):
                people = Person.objects.filter(pk=known.customer.person_id, company__isnull=True)
                people.update(company_id=self.companies.get(name_key(draft.company)))

    def _add_to_leads(self, gaining: Mapping[int, Mapping[str, Draft]]) -> None:
        facts = []
        # A job that did not begin as a lead has no sales facts yet.
        wanted = [pk for pk, gains in gaining.items() if gains.keys() & set(LEAD_COLUMNS)]
        insert_all(Lead, [{"job_id": pk} for pk in wanted], ignore_conflicts=True)
        for lead in Lead.objects.select_for_update().filter(pk__in=wanted).order_by("pk"):
            gains = gaining[lead.pk]
            filled = [name for name in LEAD_COLUMNS if name in gains and not getattr(lead, name)]
            for name in filled:
                setattr(lead, name, self._gained(gains[name], name))
            if filled:
                lead.save(update_fields=filled)
                facts.append(Fact("lead.filled_in", lead, {"fields": filled, **self.data}, job_id=lead.pk))
        if facts:
            events.record_all(facts, by=self.by)

    def _add_by_verbs(self, gaining: Mapping[int, Mapping[str, Draft]]) -> None:
        """Set rep, step and next step by their verbs, each with an event of its own."""
        wanted = {"member_id", "stage_id", "next_step_kind"}
        ids = [pk for pk, gains in gaining.items() if wanted & gains.keys()]
        for job in Job.objects.filter(pk__in=ids).order_by("pk"):
            gains = gaining[job.pk]
            if (draft := gains.get("member_id")) and job.member_id is None and draft.member_id:
                job.assign_to(directory().members[draft.member_id], by=self.by)
                Lead.objects.filter(pk=job.pk, rep__isnull=True).update(rep_id=draft.member_id)
            if (draft := gains.get("next_step_kind")) and not job.next_step_kind:
                kind = step_kind(draft.next_step)
                job.plan_next(kind=kind, label=draft.next_step, at=draft.next_step_at, by=self.by)
            stage = None
            if "stage_id" in gains:
                stage = gains["stage_id"].stage
            if stage and job.stage_id is None and job.is_open and stage.pipeline_id == job.pipeline_id:
                # What is imported was so: no step is asked whether it may be left.
                job.move_to(stage, by=self.by, cause=CAUSE, heed=Heed.NONE)


def _instants(draft: Draft, now: datetime) -> tuple[datetime, datetime, datetime | None]:
    """Compute when it came in, entered its step and ended; its clock starts at the oldest plausible instant."""
    told = (draft.came_in_at, draft.stage_since, draft.touched_at, draft.won_at, draft.ended_at)
    dates = [at for at in told if at]
    came_in = draft.came_in_at or min(dates, default=now)
    is_over = draft.state != State.OPEN
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


def _plain_gains(gains: Mapping[str, Draft]) -> dict[str, Any]:
    """Return the additions as plain values, which an undo compares with what is there then."""
    plain = {*LEAD_COLUMNS, "member_id", "claim_number"} & gains.keys()
    found: dict[str, Any] = {name: getattr(gains[name], name) for name in plain - {"claim_number", "campaign_id"}}
    if "next_step_kind" in gains:
        found["next_step_kind"] = gains["next_step_kind"].next_step
    if draft := gains.get("stage_id"):
        if draft.stage:
            found["stage_id"] = draft.stage.pk
        else:
            found["stage_id"] = None
    # Its number is not for plain sight.
    return found | _own_gains(gains) | ({"claim_number": True} if "claim_number" in plain else {})


def _own_gains(gains: Mapping[str, Draft]) -> dict[str, str]:
    own = (name for name in gains if name.startswith(OWN_PART))
    return {name: gains[name].own[name.removeprefix(OWN_PART)] for name in own}


def _address(draft: Draft) -> Address:
    return Address(draft.street, draft.postcode, draft.city, draft.region, draft.country, draft.written)


def _place_key(draft: Draft) -> tuple[str, str, str]:
    return _address(draft).key
