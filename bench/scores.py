"""Scores of leads: all of them at night, one lead when something happened to it, and the list ordered by them."""

import json
import os
import time
from dataclasses import replace
from typing import Any

import django

from bench.cluster import Servers
from bench.figures import Figure, percentile
from bench.web import run_inside

TENANT = "scale-1"
NIGHT = 1_000_000
ONES = 40


def measure(servers: Servers, database: str, jobs: int) -> list[Figure]:
    """The nightly run on the database of so many jobs, counted for a million; then single leads."""
    figures = json.loads(run_inside(servers, database, "bench.scores"))
    minutes = figures["seconds"] / figures["scored"] * NIGHT / 60
    listed = json.loads(run_inside(servers, database, "bench.screens.likelihood_list", TENANT))
    note = f"{figures['scored']:,} open leads of {jobs:,} jobs in {figures['seconds']:.0f} s"
    return [
        Figure("1,000,000 leads scored at night", minutes, "min", most=10, note=note),
        Figure("one lead scored after an event, p95", figures["one"] * 1000, "ms", most=50),
        *(_list_figure(name, page) for name, page in listed.items()),
    ]


def _list_figure(name: str, page: dict[str, Any]) -> Figure:
    """The page of leads by likelihood: its plan is that of the index, however many leads there are."""
    note = f"{page['rows']} rows, query {page['query']:.1f} ms, plan: {page['plan']}"
    figure = Figure(f"leads by likelihood, {name}, p95", page["seconds"] * 1000, "ms", most=300, note=note)
    if page["is_by_index"]:
        return figure
    return replace(figure, least=figure.value + 1, note=f"sorts or reads the whole table: {page['plan']}")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
    django.setup()
    from crm.platform.models import Tenant
    from crm.platform.tenancy.context import use_tenant

    with use_tenant(Tenant.objects.get(slug=TENANT)):
        print(json.dumps(_run()))


def _run() -> dict[str, float]:
    from assistant.models import LeadScore
    from assistant.scores.score_training import train_scores
    from assistant.scores.scoring import write_scores
    from crm.jobs.models import Job

    LeadScore.objects.all().delete()
    begin = time.perf_counter()
    model = train_scores()
    assert model is not None, "the seeded leads are won and lost often enough"
    trained = time.perf_counter()
    after: int | None = 0
    while after is not None:
        after = write_scores(model, after=after)
    ended = time.perf_counter()
    times = []
    for pk in Job.objects.open().order_by("-pk").values_list("pk", flat=True)[:ONES]:
        started = time.perf_counter()
        write_scores(model, ids=[pk])
        times.append(time.perf_counter() - started)
    return {
        "training": trained - begin,
        "seconds": ended - trained,
        "scored": Job.objects.open().count(),
        "one": percentile(times, 0.95),
    }


if __name__ == "__main__":
    main()
