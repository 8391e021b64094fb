"""Match rows with known customers: by external id, e-mail address, phone number, or name and address.

A batch of rows is matched by a handful of statements; rows of one file are matched with each other the same way. Whom
a point identifies is said in crm/people/identity.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _

from crm.jobs.creation.same_job import differences
from crm.jobs.creation.same_place import JobPlace, places_agree
from crm.kernel.normalization import name_key
from crm.people.identity.names import names_agree
from crm.people.identity.points import CROWD, NoIdentity, is_crowded, is_role, match_name
from leads.importing.mapping.headings import LABELS, Field
from leads.importing.matching.draft import LeadDraft
from leads.importing.matching.known_leads import KnownCustomer, KnownLead, points_of, said_in
from leads.importing.matching.points import keep_as_text
from leads.importing.matching.stored_leads import StoredLeads, crowded_names

# A name that more have is nobody's: each row would be held against all of them.
NAMESAKES = 50


class Memory(Protocol):
    """Protocol of a dry run's store for the leads it would create."""

    def crowded_keys(self, keys: Collection[str], most: int) -> set[str]: ...

    def recall(self, keys: Sequence[str]) -> list[KnownLead]: ...

    def remember(self, known: Iterable[KnownLead]) -> None: ...


@dataclass(frozen=True, slots=True)
class ImportMatch:
    """The customer that a row matched, and by what: id, email, phone, at, name."""

    customer: KnownCustomer
    same: str
    # The lead with the row's own id, where that is what it was found by.
    known: KnownLead | None = None


def keys_of(draft: LeadDraft) -> tuple[str, ...]:
    """List the keys that can identify a row's customer, the most certain first."""
    if draft.keys is None:
        draft.keys = tuple(_keys_of(draft))
    return draft.keys


def _keys_of(draft: LeadDraft) -> Iterator[str]:
    if draft.external_id:
        yield f"id:{draft.external_id}"
    points = points_of(draft)
    yield from points
    if who := name_key(draft.name or draft.company or ("" if points else draft.otherwise)):
        if place := draft.address_key:
            yield f"at:{who}\t{place}"
        if not any(map(_may_identify, points)):
            # Nothing else tells who is meant; so it is whoever is called that already, unless the place is another.
            yield f"name:{who}"


def _may_identify(point: str) -> bool:
    kind, _colon, value = point.partition(":")
    return kind == "phone" or not is_role(value)


class Index:
    """The customers known for a batch of rows, by every key.

    `before`: leads that these rows of the very same bytes were before, by row; `since`: the first lead that the file
    at hand has made, or 0.
    """

    def __init__(
        self,
        drafts: Sequence[LeadDraft],
        memory: Memory | None,
        *,
        since: int = 0,
        before: Mapping[int, int] | None = None,
    ) -> None:
        self.by_key: dict[str, list[KnownCustomer]] = {}
        self.by_id: dict[str, KnownLead] = {}
        self.by_job: dict[int, KnownLead] = {}
        self.confirmed: set[str] = set()
        self.memory = memory
        self.since = since
        self.before = before or {}
        self.with_kinds = any(draft.kind for draft in drafts)
        self._customers: dict[str, KnownCustomer] = {}
        self._load_customers({key for draft in drafts for key in keys_of(draft)}, self.before.values())
        # Who may turn out to be known by no point is known by the name.
        self._load_customers({f"name:{name_key(draft.called)}" for draft in drafts if self._shares_a_point(draft)})

    def _shares_a_point(self, draft: LeadDraft) -> bool:
        return any(len(self.by_key.get(point, ())) >= CROWD - 1 for point in points_of(draft))

    def _load_customers(self, wanted: set[str], ids: Collection[int] = ()) -> None:
        wanted = wanted - self._common_names({key for key in wanted if key.startswith("name:")})
        if not wanted and not ids:
            return
        stored = StoredLeads(wanted, since=self.since, ids=ids, with_kinds=self.with_kinds)
        self.confirmed |= stored.confirmed
        # What a dry run keeps is newer than what is stored.
        recalled = []
        if self.memory:
            recalled = self.memory.recall(sorted(wanted))
        read = {known_lead.customer.ref: known_lead.customer for known_lead in recalled}
        customers = [self._merge_customer(customer) for customer in (*read.values(), *stored.customers.values())]
        # Who has a job first: the others were never more than typed.
        for customer in sorted(customers, key=lambda customer: not customer.jobs):
            self._add_customer(customer)

    def _common_names(self, names: set[str]) -> set[str]:
        """Return the names shared by too many people to identify anyone: "name:homeowner"."""
        if not names:
            return set()
        if self.memory:
            kept = self.memory.crowded_keys(names, NAMESAKES)
        else:
            kept = set()
        return kept | crowded_names(names, NAMESAKES)

    def _merge_customer(self, customer: KnownCustomer) -> KnownCustomer:
        """Merge two records of one customer; the first one's values win."""
        kept = self._customers.setdefault(customer.ref, customer)
        if kept is not customer:
            kept.points |= customer.points
            there = {known_lead.job_id or -known_lead.ref for known_lead in kept.jobs}
            for known_lead in customer.jobs:
                if (known_lead.job_id or -known_lead.ref) not in there:
                    known_lead.customer = kept
                    kept.jobs.append(known_lead)
            customer.jobs = []
        return kept

    def _add_customer(self, customer: KnownCustomer) -> None:
        for key in (*customer.points, f"name:{name_key(customer.name)}"):
            self._add_under_key(key, customer)
        for known_lead in customer.jobs:
            self.add(known_lead)

    def add(self, known: KnownLead) -> None:
        """Add a lead and its customer under their keys."""
        if known.facts.external_id:
            self.by_id.setdefault(known.facts.external_id, known)
        if known.job_id:
            self.by_job[known.job_id] = known
        for key in known.keys:
            self._add_under_key(key, known.customer)

    def _add_under_key(self, key: str, customer: KnownCustomer) -> None:
        there = self.by_key.setdefault(key, [])
        if customer not in there:
            there.append(customer)

    def as_before(self, draft: LeadDraft) -> KnownLead | None:
        """Return the lead this row was in an earlier import of the same file."""
        return self.by_job.get(self.before.get(draft.row, 0))

    def find(self, draft: LeadDraft) -> ImportMatch | None:
        """Find the customer of a row."""
        known_lead = self.by_id.get(draft.external_id)
        if known_lead and is_about(known_lead, draft):
            return ImportMatch(known_lead.customer, "id", known_lead)
        for key in keys_of(draft):
            if not key.startswith("id:") and (customer := self._customer_at(key, draft)):
                kind = key.partition(":")[0]
                return ImportMatch(customer, "at" if kind == "name" and draft.street else kind)
        return None

    def _customer_at(self, key: str, draft: LeadDraft) -> KnownCustomer | None:
        there = self.by_key.get(key)
        if not there:
            return None
        if key.startswith("name:") and len(there) > NAMESAKES:
            return None
        if key.startswith(("at:", "name:")):
            return next((customer for customer in there if _may_live_at(customer, draft.place)), None)
        holders = [(customer.name, at) for at, customer in enumerate(there)]
        by_role = not _may_identify(key)
        at = match_name(draft.called, holders, by_role=by_role)
        if at is None and draft.company and draft.name:
            at = match_name(draft.company, holders, by_role=True)
        if at is None:
            return None
        return there[at]

    def other_at(self, draft: LeadDraft) -> KnownLead | None:
        """Find a lead of another customer who shares the row's contact points."""
        for key in points_of(draft):
            for customer in self.by_key.get(key, ()):
                if customer.jobs and _may_identify(key):
                    return customer.jobs[0]
        return None

    def keep_what_identifies_nobody(self, draft: LeadDraft) -> None:
        """Move to the note: points shared by three or more, points confirmed for another person, another lead's id."""
        for point in points_of(draft):
            there = self.by_key.get(point)
            if not there:
                continue
            names = [customer.name for customer in there]
            if is_crowded([*names, draft.called]):
                keep_as_text(draft, point, NoIdentity.SHARED.sentence)
            elif point in self.confirmed and not any(names_agree(draft.called, name) for name in names):
                keep_as_text(
                    draft, point, _("It was confirmed as belonging to %(name)s; kept as text.") % {"name": names[0]}
                )
        known_lead = self.by_id.get(draft.external_id)
        if known_lead and not is_about(known_lead, draft):
            drop_id(draft, _("It is already the external ID of %(name)s; kept as text.") % {"name": known_lead.name})


def drop_id(draft: LeadDraft, why: str) -> None:
    """Keep a row's external id as text, as it belongs to only one lead."""
    label = str(LABELS[Field.EXTERNAL_ID])
    draft.remarks.append(_("%(column)s “%(cell)s”: %(why)s") % {"column": label, "cell": draft.external_id, "why": why})
    draft.notes.append(f"{label}: {draft.external_id}")
    draft.external_id = ""
    draft.keys = None


def is_about(known: KnownLead, draft: LeadDraft) -> bool:
    """True if a row with a lead's external id is about that lead: ids of two systems may collide."""
    if is_customers(known.customer, draft):
        return True
    row_facts = said_in(draft)
    facts = known.facts
    says_alike = (row_facts.title_key and facts.title_key) or (row_facts.place.street and facts.place.street)
    return bool(says_alike) and not differences(row_facts, facts, one_list=True)


def _may_live_at(customer: KnownCustomer, place: JobPlace) -> bool:
    """True if a row with only a name and a place may be this customer, who has jobs at that place."""
    there = [known_lead.facts.place for known_lead in customer.jobs]
    if place.street:
        return any(each.street and places_agree(place, each) for each in there)
    return not there or any(places_agree(place, each) for each in there)


def is_customers(customer: KnownCustomer, draft: LeadDraft) -> bool:
    """True if a row may be this customer's, by the name or a contact point."""
    return names_agree(customer.name, draft.called) or not customer.points.isdisjoint(points_of(draft))
