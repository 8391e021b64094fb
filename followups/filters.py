"""The filters of the follow-ups. The URL is the view: read here, applied, and written back as links."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from crm.jobs.list.choices import ME, NOBODY, Choice
from crm.jobs.list.filters import Chip
from crm.jobs.models import Priority
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from followups.kinds import kinds
from followups.models import FollowUp, FollowUpQuerySet, Status
from followups.time_choices import Bounds

ALL = "all"


@dataclass(frozen=True)
class Filters:
    """The filters as their values in the URL; empty: the member's own open ones."""

    when: str = ""
    who: str = ""
    kind: str = ""
    priority: str = ""
    status: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str], member: Member) -> "Filters":
        """The filters of a query string. Values that mean nothing here are dropped."""
        known = {name: {choice.value for choice in choices} for name, choices in options(member).items()}
        given = {name: query.get(name, "") for name in cls.__dataclass_fields__}
        return cls(**{name: value if value in known[name] else "" for name, value in given.items()})

    def query(self, **changes: str) -> str:
        """The query string of these filters, with changes; "?" alone for none."""
        values = asdict(replace(self, **changes))
        return "?" + urlencode({name: value for name, value in values.items() if value})

    @property
    def latest_first(self) -> bool:
        """What is over is read from its end."""
        return self.status in (Status.COMPLETED, Status.CANCELLED)

    def base(self, member: Member) -> FollowUpQuerySet:
        """Whose and of which kind, at any time and in any state: what the tiles count."""
        wanted: dict[str, Any] = {}
        if self.who == NOBODY:
            wanted["assignee__isnull"] = True
        elif self.who != ALL:
            mine = self.who in ("", ME)
            members = directory().members
            wanted["assignee_id"] = (
                member.pk if mine else next(pk for pk, m in members.items() if str(m.uid) == self.who)
            )
        if self.kind:
            wanted["kind"] = self.kind
        if self.priority:
            wanted["priority"] = int(self.priority)
        found: FollowUpQuerySet = FollowUp.objects.filter(**wanted)
        return found

    def apply(self, member: Member, bounds: Bounds) -> FollowUpQuerySet:
        """The follow-ups the filters keep."""
        found = self.base(member)
        found = found.filter(status=self.status) if self.status else found.open()
        if self.when == "overdue":
            return found.overdue(bounds.now)
        if self.when:
            end = bounds.day_end if self.when == "today" else bounds.week_end
            return found.filter(sort_at__gte=bounds.now, sort_at__lt=end)
        return found

    def chips(self, member: Member) -> list[Chip]:
        """The filters in force, in words; when is what the tiles show."""
        known = options(member)
        chips = []
        for name, label in labels().items():
            if value := getattr(self, name):
                words = next(choice.label for choice in known[name] if choice.value == value)
                chips.append(Chip(name, label, words, self.query(**{name: ""})))
        return chips

    def fields(self, member: Member) -> list[dict[str, Any]]:
        """The panel's selects; one with nothing to choose is left out."""
        known = options(member)
        hidden = kinds().hidden - {self.kind}
        known["kind"] = [choice for choice in known["kind"] if choice.value not in hidden]
        return [
            {"name": name, "label": label, "value": getattr(self, name), "choices": known[name]}
            for name, label in labels().items()
            if known[name]
        ]


def labels() -> dict[str, str]:
    """The filters' names, in the order of the panel."""
    return {"who": _("Who"), "kind": _("Type"), "priority": _("Priority"), "status": _("Status")}


def options(member: Member) -> dict[str, list[Choice]]:
    """What each filter may be set to, for this member; types also that are offered no more."""
    return {
        "when": [Choice("overdue", ""), Choice("today", ""), Choice("week", "")],
        "who": _members(member),
        "kind": [Choice(kind.code, kind.label) for kind in kinds().all.values()],
        "priority": [Choice(str(value), str(label)) for value, label in Priority.choices],
        "status": [Choice(str(value), str(label)) for value, label in Status.choices],
    }


def _members(member: Member) -> list[Choice]:
    """Everybody, for those who see all; a rep's list is the own one."""
    if not allows(member, "followups.see_all"):
        return []
    others = [row for row in directory().members.values() if row.active and row.pk != member.pk]
    choices = [Choice(ALL, _("everybody")), Choice(NOBODY, _("nobody yet"))]
    return [*choices, *(Choice(str(row.uid), row.name) for row in others)]
