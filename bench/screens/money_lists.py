"""The lists of quotes and of invoices at 1,000,000 rows and at 1,000 in one tenant: each tab, for a rep and a manager.

Each page is measured against a plain Django page of the same fifty rows, with the same sign-in, policies and frame, and
against the floor of the other lists, of which it takes as much in both databases. No plan reads a whole table.

The rows are made by one INSERT … SELECT over the seeded jobs: of the quotes one of twenty waits, of the invoices one of
twenty is open; the others were decided or paid in the last three years.
"""

import json
import os
from contextlib import ExitStack
from typing import Any

import django
import psycopg
from psycopg.conninfo import make_conninfo

from bench.cluster import Servers
from bench.figures import Figure, percentile
from bench.screens import list_page
from bench.web import FLOOR, PRODUCT_WITH_FLOOR, Browser, run_inside, serving
from runtime.demo import PASSWORD

TENANT, JOBS = "scale-1", int(os.environ.get("BENCH_MONEY_JOBS", "20000"))
BIG, SMALL = "bench_money", "bench_few_money"
SIZES = {BIG: int(os.environ.get("BENCH_MONEY", "1000000")), SMALL: 1_000}
# To the plain page; of the ratio to the floor between the databases; of the data queries of a page.
PROMISED, FLAT, MOST_QUERIES = 1.3, 1.5, 7
PAGES = {
    "quotes": {
        "first page": "",
        "waiting": "?state=sent",
        "no answer in time": "?level=over",
        "drafts": "?state=draft",
        "declined": "?state=declined",
        "question": "?asked=1",
        "by total": "?sort=-total",
    },
    "invoices": {
        "first page": "",
        "open": "?state=open",
        "late": "?state=late",
        "to issue": "?state=draft",
        "paid": "?state=paid",
        "credit notes": "?kind=credit",
        "31–60 days late": "?aging=two",
        "number": "?q=777",
        "latest day": "?sort=-due",
    },
}
COUNTS = "counts/"
# One of so many quotes waits, is a draft, has a question; one of so many invoices is open, a draft, a credit note.
WAITING, DRAFT, ASKED, OPEN, CREDIT = 20, 33, 500, 20, 70
JOB_OF_ROW = """
    join (select row_number() over (order by id) as nth, jobs_job.* from jobs_job
          where tenant_id = (select id from platform_tenant where slug = %(tenant)s)) job
      on job.nth = 1 + made.n * 7919::bigint %% (select count(*) from jobs_job
          where tenant_id = (select id from platform_tenant where slug = %(tenant)s))
"""
QUOTES = f"""
    insert into quotes_quote (tenant_id, uid, version, number, job_id, person_id, brand_id, currency, title, state,
        newest, sent_version, total, net, cost, sent_at, valid_until, warn_at, due_at, far_at, seen_at, decided_at,
        decline_reason, decline_note, option_count, accepted_tier, other_company, asked_at, created_at, changed_at)
    select job.tenant_id, uuidv7(), 1, 100000 + n, job.id, job.person_id, job.brand_id, job.currency, 'Quote ' || n,
        made.state, 1, case when made.state <> 'draft' then 1 end, n * 7919::bigint %% 4000000, n %% 3000000,
        n %% 2000000,
        case when made.state <> 'draft' then made.at end, case when made.state <> 'draft' then made.at::date + 30 end,
        case when made.state <> 'draft' then made.at + interval '5 days' end,
        case when made.state <> 'draft' then made.at + interval '7 days' end,
        case when made.state <> 'draft' then made.at + interval '14 days' end,
        case when n %% 3 = 0 and made.state <> 'draft' then made.at + interval '1 hour' end,
        case when made.state not in ('draft', 'sent') then made.at + interval '4 days' end,
        case when made.state = 'declined' then (array['price', 'schedule', 'other'])[1 + n %% 3] else '' end, '',
        0, case when made.state = 'accepted' then 'only' else '' end, '',
        case when n %% {ASKED} = 0 then made.at + interval '2 hours' end, made.at - interval '1 hour', made.at
    from (select n, case when n %% {WAITING} = 0 then 'sent' when n %% {DRAFT} = 0 then 'draft'
              else (array['accepted', 'declined', 'expired', 'accepted', 'withdrawn'])[1 + n %% 5] end as state,
              now() - (n * 7 %% 1500000) * interval '1 minute' as at
          from generate_series(1, %(count)s) n) made
    {JOB_OF_ROW}
"""
INVOICES = f"""
    insert into billing_invoice (tenant_id, uid, version, job_id, person_id, brand_id, kind, state, number, year,
        sequence, title, note, origin, currency, tax_mode, rounding, net, tax, total, taxes, paid, open, is_goodwill,
        seller, buyer, due_days, due_at, created_at, issued_at, sort_at, sent_at, paid_at, dispute_words)
    select job.tenant_id, uuidv7(), 1, job.id, job.person_id, job.brand_id, made.kind, made.state,
        case when made.state <> 'draft' then 'INV-2025-' || n else '' end,
        case when made.state <> 'draft' then 2025 end,
        case when made.state <> 'draft' then n end, 'Work ' || n, '', '', job.currency, 'added', 'total',
        1000 + n, 0, 1000 + n, '[]', case when made.state = 'paid' then 1000 + n else 0 end,
        case when made.state = 'paid' then 0 else 1000 + n end, false, '{{}}', '{{}}', 14,
        case when made.state <> 'draft' and made.kind <> 'credit' then made.at end, made.at - interval '14 days',
        case when made.state <> 'draft' then made.at - interval '14 days' end, made.at,
        case when made.state <> 'draft' then made.at - interval '14 days' end,
        case when made.state = 'paid' then made.at end, ''
    from (select n, case when n %% {CREDIT} = 0 then 'credit' when n %% 3 = 0 then 'final' else 'progress' end as kind,
              case when n %% {CREDIT} > 0 and n %% {OPEN} = 0 then 'issued' when n %% {CREDIT} > 0 and n %% {DRAFT} = 0
                  then 'draft' else 'paid' end as state,
              case when n %% {OPEN} = 0 then now() + (n * 7 %% 160000 - 140000) * interval '1 minute'
                  else now() - (n * 7 %% 1500000) * interval '1 minute' end as at
          from generate_series(1, %(count)s) n) made
    {JOB_OF_ROW}
"""
TABLES = {"quotes_quote": QUOTES, "billing_invoice": INVOICES}


def measure(servers: Servers) -> list[Figure]:
    """On two databases of its own, which are kept with the folder."""
    timings: dict[str, list_page.Timing] = {}
    plain: dict[str, list_page.Timing] = {}
    facts: dict[str, dict[str, Any]] = {}
    with ExitStack() as stack:
        floor: Browser | None = None
        for database, count in SIZES.items():
            _prepare(servers, database, count)
            port = stack.enter_context(serving(servers, database, PRODUCT_WITH_FLOOR))
            floor = floor or Browser(stack.enter_context(serving(servers, database, FLOOR)))
            browsers: dict[str, Browser] = {}
            for page in json.loads(run_inside(servers, database, "bench.screens.money_lists").splitlines()[-1]):
                email, path = page["email"], page["path"]
                if email not in browsers:
                    browsers[email] = Browser(port)
                    browsers[email].sign_in(email, PASSWORD)
                target = (browsers[email], path)
                name = f"{database}: {page['name']}"
                facts[name] = page
                timings |= list_page.bursts((floor, "/?tenant=1"), {name: target})[0]
                if database == BIG and COUNTS not in path:
                    plain |= list_page.bursts((browsers[email], page["plain"]), {name: target})[0]
    return [*_plain_figures(plain), *_floor_figures(timings, facts), *_plan_figures(facts)]


def _note(timing: list_page.Timing) -> str:
    middle, high = percentile(timing.page, 0.5), percentile(timing.page, 0.95)
    return f"p50 {middle:.1f} p95 {high:.1f} ms"


def _plain_figures(plain: dict[str, list_page.Timing]) -> list[Figure]:
    return [
        Figure(
            f"{name.removeprefix(f'{BIG}: ')}, to a plain page", timing.ratio, "×", most=PROMISED, note=_note(timing)
        )
        for name, timing in plain.items()
    ]


def _floor_figures(timings: dict[str, list_page.Timing], facts: dict[str, dict[str, Any]]) -> list[Figure]:
    """Compare the ratio to the floor in the big database with that in the small one."""
    figures = []
    for name in (name.removeprefix(f"{BIG}: ") for name in timings if name.startswith(BIG)):
        big, small = timings[f"{BIG}: {name}"], timings[f"{SMALL}: {name}"]
        page, page_of_few = facts[f"{BIG}: {name}"], facts[f"{SMALL}: {name}"]
        note = f"{_note(big)}, {big.ratio:.1f} × floor, {page['queries']} queries"
        # Counts and sums stop at a limit, which the small database doesn't reach; a filter may leave few rows of it.
        is_same = COUNTS not in page["path"] and page["rows"] == page_of_few["rows"]
        most = FLAT if is_same else None
        figures.append(Figure(f"{name}, to the same of 1,000 rows", big.ratio / small.ratio, "×", most=most, note=note))
    return figures


def _plan_figures(facts: dict[str, dict[str, Any]]) -> list[Figure]:
    scans = [name for name, page in facts.items() if name.startswith(BIG) and page["scans"]]
    queries = max(page["queries"] for page in facts.values())
    return [
        Figure("money lists, plans that read a whole table", len(scans), "", most=0, note=", ".join(scans)),
        Figure("money lists, data queries of a page, most", queries, "", most=MOST_QUERIES),
    ]


def _prepare(servers: Servers, database: str, count: int) -> None:
    servers.prepare(database)
    servers.manage(database, "seed_scale", "--tenants", "1", "--jobs", str(JOBS), "--verbosity", "0")
    with psycopg.connect(make_conninfo(servers.cluster.admin_url, dbname=database), autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute("set statement_timeout = 0")
        for table, fill in TABLES.items():
            if connection.execute(f"select from {table} limit 1".encode()).fetchone() is None:
                connection.execute(fill.encode(), {"count": count, "tenant": TENANT})
            # As autovacuum does in time.
            connection.execute(f"vacuum analyze {table}".encode())
    servers.manage(database, "collectstatic", "--no-input", "--verbosity=0")


def main() -> None:
    """Print the pages as JSON: name, whose it is, paths, data queries, rows, tables read whole. Runs in the product."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
    django.setup()
    from bench.screens.pages import queries

    pages = []
    for list_name, addresses in PAGES.items():
        for name, query in [*addresses.items(), ("counts", COUNTS)]:
            for who, email in (("rep", f"rep7@{TENANT}.example"), ("manager", f"manager@{TENANT}.example")):
                path = f"/{TENANT}/{list_name}/{query}"
                page: dict[str, Any] = {"name": f"{list_name}, {name}, {who}", "email": email, "path": path}
                page["plain"] = f"/{TENANT}/{list_name}/bench/{query}"
                page["queries"] = queries(email, path)
                page |= {"scans": [], "rows": 0} if query == COUNTS else _read_page(list_name, query, email)
                pages.append(page)
    print(json.dumps(pages))


def _read_page(list_name: str, query: str, email: str) -> dict[str, Any]:
    """Return how many rows a page reads, and which tables of money its plan reads from end to end."""
    from django.http import QueryDict

    from billing.invoices.invoice_list import INVOICES as INVOICE_LIST
    from crm.platform.models import Member, Tenant, User
    from crm.platform.tenancy.context import use_tenant
    from crm.web.lists.paging import ROWS
    from quotes.quote_list.quote_list import QUOTES as QUOTE_LIST

    preset = {"quotes": QUOTE_LIST, "invoices": INVOICE_LIST}[list_name]
    with use_tenant(Tenant.objects.get(slug=TENANT)):
        member = Member.objects.get(user=User.objects.get(email=email))
        filters = preset.read(QueryDict(query.removeprefix("?")), member)
        rows = preset.order_of(filters).of(preset.apply(filters, member))[: ROWS + 1]
        plan = rows.explain()
        return {"rows": len(rows), "scans": [table for table in TABLES if f"Seq Scan on {table}" in plan]}


if __name__ == "__main__":
    main()
