"""Column presets: exports of other products, and ours, recognised by their column names (presets/*.toml).

Where each list comes from, and what could not be confirmed, is in docs/decisions/0015-import-whole.md.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import override

from crm.jobs.importing.headings import key_of
from leads.importing.mapping.headings import DUE, LABELS, LEAD_NUMBER, MANY, PHASE, Field

OURS = "Throughline"
META = "Meta lead ads"
_PRESETS = Path(__file__).parent / "presets"
# So Meta keeps spreadsheets from taking a number for one: "p:+1813…", "z:33605".
_PREFIXES = ("p:", "z:")


@dataclass(frozen=True, slots=True)
class ColumnPreset:
    """The columns of one product's export; some products have several."""

    name: str
    # Headings as that product writes them and hardly anybody else does, whole or to their beginning.
    telling: frozenset[str]
    telling_starts: tuple[str, ...]
    # So many of them tell it.
    enough: int
    # The headings of each field, by key: of several columns the first that has cells counts.
    fields: Mapping[Field, Sequence[str]]
    # What says nothing of a lead and must not be guessed; and what is left out: ids of other records, and the like.
    kept: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()

    def is_told_by(self, headings: Sequence[str]) -> bool:
        """True if these are the columns of this export; a required one may have a mark after its name."""
        marks = (
            heading.rstrip("*:") in self.telling or heading.startswith(self.telling_starts) for heading in headings
        )
        return sum(marks) >= self.enough

    def meanings(self, headings: Sequence[str], empty: set[int]) -> dict[int, Field | None]:
        """Map the positions of this export's columns to their fields; None for those kept as notes or left out."""
        keys = [key_of(heading) for heading in headings]
        fields: dict[int, Field | None] = {}
        for name, listed in self.fields.items():
            places = [at for key in listed for at, each in enumerate(keys) if each == key and at not in fields]
            places.sort(key=lambda at: at in empty)
            fields |= dict.fromkeys(places if name in MANY else places[:1], name)
        listed_keys = {key for listed in self.fields.values() for key in listed} | self.kept | self.left_out
        return {at: fields.get(at) for at, key in enumerate(keys) if key in listed_keys}


def recognise(headings: Sequence[str]) -> ColumnPreset | None:
    """Return the preset that these columns match with certainty; of several the one that knows most columns."""
    written = [" ".join(heading.split()) for heading in headings]
    matching = [preset for preset in presets() if preset.is_told_by(written)]
    return max(matching, key=lambda preset: len(preset.meanings(headings, set())), default=None)


@lru_cache(maxsize=1)
def presets() -> tuple[ColumnPreset, ...]:
    """List all presets: those of other products, and our own in each of its languages."""
    files = sorted(_PRESETS.glob("*.toml"))
    return (*(_parse_preset(tomllib.loads(path.read_text())) for path in files), *_own_presets())


def _parse_preset(table: Mapping[str, Any]) -> ColumnPreset:
    return ColumnPreset(
        name=table["name"],
        telling=frozenset(table.get("telling", ())),
        telling_starts=tuple(table.get("telling_starts", ())),
        enough=table["enough"],
        fields={Field(name): [key_of(heading) for heading in listed] for name, listed in table["fields"].items()},
        kept=frozenset(map(key_of, table.get("keep", ()))),
        left_out=frozenset(map(key_of, table.get("leave_out", ()))),
    )


def _own_presets() -> Iterator[ColumnPreset]:
    rare = (Field.EXTERNAL_ID, Field.STAGE_SINCE, Field.COST, Field.NEXT_STEP_AT, Field.STATE, Field.LOST_REASON)
    for language, _name in settings.LANGUAGES:
        with override(language):
            marks = frozenset(str(label) for label in (LEAD_NUMBER, *(LABELS[name] for name in rare)))
            fields = {name: [key_of(str(label))] for name, label in LABELS.items()}
            left_out = frozenset(key_of(str(label)) for label in (LEAD_NUMBER, PHASE, DUE))
        yield ColumnPreset(OURS, marks, (), 5, fields, left_out=left_out)


def without_prefix(cell: str) -> str:
    """Return a cell of a Meta export without its type prefix."""
    if cell.startswith(_PREFIXES) and (cell[2:3] == "+" or cell[2:3].isalnum()):
        return cell[2:]
    return cell
