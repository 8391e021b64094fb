"""Write the additions from rows of a file to existing leads."""

from collections.abc import Mapping, Sequence
from typing import Any

from crm.jobs.creation.bulk_creation import fill_in, note_all
from crm.jobs.models import Job
from crm.jobs.pipelines.exit_criteria import Heed
from crm.people.models import Person
from crm.platform.database.bulk_write import insert_all
from crm.platform.events import events
from crm.platform.events.events import EventDraft
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from leads.importing.matching.draft import LeadDraft
from leads.importing.matching.known_leads import KnownLead
from leads.importing.matching.own_cells import OWN_PART, values_for
from leads.importing.matching.stored_leads import LEAD_COLUMNS
from leads.importing.values.vocabulary import step_kind
from leads.importing.writing.references import PlaceReferences, SourceReferences
from leads.models import Lead

CAUSE = "import"


class AdditionWriter:
    """Fills in missing values of known leads. `data` goes into every event."""

    def __init__(
        self, by: Member | None, data: Mapping[str, Any], sources: SourceReferences, places: PlaceReferences
    ) -> None:
        self.by = by
        self.data = data
        self.sources = sources
        self.places = places

    def write(self, old: Sequence[KnownLead]) -> None:
        """Fill in missing values of known leads. Values filled in meanwhile are kept."""
        gaining = {known_lead.job_id: known_lead.gains for known_lead in old if known_lead.gains and known_lead.job_id}
        if not gaining:
            return
        fillings = {pk: self._column_values(gains) for pk, gains in gaining.items()}
        fill_in(fillings, by=self.by, data=self.data)
        notes = note_all(((pk, "\n".join(g["note"].notes)) for pk, g in gaining.items() if "note" in g), by=self.by)
        for known_lead in old:
            if known_lead.job_id in gaining:
                known_lead.wrote |= fillings[known_lead.job_id] | _plain_gains(known_lead.gains)
                if draft := known_lead.gains.get("campaign_id"):
                    known_lead.wrote["campaign_id"] = self.sources.campaign_id(draft)
                known_lead.wrote |= {"note": notes[known_lead.job_id]} if known_lead.job_id in notes else {}
        self._add_to_people(old)
        self._add_to_leads(gaining)
        self._add_by_verbs(gaining)

    def _column_values(self, gains: Mapping[str, LeadDraft]) -> dict[str, Any]:
        filled: dict[str, Any] = {}
        if draft := gains.get("title"):
            filled["title"] = draft.title
        if draft := gains.get("value"):
            filled |= {"value": draft.value, "currency": draft.value_currency}
        if draft := gains.get("source_id"):
            filled["source_id"] = self.sources.source_id(draft)
        if draft := gains.get("company_id"):
            filled["company_id"] = self.places.company_id(draft)
        if draft := gains.get("site_id"):
            filled |= {"site_id": self.places.property_id(draft), "place": draft.city}
        if own := values_for(Job, _own_gains(gains)):
            filled["own_fields"] = own
        return filled

    def _add_to_people(self, old: Sequence[KnownLead]) -> None:
        for known_lead in old:
            if draft := known_lead.gains.get("company_id"):
                people = Person.objects.filter(pk=known_lead.customer.person_id, company__isnull=True)
                people.update(company_id=self.places.company_id(draft))

    def _add_to_leads(self, gaining: Mapping[int, Mapping[str, LeadDraft]]) -> None:
        facts = []
        # A job that did not begin as a lead has no sales facts yet.
        wanted = [pk for pk, gains in gaining.items() if gains.keys() & set(LEAD_COLUMNS)]
        insert_all(Lead, [{"job_id": pk} for pk in wanted], ignore_conflicts=True)
        for lead in Lead.objects.select_for_update().filter(pk__in=wanted).order_by("pk"):
            gains = gaining[lead.pk]
            filled = [name for name in LEAD_COLUMNS if name in gains and not getattr(lead, name)]
            for name in filled:
                if name == "campaign_id":
                    lead.campaign_id = self.sources.campaign_id(gains[name])
                else:
                    setattr(lead, name, getattr(gains[name], name))
            if filled:
                lead.save(update_fields=filled)
                facts.append(EventDraft("lead.filled_in", lead, {"fields": filled, **self.data}, job_id=lead.pk))
        if facts:
            events.record_all(facts, by=self.by)

    def _add_by_verbs(self, gaining: Mapping[int, Mapping[str, LeadDraft]]) -> None:
        """Set rep, step and next step by model methods, each of which records its event."""
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


def _plain_gains(gains: Mapping[str, LeadDraft]) -> dict[str, Any]:
    """Return the additions as plain values, which an undo compares with the present ones."""
    plain = {*LEAD_COLUMNS, "member_id", "claim_number"} & gains.keys()
    values: dict[str, Any] = {name: getattr(gains[name], name) for name in plain - {"claim_number", "campaign_id"}}
    if "next_step_kind" in gains:
        values["next_step_kind"] = gains["next_step_kind"].next_step
    if draft := gains.get("stage_id"):
        if draft.stage:
            values["stage_id"] = draft.stage.pk
        else:
            values["stage_id"] = None
    # Its number is not for plain sight.
    own = {f"{OWN_PART}{key}": value for key, value in values_for(Job, _own_gains(gains)).items()}
    return values | own | ({"claim_number": True} if "claim_number" in plain else {})


def _own_gains(gains: Mapping[str, LeadDraft]) -> dict[str, str]:
    """Return the values of own fields among the additions, by key."""
    keys = [name.removeprefix(OWN_PART) for name in gains if name.startswith(OWN_PART)]
    return {key: gains[f"{OWN_PART}{key}"].own[key] for key in keys}
