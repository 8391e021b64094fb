"""The layouts of follow-ups at 1,000,000 and at 1,000 of them in one tenant.

The list is measured against a plain Django page of the same fifty rows, with the same sign-in, policies and frame: one
query and one template (bench/floor/product_urls.py). All layouts are also measured against the floor of other lists.

The rows are made by one INSERT … SELECT over the seeded jobs: one of twenty is open, one of six was done late, and some
are about a customer without a lead.
"""

import json
import os
import sys
from contextlib import ExitStack

import django
import psycopg
from psycopg.conninfo import make_conninfo

from bench.cluster import Servers
from bench.figures import Figure, percentile
from bench.screens import list_page
from bench.web import FLOOR, PRODUCT_WITH_FLOOR, Browser, run_inside, serving
from runtime.demo import PASSWORD

TENANT, JOBS = "scale-1", int(os.environ.get("BENCH_LAYOUT_JOBS", "20000"))
SIZES = {"bench_layouts": int(os.environ.get("BENCH_FOLLOW_UPS", "1000000")), "bench_layouts_small": 1_000}
LIST = "list"
PAGES = {
    LIST: "",
    "done": "?status=completed",
    "month": "calendar/?span=month",
    "week": "calendar/?span=week",
    "board": "board/",
    "timeline": "timeline/",
}
# To the plain page, where there are most rows: a page of few costs little beside its numbers at the top. And of the
# calendar, the board and the list.
PROMISED, MOST_QUERIES = 1.3, 8
OPEN, LATE, PLAIN = 20, 6, 25
FILL = """
    insert into followups_followup (tenant_id, uid, version, kind, subject, notes, job_id, person_id, assignee_id,
        status, outcome, due_at, sort_at, completed_at, missed_at, priority, created_at, origin, is_personal,
        completes_on)
    select job.tenant_id, uuidv7(), 1, (array['call', 'email', 'text', 'visit'])[1 + n %% 4], 'Follow-up ' || n, '',
        case when n %% {plain} > 0 then job.id end, job.person_id, job.member_id,
        case when open then 'pending' else 'completed' end,
        case when open then '' else 'successful' end, at, at,
        case when not open then at + case when n %% {late} = 0 then 1 else -1 end * interval '20 minutes' end,
        case when not open and n %% {late} = 0 then at end, 3, at - interval '3 days', '', false, ''
    from (select n, n %% {open} = 0 as open, case when n %% {open} = 0
              then now() + (n * 7 %% 40000 - 2000) * interval '1 minute'
              else now() - (n * 7 %% 700000) * interval '1 minute' end as at
          from generate_series(1, %s::integer) n) made
    join (select row_number() over (order by id) as nth, jobs_job.* from jobs_job
          where tenant_id = (select id from platform_tenant where slug = %s) and member_id is not null
            and person_id is not null) job
      on job.nth = 1 + made.n * 7919::bigint %% (select count(*) from jobs_job
          where tenant_id = (select id from platform_tenant where slug = %s) and member_id is not null
            and person_id is not null)
"""


def measure(servers: Servers) -> list[Figure]:
    """On two databases of its own, which are kept with the folder."""
    with ExitStack() as stack:
        targets: dict[str, list_page.Target] = {}
        plain: dict[str, list_page.Target] = {}
        counted: dict[str, int] = {}
        for database, count in SIZES.items():
            _prepare(servers, database, count)
            port = stack.enter_context(serving(servers, database, PRODUCT_WITH_FLOOR))
            browsers: dict[str, Browser] = {}
            pages = json.loads(run_inside(servers, database, "bench.screens.follow_up_layouts"))
            for name, email, path, queries in pages:
                if email not in browsers:
                    browsers[email] = Browser(port)
                    browsers[email].sign_in(email, PASSWORD)
                targets[f"{count:,}: {name}"] = (browsers[email], path)
                if name.startswith(f"{LIST}, "):
                    plain[f"{count:,}: {name}"] = (browsers[email], path.replace("/followups/", "/followups/bench/"))
                counted[f"{count:,}: {name}"] = queries
        floor = Browser(stack.enter_context(serving(servers, next(iter(SIZES)), FLOOR)))
        timings, _last = list_page.bursts((floor, "/?tenant=1"), targets)
        to_plain: dict[str, list_page.Timing] = {}
        for name, page in plain.items():
            to_plain |= list_page.bursts(page, {name: targets[name]})[0]
    return _plain_figures(to_plain) + _figures(timings, counted)


def _plain_figures(timings: dict[str, list_page.Timing]) -> list[Figure]:
    promised = f"{max(SIZES.values()):,}: "
    figures = []
    for name, timing in timings.items():
        most = PROMISED if name.startswith(promised) else None
        figures.append(Figure(f"follow-ups, {name}, to a plain page", timing.ratio, "×", most=most, note=_note(timing)))
    return figures


def _note(timing: list_page.Timing) -> str:
    middle, high = percentile(timing.page, 0.5), percentile(timing.page, 0.95)
    return f"p50 {middle:.1f} p95 {high:.1f} ms"


def _figures(timings: dict[str, list_page.Timing], counted: dict[str, int]) -> list[Figure]:
    figures = [
        Figure(f"follow-ups, {name}, to floor", timing.ratio, "×", note=f"{_note(timing)}, {counted[name]} queries")
        for name, timing in timings.items()
    ]
    bounded = [count for name, count in counted.items() if ": timeline, " not in name]
    return [*figures, Figure("data queries of list, calendar and board, most", max(bounded), "", most=MOST_QUERIES)]


def _prepare(servers: Servers, database: str, count: int) -> None:
    servers.prepare(database)
    servers.manage(database, "seed_scale", "--tenants", "1", "--jobs", str(JOBS), "--verbosity", "0")
    with psycopg.connect(make_conninfo(servers.cluster.admin_url, dbname=database), autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute("set statement_timeout = 0")
        filled = connection.execute("select from followups_followup where subject like 'Follow-up %' limit 1")
        if filled.fetchone() is None:
            connection.execute("delete from followups_followup")
            connection.execute(FILL.format(open=OPEN, late=LATE, plain=PLAIN).encode(), [count, TENANT, TENANT])
        # As autovacuum does in time: while it reads elsewhere, the first vacuum leaves most pages to the heap.
        connection.execute("vacuum analyze followups_followup")
    servers.manage(database, "collectstatic", "--no-input", "--verbosity=0")


def main() -> None:
    """Print the pages as JSON: name, whose it is, path, data queries. Runs inside the product."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
    django.setup()
    from bench.screens.pages import queries

    pages = []
    for name, page in PAGES.items():
        path = f"/{TENANT}/followups/{page}"
        everybodys = f"{path}{'&' if '?' in path else '?'}who=all"
        pages.append((f"{name}, rep", f"rep7@{TENANT}.example", path))
        pages.append((f"{name}, everybody’s", f"manager@{TENANT}.example", everybodys))
    print(json.dumps([(*page, queries(page[1], page[2])) for page in pages]))


if __name__ == "__main__":
    sys.exit(main())
