"""Decide what becomes of an imported row: new, update, duplicate or refused, and why, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.models import State
from crm.kernel.normalization import name_key
from leads.importing.matching.draft import Draft, insurer_line
from leads.importing.matching.matches import Index, Known


class Verdict(StrEnum):
    NEW = "new"
    UPDATE = "update"
    DUPLICATE = "duplicate"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """The status as text for a person."""
        return str(_LABELS[self])


_LABELS = {
    Verdict.NEW: gettext_lazy("new"),
    Verdict.UPDATE: gettext_lazy("updated"),
    Verdict.DUPLICATE: gettext_lazy("duplicate"),
    Verdict.REFUSED: gettext_lazy("refused"),
}

# What a match can add where there is nothing yet: the parts of a draft it is made of, and what a person calls it.
_GAINS: dict[str, tuple[tuple[str, ...], Any]] = {
    "value": (("value", "value_currency"), gettext_lazy("value")),
    "source_id": (("source",), gettext_lazy("source")),
    "site_id": (("street", "postcode", "city", "region", "country"), gettext_lazy("address")),
    "company_id": (("company",), gettext_lazy("company")),
    "member_id": (("member_id",), gettext_lazy("rep")),
    "stage_id": (("stage", "pipeline_id"), gettext_lazy("step")),
    "next_step_kind": (("next_step", "next_step_at"), gettext_lazy("next step")),
    "external_id": (("external_id",), gettext_lazy("id elsewhere")),
    "campaign": (("campaign",), gettext_lazy("campaign")),
    "cost": (("cost",), gettext_lazy("lead cost")),
    "claim_number": (("claim_number", "insurer"), gettext_lazy("claim")),
    "note": (("notes",), gettext_lazy("note")),
}
_POINTS = {"email": gettext_lazy("email"), "phone": gettext_lazy("phone")}
_SAME = {
    "id": gettext_lazy("Same id as %(lead)s."),
    "email": gettext_lazy("Same e-mail address as %(lead)s."),
    "phone": gettext_lazy("Same phone number as %(lead)s."),
    "at": gettext_lazy("Same name and address as %(lead)s."),
    "name": gettext_lazy("Same name as %(lead)s, and the row has nothing else to tell them apart."),
}


@dataclass(slots=True)
class Outcome:
    """A row's verdict. The job's number is known once its batch is written."""

    row: int
    verdict: Verdict
    known: Known | None = None
    draft: Draft | None = None
    # What the row was recognised by, e.g. "email".
    same: str = ""
    gained: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    # What the row adds to a known lead: points, and names of fields (see Known.gains).
    adds: tuple[str, ...] = ()
    # What somebody chose for it: skip, update, new; "" for what is proposed.
    choice: str = ""
    # The first cells of a refused row, for a person to know which one it is.
    raw: str = ""

    @property
    def gains(self) -> dict[str, Any]:
        """What was written of the row's additions, for an undo; empty before it is written, and for a new lead."""
        if self.known is None or self.verdict != Verdict.UPDATE:
            return {}
        return {name: self.known.wrote[name] for name in self.adds if name in self.known.wrote}

    @property
    def reason(self) -> str:
        """Why, in sentences; "" for a row taken as it is."""
        parts = list(self.remarks)
        if self.choice == "new" and self.known:
            parts.insert(0, _("Made new, as you chose."))
        elif self.verdict == Verdict.NEW and self.same:
            parts.insert(0, _("A new job for a customer already known."))
        elif self.known and self.same:
            parts.insert(0, str(_SAME[self.same]) % {"lead": _label(self.known)})
        if self.choice == "skip":
            parts.append(_("Left out, as you chose."))
        if self.gained:
            parts.insert(1, _("It gains: %(what)s.") % {"what": ", ".join(self.gained)})
        return " ".join(parts)

    def as_line(self) -> dict[str, Any]:
        """Return the outcome as one line of JSON."""
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


def _label(known: Known) -> str:
    if known.number is not None:
        return _("lead #%(number)s") % {"number": known.number}
    return _("row %(row)s") % {"row": known.row}


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody chose for a row: for it alone, or for all that were recognised in the same way."""

    choice: str = ""
    alike: Mapping[str, str] = field(default_factory=dict)
    # The same row of the same bytes made a lead already: it is not made twice.
    made_before: bool = False

    def of(self, same: str) -> str:
        """Return the choice for a row: skip, update, new; "" for the proposed verdict."""
        choice = self.choice or self.alike.get(same, "")
        return "" if choice == "new" and self.made_before else choice


def judge(draft: Draft, index: Index, wish: Wish | None = None) -> Outcome:
    """Decide on a row, by known leads, earlier rows and somebody's choice; adds it to the index."""
    found = index.find(draft)
    if found is None:
        known = Known(set(), draft.called, set(), row=draft.row, draft=draft)
        return _new(draft, known, index, "")
    known, key = found
    same = key.partition(":")[0]
    if known.job_id is None and known.draft is None:
        known.draft, known.row = draft, draft.row
        return _new(draft, known, index, same)
    choice = wish.of(same) if wish and known.job_id else ""
    if choice == "new":
        fresh = Known(set(), draft.called, set(), row=draft.row, draft=draft)
        if f"id:{draft.external_id}" in index.by_key:
            # An id elsewhere is one lead's alone.
            draft.external_id = ""
        # A household shares a number: who was said to be somebody else is reached there as well.
        fresh.points = _points_of(draft)
        return replace(_new(draft, fresh, index, same), choice=choice)
    if choice == "skip":
        return Outcome(draft.row, Verdict.DUPLICATE, known, draft, same, (), tuple(draft.remarks), choice=choice)
    if choice != "update" and same == "phone" and not alike(known.name, draft.name or draft.company):
        remark = _("The names differ, so nothing was added to %(name)s.") % {"name": known.name}
        return Outcome(draft.row, Verdict.DUPLICATE, known, draft, same, (), (remark, *draft.remarks))
    return _added(draft, known, index, same)


def _added(draft: Draft, known: Known, index: Index, same: str) -> Outcome:
    """Add to the lead what it lacks; the verdict is update, or duplicate where the row adds nothing."""
    if "claim_number" in known.has and draft.insurer and not draft.claim_number:
        # Our own export names the insurer of a claim, and never its number: it says nothing new.
        draft.notes = [line for line in draft.notes if line != insurer_line(draft)]
    points = _new_points(draft, known, index)
    names = _new_parts(draft, known)
    _gain(draft, known, names, points, index)
    gained = (*(str(_POINTS[kind]) for kind in _kinds(points)), *(str(_GAINS[name][1]) for name in names))
    verdict = Verdict.UPDATE if gained else Verdict.DUPLICATE
    return Outcome(draft.row, verdict, known, draft, same, gained, tuple(draft.remarks), (*points, *names))


def parts_of(draft: Draft) -> set[str]:
    """List the parts a match could add that a row has."""
    found = {name for name, (parts, _label) in _GAINS.items() if getattr(draft, parts[0]) not in (None, "", [])}
    if not name_key(draft.company):
        found.discard("company_id")
    if not draft.street:
        found.discard("claim_number")
    return found


def _new_parts(draft: Draft, known: Known) -> list[str]:
    """List what the row can add, in the order of _GAINS. Nothing that isn't stored, or every run would add it again."""
    lacking = parts_of(draft) - known.has
    if not known.is_open:
        lacking -= {"stage_id", "next_step_kind"}
    if draft.stage and known.pipeline_id not in (None, draft.stage.pipeline_id):
        lacking.discard("stage_id")
    return [name for name in _GAINS if name in lacking]


def alike(one: str, other: str) -> bool:
    """Whether two names may be one person's: "J. Jansen" and "Jan Jansen", but not Marie; no name matches any."""
    first, second = name_key(one).split(), name_key(other).split()
    if set(first) <= set(second) or set(second) <= set(first):
        return True
    return first[-1] == second[-1] and first[0][0] == second[0][0]


def _new(draft: Draft, known: Known, index: Index, same: str) -> Outcome:
    known.points = known.points or _new_points(draft, known, index)
    known.has |= parts_of(draft)
    known.pipeline_id, known.is_open = draft.pipeline_id, draft.state == State.OPEN
    _learn(draft, known, index)
    return Outcome(draft.row, Verdict.NEW, known, draft, same, (), tuple(draft.remarks))


def _new_points(draft: Draft, known: Known, index: Index) -> list[str]:
    """List contact points nobody has yet; another person's stay theirs."""
    return [point for point in _points_of(draft) if point not in known.keys and point not in index.by_key]


def _points_of(draft: Draft) -> list[str]:
    return [f"email:{address}" for address in draft.emails] + [f"phone:{phone.e164}" for phone in draft.phones]


def _kinds(points: Iterable[str]) -> list[str]:
    return sorted({point.partition(":")[0] for point in points})


def _gain(draft: Draft, known: Known, names: list[str], points: list[str], index: Index) -> None:
    """Add a row's new facts to the lead: to its draft while it is not written, else as gains to write."""
    known.points += points
    known.has |= set(names)
    for name in names:
        known.gains[name] = draft
        if known.draft is not None:
            for part in _GAINS[name][0]:
                setattr(known.draft, part, getattr(draft, part))
    if known.draft is not None:
        known.draft.phones += [phone for phone in draft.phones if f"phone:{phone.e164}" in points]
    _learn(draft, known, index)


def _learn(draft: Draft, known: Known, index: Index) -> None:
    known.keys |= set(known.points)
    if draft.external_id and known.gains.get("external_id", known.draft) is draft:
        known.keys.add(f"id:{draft.external_id}")
    if "site_id" in known.has and draft.address_key:
        known.keys.add(f"at:{name_key(known.name)}\t{draft.address_key}")
    known.keys.add(f"name:{name_key(known.name)}")
    index.add(known)
