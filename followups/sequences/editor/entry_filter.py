"""The list filter behind the numbers of “Would enter now”: `?enters=7.in`, `?enters=7.held12`."""

from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.whole_numbers import read_number
from crm.platform.organization.configuration import directory
from crm.web.lists.conditions.link_filter import LinkFilter
from crm.web.lists.conditions.viewer import Viewer
from followups.sequences.editor.entry_forecast import ENTERS, preview_entry_by_triggers
from followups.sequences.enrolling import refusal_text
from followups.sequences.models import Sequence
from followups.sequences.models.sequence import sequences_by_id


class EntryGroup(NamedTuple):
    """The leads that would enter a sequence now, or that may not for one reason."""

    sequence: Sequence
    part: str

    @classmethod
    def read(cls, text: str) -> "EntryGroup":
        """Parse a value of the filter. Raises ValueError."""
        number, _dot, part = text.partition(".")
        sequence = sequences_by_id().get(read_number(number) or 0)
        if sequence is None:
            raise ValueError("no such sequence")
        if part != ENTERS:
            try:
                refusal_text(part, sequence)
            except KeyError:
                raise ValueError("no such reason") from None
        return cls(sequence, part)


class EntryFilter(LinkFilter):
    """Filter by the leads of a forecast."""

    def __init__(self) -> None:
        super().__init__(gettext_lazy("Would enter"))

    def read(self, text: str) -> EntryGroup:
        return EntryGroup.read(text)

    def condition(self, test: str, value: str, viewer: Viewer) -> Q:
        group = EntryGroup.read(value)
        if viewer.member.pk is None:
            # The condition of a trigger, which would ask the triggers in their turn.
            return Q(pk__in=[])
        preview = preview_entry_by_triggers(group.sequence, viewer.member, directory().tenant.slug)
        if group.part == ENTERS:
            return Q(pk__in=[job.pk for job in preview.jobs])
        return Q(pk__in=[one.job.pk for one in preview.refused if one.key == group.part])

    def describe(self, value: str, viewer: Viewer) -> str:
        group = EntryGroup.read(value)
        names = {"name": group.sequence.name}
        if group.part == ENTERS:
            return _("“%(name)s” now") % names
        names["reason"] = refusal_text(group.part, group.sequence)
        return _("“%(name)s” now, but: %(reason)s") % names
