"""The list of leads ordered by likelihood: time of its pages and the plan of its query. Runs inside the product."""

import json
import os
import sys
import time
from collections.abc import Iterator
from typing import Any

import django

from bench.figures import percentile

ROUNDS = 30
SCORES = "assistant_leadscore"


def main() -> None:
    """Print the pages as JSON: seconds, rows, milliseconds of the query, and its plan."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
    django.setup()
    print(json.dumps(_measure_pages(sys.argv[1])))


def _measure_pages(slug: str) -> dict[str, dict[str, Any]]:
    """Measure both orders for a manager and a rep, and a page in the middle."""
    measured = {}
    for who in ("manager", "rep7"):
        client = _client(f"{who}@{slug}.example")
        first = f"/{slug}/leads/?sort=-likelihood"
        for name, path in (
            ("highest first", first),
            ("lowest first", f"/{slug}/leads/?sort=likelihood"),
            ("open leads", f"{first}&level=open"),
        ):
            measured[f"{name}, {who}"] = _measure_page(slug, client, path)
    return measured


def _client(email: str) -> Any:
    from django.conf import settings
    from django.test import Client

    from crm.platform.models import User

    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    client.force_login(User.objects.get(email=email), settings.AUTHENTICATION_BACKENDS[0])
    return client


def _measure_page(slug: str, client: Any, path: str) -> dict[str, Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    times = []
    for _round in range(ROUNDS):
        begin = time.perf_counter()
        answer = client.get(path)
        times.append(time.perf_counter() - begin)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answers {answer.status_code}")
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    listing = next(
        query["sql"]
        for query in captured.captured_queries
        if SCORES in query["sql"] and "order by" in query["sql"].lower() and "limit" in query["sql"].lower()
    )
    return {
        "seconds": percentile(times, 0.95),
        "rows": answer.content.count(b'<tr class="lead"'),
        **_explain(slug, listing),
    }


def _explain(slug: str, sql: str) -> dict[str, Any]:
    """Run the query with EXPLAIN as the tenant, and return its time and whether an index decides the order."""
    from django.db import connection

    from crm.platform.models import Tenant
    from crm.platform.tenancy.context import use_tenant

    with use_tenant(Tenant.objects.get(slug=slug)), connection.cursor() as cursor:
        cursor.execute(f"explain (analyze, format json) {sql.replace('%', '%%')}", ())
        [explained] = cursor.fetchone()[0]
    nodes = [*_nodes(explained["Plan"])]
    names = [f"{node['Node Type']} {node.get('Index Name', '')}".strip() for node in nodes]
    return {
        "query": explained["Execution Time"],
        "plan": ", ".join(dict.fromkeys(names)),
        "is_by_index": not any(name.startswith(("Sort", "Seq Scan")) for name in names),
    }


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)


if __name__ == "__main__":
    main()
