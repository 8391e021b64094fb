"""Look up the tenant's records by the names in cells: rep, brand, pipeline, step, source or priority."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crm.jobs.models import JobState, Priority, Source, Stage
from crm.jobs.next_step.kinds import code_of, match_name, step_kinds
from crm.jobs.pipelines.setup import PipelineSetup, pipeline_setup
from crm.jobs.pipelines.stage_successor import successor_of
from crm.kernel.normalization import Refused, name_key, normalize_email
from crm.platform.models import Brand, User
from crm.platform.models.tenant import configuration_changed
from crm.platform.organization.configuration import Directory, directory
from leads.importing.mapping.headings import Field
from leads.importing.values.work_types import work_type

_PRIORITIES = {
    Priority.URGENT: "urgent, 1, spoed, zeer hoog, critical, kritiek, asap",
    Priority.HIGH: "high, 2, hoog, hot, warm",
    Priority.NORMAL: "normal, 3, normaal, medium, gemiddeld, middel, standard, standaard",
    Priority.LOW: "low, 4, laag, cold, koud",
}
# What a status says of the end of a job, where no step is called so. "won" is a fact of the sale and ends nothing.
_STATUSES = {
    "open": "open, offen, offene, active, actief, aktiv, in progress, lopend, in behandeling, bezig, in bearbeitung, "
    "ouvert, ouverte, en cours, abierto, abierta, en curso, activo",
    "won": "won, closed won, sold, gewonnen, verkocht, verkauft, akkoord, signed, getekend, converted, konvertiert, "
    "closed converted, geconverteerd, gagne, gagnee, signe, vendu, ganado, ganada, vendido, cerrado ganado, "
    "auftrag erteilt, closed sold",
    JobState.LOST: "lost, closed lost, dead, not converted, closed not converted, nicht konvertiert, "
    "niet geconverteerd, non converti, no convertido, no sale, rejected, declined, verloren, "
    "afgewezen, vervallen, niet akkoord, "
    "closed dead, not interested, no interest, lost to competitor, went with competitor, abgelehnt, absage, "
    "kein interesse, geen interesse, perdu, perdue, "
    "refuse, pas interesse, perdido, perdida, rechazado, cerrado perdido, no interesado",
    JobState.DONE: "done, completed, complete, finished, paid, afgerond, klaar, voltooid, gereed, betaald, opgeleverd, "
    "abgeschlossen, erledigt, fertig, bezahlt, termine, terminee, paye, terminado, completado, pagado",
    JobState.DROPPED: "dropped, junk, spam, disqualified, unqualified, not qualified, cancelled, canceled, "
    "geannuleerd, dubbel, duplicate, bad lead, bad, fake, test, invalid, wrong number, out of area, "
    "niet gekwalificeerd, ongeldig, "
    "unqualifiziert, nicht qualifiziert, disqualifiziert, ungultig, storniert, doppelt, dublette, non qualifie, "
    "non qualifiee, annule, doublon, no calificado, no cualificado, descalificado, cancelado, duplicado, basura",
}
# "Lost Lead", "Closed - Deal Lost", "Lead verloren": of what it is a status.
_STATUS_OF = frozenset(
    "lead leads deal deals opportunity job contact prospect klant kans kunde affaire negocio".split()
)
_STEP_WORDS = {
    "call": "call phone ring bel bellen terugbellen callback voicemail",
    "email": "mail email e-mail mailen",
    "text": "text sms sms'en",
    "whatsapp": "whatsapp app appen",
    "visit": "visit inspect inspection site bezoek bezoeken opname inspectie langsgaan",
    "meeting": "meet meeting appointment afspraak overleg",
    "quote": "quote estimate proposal offerte calculatie",
}


# "Closed Won (Sales Pipeline)": behind a step HubSpot writes of which pipeline it is.
_BEHIND = re.compile(r" ?\([^()]{0,80}\)$")

T = TypeVar("T")
# What a word of a step or status may be chosen to mean besides a step: "is:won", "is:lost".
IS = "is:"


@dataclass(frozen=True)
class Vocabulary:
    """Look-ups by name for one tenant, at one version of its configuration."""

    here: Directory
    line: PipelineSetup
    brands: dict[str, Brand]
    pipelines: dict[str, int]
    # By pipeline: its live steps by name.
    steps: dict[int, dict[str, Stage]]
    sources: dict[str, int]
    reps: dict[str, int]
    # What somebody chose a word to mean, by field and name key: an id, "is:won" and the like, or "keep".
    chosen: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def _chosen_meaning(self, field_: Field, cell: str) -> str:
        return self.chosen.get(field_, {}).get(name_key(cell), "")

    def brand(self, cell: str) -> Brand:
        """Return the brand a cell names; the default one for an empty cell. Raises Refused for an unknown one."""
        if (pk := self._chosen_meaning(Field.BRAND, cell)).isdigit() and int(pk) in self.here.brands:
            return self.here.brands[int(pk)]
        if cell:
            return _look_up(self.brands, cell, _("There is no brand with this name."))
        return self.here.default_brand

    def rep(self, cell: str) -> int | None:
        """Return the member a cell names by address, name, or unique first name. Raises Refused."""
        if not cell:
            return None
        if (pk := self._chosen_meaning(Field.REP, cell)).isdigit() and int(pk) in self.here.members:
            return int(pk)
        return self.reps.get(normalize_email(cell) or "") or _look_up(
            self.reps, cell, _("There is no colleague with this name or address.")
        )

    def pipeline(self, cell: str) -> int:
        """Return the pipeline a cell names; the default one for an empty cell. Raises Refused."""
        if not cell:
            return self.line.default_pipeline.pk
        if (pk := self._chosen_meaning(Field.PIPELINE, cell)).isdigit() and int(pk) in self.steps:
            return int(pk)
        pipeline_id = self.pipelines.get(name_key(cell)) or work_type(cell, self.pipelines)
        if pipeline_id is None:
            raise Refused(_("There is no pipeline with this name."))
        return pipeline_id

    def source(self, cell: str) -> str:
        """Return the name of the source for a cell: the chosen one's, else its own, to be created if there is none."""
        pk = self._chosen_meaning(Field.SOURCE, cell)
        if pk.isdigit() and int(pk) in self.line.sources:
            return self.line.sources[int(pk)].name
        return cell

    def priority(self, cell: str) -> int:
        """Return the priority a cell names; normal for an empty cell. Raises Refused."""
        if (chosen := self._chosen_meaning(Field.PRIORITY, cell)).isdigit():
            return int(chosen)
        if cell:
            return _look_up(_priorities_by_word(), cell, _("There is no priority with this name."))
        return int(Priority.NORMAL)

    def status(self, cell: str, field_: Field = Field.STATUS) -> str | None:
        """Return open, won, or the outcome a cell names; None for other words."""
        chosen = self._chosen_meaning(field_, cell)
        if chosen.startswith(IS):
            return chosen.removeprefix(IS)
        return status_of(cell)

    def step(self, cell: str, pipeline_id: int | None, field_: Field = Field.STAGE) -> Stage | None:
        """Return the step of that name in a pipeline; without one, in the default one, else the first that has it."""
        key = self._step_key(cell)
        chosen = self._chosen_meaning(field_, cell)
        if chosen.isdigit() and (stage := self.line.stages.get(int(chosen))):
            # Chosen for an earlier file, it may be archived by now.
            if pipeline_id in (None, stage.pipeline_id):
                return successor_of(stage.pk)
            return None
        if pipeline_id is not None:
            return self.steps[pipeline_id].get(key)
        if stage_named := self.steps[self.line.default_pipeline.pk].get(key):
            return stage_named
        return next((steps[key] for steps in self.steps.values() if key in steps), None)

    def _step_key(self, cell: str) -> str:
        """Return the name of the step in a cell, without a pipeline after it unless a step is called so."""
        key = name_key(cell)
        if not cell.endswith(")") or any(key in steps for steps in self.steps.values()):
            return key
        return name_key(_BEHIND.sub("", cell[:80]))

    def no_step(self, cell: str, pipeline_id: int | None) -> str:
        """Return an error for an unknown step name, with the pipelines that have such a step."""
        key = self._step_key(cell)
        having = [f"“{self.line.pipelines[pk].name}”" for pk, steps in self.steps.items() if key in steps]
        if pipeline_id is None or not having:
            return _("There is no step with this name.")
        return _("This step belongs to %(those)s, but the lead is in “%(pipeline)s”.") % {
            "those": ", ".join(having),
            "pipeline": self.line.pipelines[pipeline_id].name,
        }

    def past_step(self, name: str, pipeline_id: int) -> Stage | None:
        """Return the step with that name, also an archived one; None for an empty cell. Raises Refused."""
        key = name_key(name)
        if not key:
            return None
        ours = (stage for stage in self.line.stages.values() if stage.pipeline_id == pipeline_id)
        archived = {name_key(stage.name): stage for stage in ours if stage.archived_at}
        return _look_up(archived | self.steps[pipeline_id], name, _("There is no step with this name."))


def _look_up(names: dict[str, T], cell: str, sentence: str) -> T:
    value = names.get(name_key(cell))
    if value is None:
        raise Refused(sentence)
    return value


def vocabulary(chosen: Mapping[str, Mapping[str, str]] | None = None) -> Vocabulary:
    """Return the look-ups of the current tenant, with the meanings a user chose."""
    organization = directory()
    its_line = pipeline_setup()
    pipelines = {name_key(row.name): pk for pk, row in its_line.pipelines.items() if row.archived_at is None}
    return Vocabulary(
        here=organization,
        line=its_line,
        brands={name_key(brand.name): brand for brand in organization.brands.values() if brand.archived_at is None},
        pipelines=pipelines,
        steps={pk: {name_key(stage.name): stage for stage in its_line.steps(pk)} for pk in pipelines.values()},
        sources={name_key(name): pk for name, pk in its_line.sources.all_names()},
        reps=_reps_by_name(organization),
        chosen=chosen or {},
    )


def _reps_by_name(here: Directory) -> dict[str, int]:
    active = [member for member in here.members.values() if member.active]
    users: QuerySet[User] = User.objects.filter(pk__in=[member.user_id for member in active])
    addresses = dict(users.values_list("pk", "email"))
    reps: dict[str, int] = {}
    first_names = [name_key(member.name.split()[0]) for member in active if member.name.strip()]
    for member in active:
        key = name_key(member.name)
        first = key.split(" ")[0]
        if first_names.count(first) == 1:
            reps.setdefault(first, member.pk)
        reps[key] = reps[addresses[member.user_id].lower()] = member.pk
    return reps


def add_sources(names: Iterable[str]) -> None:
    """Create sources for unknown names, so that the source of a spend is not lost."""
    wanted = {name_key(name): name for name in names}
    existing = {name_key(name) for name in Source.objects.values_list("name", flat=True)}
    if missing := [Source(name=name[:60]) for key, name in wanted.items() if key not in existing]:
        Source.objects.bulk_create(missing, ignore_conflicts=True)
        configuration_changed()


@lru_cache(maxsize=1)
def _priorities_by_word() -> dict[str, int]:
    return {name_key(word): priority for priority, words in _PRIORITIES.items() for word in words.split(", ")}


@lru_cache(maxsize=1)
def _statuses_by_word() -> dict[str, str]:
    return {name_key(word): str(status) for status, words in _STATUSES.items() for word in words.split(", ")}


@lru_cache(maxsize=1024)
def status_of(cell: str) -> str | None:
    """Return open, won, or the outcome that the words of a cell name; None for other words."""
    statuses = []
    for text in (cell[:80], _BEHIND.sub("", cell[:80])):
        words = name_key(text).split()
        statuses += [" ".join(words), " ".join(word for word in words if word not in _STATUS_OF)]
    return next((status for key in statuses if (status := _statuses_by_word().get(key))), None)


@lru_cache(maxsize=1)
def _step_words() -> dict[str, str]:
    return {name_key(word): kind for kind, words in _STEP_WORDS.items() for word in words.split()}


def step_kind(label: str) -> str:
    """Return the kind of a next step in a text: a type of the tenant's by its name, else by the first known word.

    "task" where none tells, or where the tenant hides the kind.
    """
    step_words = step_kinds()
    if match := match_name(label, step_words.words):
        return code_of(match, step_words.words)
    return next((kind for kind in _known_step_words(label) if kind not in step_words.hidden), "task")


@lru_cache(maxsize=4096)
def _known_step_words(label: str) -> tuple[str, ...]:
    return tuple(_step_words()[word] for word in name_key(label).split() if word in _step_words())
