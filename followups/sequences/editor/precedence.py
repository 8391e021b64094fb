"""Precedence of sequences with one purpose: which goes first where two would take a lead by themselves."""

from django.utils.translation import gettext as _

from crm.platform.models import Member
from crm.web.lists.conditions.choices import Choice
from followups.sequences.editor.sequence_draft import FIRST
from followups.sequences.models import Sequence


def _others(sequence: Sequence | None, purpose: str) -> list[Sequence]:
    """Return the other sequences of a purpose, in order."""
    rows = Sequence.objects.filter(purpose=purpose, archived_at__isnull=True)
    if sequence is not None:
        rows = rows.exclude(pk=sequence.pk)
    return list(rows.order_by("rank", "pk"))


def place_choices(sequence: Sequence | None, purpose: str) -> list[Choice]:
    """Return the places a sequence may have among those of its purpose; none if it is the only one."""
    others = _others(sequence, purpose)
    if not others:
        return []
    ahead = Choice(FIRST, _("ahead of %(name)s") % {"name": others[0].name})
    return [ahead, *(Choice(str(one.uid), _("behind %(name)s") % {"name": one.name}) for one in others)]


def place_of(sequence: Sequence) -> str:
    """Return the present place of a sequence: FIRST, or the public id of the one it goes behind."""
    before = [one for one in _others(sequence, sequence.purpose) if one.rank < sequence.rank]
    if before:
        return str(before[-1].uid)
    return FIRST


def set_place(sequence: Sequence, place: str, *, by: Member | None) -> None:
    """Give a sequence a place among those of its purpose. A place that is gone leaves it where it is. Idempotent."""
    others = _others(sequence, sequence.purpose)
    names = [FIRST, *(str(one.uid) for one in others)]
    if place not in names or place == place_of(sequence):
        return
    index = names.index(place)
    # All that go before it, each put ahead of it; then it ahead of the next one.
    for other in others[:index]:
        other.put_ahead_of(sequence, by=by)
    if index < len(others):
        sequence.put_ahead_of(others[index], by=by)
