"""The tenant's types of follow-ups, built-in and its own, in its order; cached per process."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from django.utils.translation import get_language

from crm.jobs.next_step.kinds import StepKind, StepKinds
from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.organization.configuration import cached_per_tenant
from followups.models.kind import FollowUpKind
from followups.models.tenant_kind import TenantKind


@dataclass(frozen=True)
class OneKind:
    """A type; `name` and `name_nl` are blank for a built-in one, which is translated."""

    code: str
    icon: str
    minutes: int
    archived: bool = False
    name: str = ""
    name_nl: str = ""

    @property
    def is_own(self) -> bool:
        return bool(self.name)

    @property
    def label(self) -> str:
        """The type's name in the active language."""
        if not self.name:
            return str(FollowUpKind(self.code).label)
        if self.name_nl and get_language() == "nl":
            return self.name_nl
        return self.name


@dataclass(frozen=True)
class FollowUpKinds:
    """All types by code, in the tenant's order."""

    all: dict[str, OneKind]

    @property
    def live(self) -> list[OneKind]:
        """The types in use."""
        return [kind for kind in self.all.values() if not kind.archived]

    @property
    def words(self) -> Mapping[str, str]:
        """Names of the tenant's own types in use, which a typed line may contain; and their codes."""
        return {name: kind.code for kind in self.live for name in (kind.name, kind.name_nl) if name}

    @property
    def hidden(self) -> frozenset[str]:
        """The codes of archived types."""
        return frozenset(kind.code for kind in self.all.values() if kind.archived)

    def fitting(self, pipeline_id: int | None) -> list[OneKind]:
        """The types in use that fit a pipeline; without one, those that fit any in use. A tenant's own fit all."""
        types = pipeline_setup().types(pipeline_id)
        return [kind for kind in self.live if kind.is_own or types & FollowUpKind(kind.code).pipeline_types]

    def of(self, code: str) -> OneKind:
        """Return the type with this code, archived or not; a task for any other code."""
        return self.all.get(code) or self.all[FollowUpKind.TASK]

    def offers(self, code: str) -> bool:
        """True if a follow-up of this type may be planned now."""
        return code in self.all and not self.all[code].archived


@cached_per_tenant
def kinds() -> FollowUpKinds:
    """Return the types of the current tenant."""
    rows = list(TenantKind.objects.all())
    untouched = [code for code in FollowUpKind.values if code not in {row.code for row in rows}]
    in_order = [_of_row(row) for row in rows] + [_built_in(code) for code in untouched]
    return FollowUpKinds({kind.code: kind for kind in in_order})


def minutes_of(code: str, own_minutes: int | None) -> int:
    """Return how long a follow-up takes: its own minutes, else those of its type."""
    return own_minutes or kinds().of(code).minutes


def _of_row(row: TenantKind) -> OneKind:
    archived = row.archived_at is not None
    if not row.is_own:
        return _built_in(row.code, archived=archived)
    return OneKind(row.code, row.icon, row.minutes, archived, row.name, row.name_nl)


def _built_in(code: str, *, archived: bool = False) -> OneKind:
    return OneKind(code, FollowUpKind(code).icon, FollowUpKind(code).minutes, archived)


def step_kinds() -> StepKinds:
    """Return the types as the jobs app needs them to show next steps: a job stores only the code."""
    kind_setup = kinds()
    own = {code: StepKind(partial(getattr, kind, "label"), kind.icon) for code, kind in kind_setup.all.items()}
    return StepKinds(own, kind_setup.words, kind_setup.hidden)
