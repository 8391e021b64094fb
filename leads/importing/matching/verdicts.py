"""Decide the verdict on an imported row (new, update, duplicate or refused), with the reason in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.creation.same_job import Difference, likest
from crm.kernel.normalization import name_key
from leads.importing.matching.draft import LeadDraft, insurer_line
from leads.importing.matching.known_leads import (
    KnownCustomer,
    KnownLead,
    made_of,
    new_notes,
    note_lines,
    points_of,
    said_in,
)
from leads.importing.matching.matches import Index, drop_id, is_customers
from leads.importing.matching.own_cells import OWN_PART, own_name
from leads.importing.matching.points import keep_as_text


class RowVerdict(StrEnum):
    NEW = "new"
    UPDATE = "update"
    DUPLICATE = "duplicate"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """The status as text for a person."""
        return str(_LABELS[self])


_LABELS = {
    RowVerdict.NEW: gettext_lazy("new"),
    RowVerdict.UPDATE: gettext_lazy("updated"),
    RowVerdict.DUPLICATE: gettext_lazy("duplicate"),
    RowVerdict.REFUSED: gettext_lazy("refused"),
}

# What a row is asked about that is proposed as new: another job of a known customer? Somebody else, reached alike?
JOB = "job"
REACH = "reach"

# What a match can add where there is nothing yet: the parts of a draft it is made of, and what a person calls it.
_GAINS: dict[str, tuple[tuple[str, ...], Any]] = {
    "title": (("title",), gettext_lazy("title")),
    "value": (("value", "value_currency"), gettext_lazy("value")),
    "source_id": (("source",), gettext_lazy("source")),
    "site_id": (("street", "postcode", "city", "region", "country", "written"), gettext_lazy("address")),
    "company_id": (("company",), gettext_lazy("company")),
    "member_id": (("member_id",), gettext_lazy("rep")),
    "stage_id": (("stage", "pipeline_id"), gettext_lazy("step")),
    "next_step_kind": (("next_step", "next_step_at"), gettext_lazy("next step")),
    "external_id": (("external_id",), gettext_lazy("external ID")),
    "campaign_id": (("campaign",), gettext_lazy("campaign")),
    "cost": (("cost",), gettext_lazy("lead cost")),
    "claim_number": (("claim_number", "insurer"), gettext_lazy("claim")),
    "note": (("notes",), gettext_lazy("note")),
}
_POINTS = {"email": gettext_lazy("email"), "phone": gettext_lazy("phone")}
# What a lead's facts gain with a part.
_FACTS = {"title": "title_key", "external_id": "external_id", "site_id": "place", "value": "value"}
_SAME = {
    "id": gettext_lazy("Same external ID as %(lead)s."),
    "email": gettext_lazy("Same email address as %(lead)s."),
    "phone": gettext_lazy("Same phone number as %(lead)s."),
    "at": gettext_lazy("Same name and address as %(lead)s."),
    "name": gettext_lazy("Same name as %(lead)s; the row has no other contact details."),
    "row": gettext_lazy("This row was already imported as %(lead)s, from the same file."),
    JOB: gettext_lazy("The same customer as %(lead)s."),
    REACH: gettext_lazy("Same address or number as %(lead)s, but another name."),
}


# Addresses and numbers of one customer: a file of nothing but these would cost the square of its rows.
MOST_POINTS = 50


@dataclass(slots=True)
class RowOutcome:
    """A row's verdict. The job's number is known once its batch is written."""

    row: int
    verdict: RowVerdict
    known: KnownLead | None = None
    draft: LeadDraft | None = None
    # What the row was recognised by, e.g. "email", or what it is asked about.
    same: str = ""
    gained: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    # What the row adds to a known lead: points, and names of fields (see Known.gains).
    adds: tuple[str, ...] = ()
    # What somebody chose for it: skip, update, new; "" for what is proposed.
    choice: str = ""
    # Of a new one: the lead it was held against, and what tells them apart; a customer known already, without a lead.
    beside: KnownLead | None = None
    differs: tuple[Difference, ...] = ()
    is_known_customer: bool = False
    # The first cells of a refused row, for a person to know which one it is.
    raw: str = ""

    @property
    def gains(self) -> dict[str, Any]:
        """The additions that were written, for an undo; for a new lead those to its known customer."""
        if self.known is None or self.verdict not in (RowVerdict.NEW, RowVerdict.UPDATE):
            return {}
        return {name: self.known.wrote[name] for name in self.adds if name in self.known.wrote}

    @property
    def reason(self) -> str:
        """The reason in sentences; "" for a row imported unchanged."""
        parts = list(self.remarks)
        if sentence := self._why_new() if self.verdict == RowVerdict.NEW else self._why_known():
            parts.insert(0, sentence)
        if self.choice == "skip":
            parts.append(_("Left out, as you chose."))
        if self.gained:
            parts.insert(1, _("Adds: %(what)s.") % {"what": ", ".join(self.gained)})
        return " ".join(parts)

    def _why_known(self) -> str:
        if self.known and self.same:
            return str(_SAME[self.same]) % {"lead": _lead_label(self.known)}
        return ""

    def _why_new(self) -> str:
        if self.choice == "new":
            return _("Added as a new lead, as you chose.")
        if self.is_known_customer:
            return _("New job of an existing customer.")
        if self.beside is None:
            return ""
        values = {"lead": _lead_label(self.beside), "what": ", ".join(each.label for each in self.differs)}
        if self.same == REACH:
            sentence = (
                _("%(lead)s has the same address or number but another name, so this becomes a separate customer.")
                % values
            )
            return capfirst(sentence)
        if self.same == JOB:
            return _("Same customer as %(lead)s but different %(what)s, so it is counted as another job.") % values
        return _("Another job of the same customer as %(lead)s; different %(what)s.") % values

    def as_line(self) -> dict[str, Any]:
        """Return the outcome as a line of JSON."""
        draft = self.draft
        return {
            "row": self.row,
            "verdict": str(self.verdict),
            "job": self.known.number if self.known else None,
            "person": self.known.name if self.known else None,
            "email": draft.emails[0] if draft and draft.emails else None,
            "phone": draft.phones[0].e164 if draft and draft.phones else None,
            "reason": self.reason,
        }


def _lead_label(known: KnownLead) -> str:
    if known.number is not None:
        return _("lead #%(number)s") % {"number": known.number}
    return _("row %(row)s") % {"row": known.row}


@dataclass(frozen=True, slots=True)
class Wish:
    """A user's choice for a row: for it alone, or for all rows matched in the same way."""

    choice: str = ""
    alike: Mapping[str, str] = field(default_factory=dict)
    # The same row of the same bytes made a lead already: it is not made twice.
    made_before: bool = False

    def of(self, same: str) -> str:
        """Return the choice for a row: skip, update, new; "" to follow the proposed verdict."""
        choice = self.choice or self.alike.get(same, "")
        if choice == "new" and self.made_before:
            return ""
        return choice


def judge(draft: LeadDraft, index: Index, wish: Wish | None = None) -> RowOutcome:
    """Judge a row by known customers and leads, earlier rows and the user's choice; add it to the index."""
    index.keep_what_identifies_nobody(draft)
    match = index.find(draft)
    wish = wish or Wish()
    if known_lead := index.as_before(draft):
        same = "row"
        if match and match.customer is known_lead.customer:
            same = match.same
        if (choice := wish.of(same)) != "new":
            return _apply_choice(draft, known_lead, index, same, choice)
    if match is None:
        return _judge_unknown(draft, index, wish)
    customer = match.customer
    if match.known and not is_customers(customer, draft):
        # A deal stands once for each contact; whoever else is named in it gets nothing of the first one's, nor gives.
        remark = _("The names differ, so nothing was added to %(name)s.") % {"name": customer.name}
        return RowOutcome(draft.row, RowVerdict.DUPLICATE, match.known, draft, "id", (), (remark, *draft.remarks))
    if not customer.jobs:
        return replace(_create_lead(draft, customer, index), is_known_customer=True)
    mine = _candidate_leads(draft, customer)
    known_lead, differs = likest(said_in(draft), [(job.facts, job.is_of_this_file, job) for job in mine])
    if known_lead is None:
        return replace(_create_lead(draft, customer, index), beside=customer.jobs[0], differs=tuple(differs))
    if differs:
        same = JOB
    else:
        same = match.same
    choice = wish.of(same)
    if choice == "new" or (differs and not choice):
        made = _create_lead(draft, customer, index)
        return replace(made, same=same, choice=choice, beside=known_lead, differs=tuple(differs))
    return _apply_choice(draft, known_lead, index, same, choice)


def _judge_unknown(draft: LeadDraft, index: Index, wish: Wish) -> RowOutcome:
    """Judge a row of an unknown customer; another person may share its contact points."""
    other = index.other_at(draft)
    choice = ""
    if other:
        choice = wish.of(REACH)
    if other and choice in ("skip", "update"):
        return _apply_choice(draft, other, index, REACH, choice)
    made = _create_lead(draft, KnownCustomer(draft.called[:200], set()), index)
    if other:
        return replace(made, same=REACH, choice=choice, beside=other)
    return made


def _candidate_leads(draft: LeadDraft, customer: KnownCustomer) -> list[KnownLead]:
    """List the customer's leads that a row may match: those without a different external id, else the first."""
    if not draft.external_id:
        return customer.jobs
    mine = [job for job in customer.jobs if job.facts.external_id in ("", draft.external_id)]
    return mine or customer.jobs[:1]


def _apply_choice(draft: LeadDraft, known: KnownLead, index: Index, same: str, choice: str) -> RowOutcome:
    if choice == "skip":
        return RowOutcome(draft.row, RowVerdict.DUPLICATE, known, draft, same, (), tuple(draft.remarks), choice=choice)
    return replace(_add_to_lead(draft, known, index, same), choice=choice)


def _add_to_lead(draft: LeadDraft, known: KnownLead, index: Index, same: str) -> RowOutcome:
    """Add missing values to the lead; the verdict is update, or duplicate if the row adds nothing."""
    if "claim_number" in known.has and draft.insurer and not draft.claim_number:
        # Our own export names the insurer of a claim, and never its number: it says nothing new.
        draft.notes = [line for line in draft.notes if line != insurer_line(draft)]
    points = _add_points(draft, known.customer)
    names = _new_parts(draft, known, index)
    _add_gains(draft, known, names, index)
    gained = (
        *(str(_POINTS[kind]) for kind in _point_kinds(points)),
        *(str(_GAINS[name][1]) if name in _GAINS else own_name(name) for name in names),
    )
    if gained:
        verdict = RowVerdict.UPDATE
    else:
        verdict = RowVerdict.DUPLICATE
    return RowOutcome(draft.row, verdict, known, draft, same, gained, tuple(draft.remarks), (*points, *names))


def parts_of(draft: LeadDraft) -> set[str]:
    """List the parts of a row that a match could add."""
    names = {name for name, (parts, _label) in _GAINS.items() if getattr(draft, parts[0]) not in (None, "", [])}
    if not name_key(draft.company):
        names.discard("company_id")
    title = name_key(draft.title)
    if not title or title == name_key(draft.called):
        names.discard("title")
    if not draft.street:
        names.discard("claim_number")
    return names | {f"{OWN_PART}{key}" for key in draft.own}


def _new_parts(draft: LeadDraft, known: KnownLead, index: Index) -> list[str]:
    """List the parts a row can add, in the order of _GAINS. Only stored ones, so that a second run adds nothing."""
    lacking = parts_of(draft) - known.has
    if index.by_id.get(draft.external_id, known) is not known:
        # It is another lead's, of the same customer.
        lacking.discard("external_id")
    if new_notes(draft, known):
        lacking.add("note")
    if not known.facts.is_open:
        lacking -= {"stage_id", "next_step_kind"}
    if draft.stage and known.facts.pipeline_id not in (None, draft.stage.pipeline_id):
        lacking.discard("stage_id")
    return [*(name for name in _GAINS if name in lacking), *sorted(lacking - _GAINS.keys())]


def _create_lead(draft: LeadDraft, customer: KnownCustomer, index: Index) -> RowOutcome:
    """Create a lead of a row, for this customer."""
    if draft.external_id in index.by_id:
        drop_id(
            draft,
            _("It is already the external ID of %(name)s; kept as text.")
            % {"name": index.by_id[draft.external_id].name},
        )
    points = _add_points(draft, customer)
    known_lead = made_of(draft, customer, parts_of(draft))
    index.add(known_lead)
    adds: tuple[str, ...] = ()
    if customer.person_id:
        adds = (*points, *(f"{OWN_PART}{key}" for key in draft.own))
    return RowOutcome(draft.row, RowVerdict.NEW, known_lead, draft, "", (), tuple(draft.remarks), adds)


def _add_points(draft: LeadDraft, customer: KnownCustomer) -> list[str]:
    """Add a row's contact points to its customer, even if other people share them. Returns the added ones."""
    points = {point: note for point, note in points_of(draft).items() if point not in customer.points}
    for point in list(points)[max(MOST_POINTS - len(customer.points), 0) :]:
        keep_as_text(draft, point, _("The customer already has the maximum of %(limit)s.") % {"limit": MOST_POINTS})
        del points[point]
    customer.points |= points.keys()
    customer.added |= points
    return list(points)


def _point_kinds(points: Iterable[str]) -> list[str]:
    return sorted({point.partition(":")[0] for point in points})


def _gain_note(draft: LeadDraft, known: KnownLead) -> None:
    """Add new lines of a row's notes to a lead created by the same file; there may be several such rows."""
    more = new_notes(draft, known)
    known.lines |= note_lines(more)
    if known.draft is not None:
        known.draft.notes += more
    elif there := known.gains.get("note"):
        there.notes += more
    else:
        known.gains["note"] = replace(draft, notes=more)


def _add_gains(draft: LeadDraft, known: KnownLead, names: list[str], index: Index) -> None:
    """Add a row's new values to the lead: to its draft until it is written, else as gains to write."""
    known.has |= set(names)
    if "note" in names and known.is_of_this_file:
        _gain_note(draft, known)
    for name in names:
        known.gains.setdefault(name, draft)
        if name == "note" and known.is_of_this_file:
            continue
        if known.draft is not None and name.startswith(OWN_PART):
            key = name.removeprefix(OWN_PART)
            known.draft.own[key] = draft.own[key]
        elif known.draft is not None:
            for part in _GAINS[name][0]:
                setattr(known.draft, part, getattr(draft, part))
    row_facts = said_in(draft)
    known.facts.other = {**row_facts.other, **known.facts.other}
    for name, facts in _FACTS.items():
        if name in names:
            setattr(known.facts, facts, getattr(row_facts, facts))
    index.add(known)
