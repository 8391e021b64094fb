"""References: find or create the sources, campaigns, companies and properties named in a batch of rows."""

from collections.abc import Sequence

from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel.normalization import name_key
from crm.people.lookup import WrittenAddress, find_or_create_companies, find_or_create_properties
from leads.importing.matching.draft import LeadDraft
from leads.importing.values.vocabulary import add_sources
from leads.sources.attribution import find_or_create_campaigns


class SourceReferences:
    """The ids of the sources and campaigns that drafts name; missing ones are created."""

    def __init__(self, drafts: Sequence[LeadDraft]) -> None:
        add_sources({draft.source for draft in drafts if draft.source})
        self._sources = {name_key(name): pk for name, pk in pipeline_setup().sources.all_names()}
        self._campaigns = find_or_create_campaigns((self.source_id(draft), draft.campaign) for draft in drafts)

    def source_id(self, draft: LeadDraft) -> int | None:
        if not draft.source:
            return None
        return self._sources.get(name_key(draft.source))

    def campaign_id(self, draft: LeadDraft) -> int | None:
        if not draft.campaign:
            return None
        return self._campaigns[self.source_id(draft), name_key(draft.campaign)]


class PlaceReferences:
    """The ids of the companies and properties that drafts name; missing ones are created."""

    def __init__(self, drafts: Sequence[LeadDraft]) -> None:
        companies = {draft.company for draft in drafts if draft.company}
        self._companies, self._new_companies = find_or_create_companies(companies)
        self._properties, self._new_properties = find_or_create_properties(map(_address_of, drafts))

    def company_id(self, draft: LeadDraft) -> int | None:
        return self._companies.get(name_key(draft.company))

    def property_id(self, draft: LeadDraft) -> int | None:
        return self._properties.get(_address_of(draft).key)

    def created_ids(self, draft: LeadDraft) -> dict[str, int]:
        """Return the ids of the records created for this draft, by the job's column."""
        ids: dict[str, int] = {}
        company_id = self.company_id(draft)
        if company_id in self._new_companies:
            ids["company_id"] = company_id
        property_id = self.property_id(draft)
        if property_id in self._new_properties:
            ids["site_id"] = property_id
        return ids


def _address_of(draft: LeadDraft) -> WrittenAddress:
    return WrittenAddress(draft.street, draft.postcode, draft.city, draft.region, draft.country, draft.written)
