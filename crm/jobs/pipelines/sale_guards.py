"""SaleGuard: what keeps a lead from becoming sold work for now, e.g. a contract that somebody still reviews."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from crm.jobs.pipelines.setup import pipeline_setup
from crm.jobs.pipelines.stage import Stage
from crm.platform import features
from crm.platform.features import Feature


@dataclass(frozen=True)
class SaleGuard(Feature):
    """A check of leads that enter a step of sold work. `refusals`: of their ids, why some can't yet."""

    unique: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    refusals: Callable[[Collection[int]], Mapping[int, str]]


def refusals_to_sell(moves: Iterable[tuple[Any, Stage]]) -> dict[int, str]:
    """Return why leads can't enter their steps, as the work is not sold yet, by their ids."""
    setup = pipeline_setup()
    selling = [job.pk for job, stage in moves if setup.is_sold(stage.pk) and not job.is_sold]
    reasons: dict[int, str] = {}
    if selling:
        for guard in features.of(SaleGuard):
            reasons |= guard.refusals(selling)
    return reasons
