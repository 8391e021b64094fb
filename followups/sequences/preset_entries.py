"""SequencePreset: a pack to start a sequence from, and the sequence made of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise

from crm.platform import features
from crm.platform.features import Feature
from crm.platform.models import Member
from followups.sequences.definition import SequenceDefinition
from followups.sequences.free_name import free_name
from followups.sequences.models import Reentry, Sequence, SequencePurpose


@dataclass(frozen=True, kw_only=True)
class SequencePreset(Feature):
    """A pack: a ready-made sequence, created with one click, switched off, and editable like any other."""

    unique: ClassVar[tuple[str, ...]] = ("key",)

    key: str
    name: str | Promise
    # What it does, in a few words: "days 2, 5, 7 and 14".
    description: str | Promise
    purpose: SequencePurpose
    # Its definition in the tenant in use. Raises Refused with what is missing there, such as a template.
    definition: Callable[[], SequenceDefinition]
    reentry: Reentry = Reentry.ONCE
    reentry_days: int = 90

    def check(self) -> Iterator[str]:
        if not self.key or len(self.key) > 60:
            yield "its key is blank, or longer than a sequence keeps"


def sequence_presets() -> list[SequencePreset]:
    """Return the packs, in order."""
    return list(features.of(SequencePreset))


def add_from_preset(preset: SequencePreset, *, by: Member | None) -> Sequence:
    """Create a sequence from a pack, switched off. Raises Refused if something it needs is missing."""
    sequence = Sequence.add(free_name(str(preset.name)), preset.purpose, preset.definition(), by=by, preset=preset.key)
    sequence.set_rules(purpose=preset.purpose, reentry=preset.reentry, reentry_days=preset.reentry_days, by=by)
    return sequence
