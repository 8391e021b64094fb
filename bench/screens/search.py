"""The search box in the biggest tenant: database time of what people type. Runs inside the product."""

import json
import os
import re
import sys
import time
from collections.abc import Callable
from typing import Any

import django

from bench.cluster import Servers
from bench.figures import Figure, percentile
from bench.web import run_inside

ROUNDS = 5


def measure(servers: Servers, database: str) -> list[Figure]:
    """p95 over the list of queries, each asked by a rep and a manager, several times."""
    found = json.loads(run_inside(servers, database, "bench.screens.search", "scale-1"))
    times = [ms for _, _, _, several in found for ms in several]
    slowest = sorted(found, key=lambda row: -percentile(row[3], 0.5))[:3]
    told = "; ".join(f"“{text}” {percentile(several, 0.5):.1f} ms" for text, _, _, several in slowest)
    empty = sum(not hits for _, _, hits, _ in found)
    return [
        Figure("search, p95 of database time", percentile(times, 0.95), "ms", most=50, note=f"slowest: {told}"),
        Figure(
            "search, p50 of database time", percentile(times, 0.5), "ms", note=f"{len(found)} queries, {empty} empty"
        ),
    ]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
    django.setup()
    from crm.jobs.list.search import search
    from crm.platform.models import Member, Role, Tenant
    from crm.platform.tenancy.context import use_tenant

    rows = []
    with use_tenant(Tenant.objects.get(slug=sys.argv[1])):
        people = [Member.objects.filter(role=role).order_by("pk")[0] for role in (Role.REP, Role.MANAGER)]
        for text in queries():
            for member in people:
                several, hits = [], 0
                for _ in range(ROUNDS):
                    seconds, hits = _timed(lambda text=text, member=member: search(text, by=member))  # type: ignore[misc]
                    several.append(seconds * 1000)
                rows.append((text, member.role, hits, several))
    print(json.dumps(rows))


def _timed(ask: Callable[[], list[Any]]) -> tuple[float, int]:
    """Seconds spent in the database, and the number of hits."""
    from django.db import connection

    spent = 0.0

    def watch(execute: Callable[..., Any], *args: Any) -> Any:
        nonlocal spent
        begin = time.perf_counter()
        try:
            return execute(*args)
        finally:
            spent += time.perf_counter() - begin

    with connection.execute_wrapper(watch):
        hits = ask()
    return spent, len(hits)


def queries() -> list[str]:
    """What people type: of a few customers of this tenant their names, numbers and addresses, whole and in part."""
    from crm.jobs.models import Job
    from crm.people.models import ContactPoint, Person, Property

    wanted = [
        "smith",
        "jo",
        "mar",
        "ash",
        "maria",
        "john br",
        "ashford",
        "an",
        "zzyzx",
        "813",
        "example.com",
        "bayshore",
    ]
    # Spread over the tenant by number, so that no cache is flattered.
    for job in Job.objects.filter(number__in=[1100, 51_234, 123_456, 222_222, 299_999]):
        person, site = Person.objects.get(pk=job.person_id), Property.objects.get(pk=job.site_id)
        first, _, last = person.name.partition(" ")
        wanted += [
            person.name,
            last,
            last[:3],
            f"{last} {first}",
            f"{first} {last[:2]}",
            str(job.number),
            f"#{job.number}",
        ]
        wanted += [site.street, f"{site.street}, {site.city}", site.street.split(" ", 1)[0], f"{site.postcode} {last}"]
        for point in ContactPoint.objects.filter(person=person):
            wanted += _spellings(point.value) if point.kind == "phone" else [point.value, point.value.split("@")[0]]
    return wanted


def _spellings(number: str) -> list[str]:
    area, middle, end = re.fullmatch(r"\+1(\d{3})(\d{3})(\d{4})", number).groups()  # type: ignore[union-attr]
    return [number, f"({area}) {middle}-{end}", f"{area}-{middle}-{end}", f"{middle}-{end}", end, f"{area} {middle}"]


if __name__ == "__main__":
    main()
