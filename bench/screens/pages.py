"""Which pages of the lead list are measured, and how many data queries each takes. Runs inside the product."""

import json
import os
import re
import sys
from typing import Any

import django

TRANSACTION_CONTROL = re.compile(r"^\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|select set_config)", re.IGNORECASE)
DEEP = 40_000
SAVED = "level=open&any1=priority%3Ais%3A1&any1=next%3Ais%3Amissing"


def main() -> None:
    """Print the pages as JSON: name, whose it is, path, data queries."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
    django.setup()
    print(json.dumps([(*page, queries(page[1], page[2])) for page in pages(sys.argv[1])]))


def pages(slug: str) -> list[tuple[str, str, str]]:
    """Name, e-mail of the one who asks, and path."""
    from crm.jobs.list.job_list import MOST_PRESSING
    from crm.jobs.pipelines.setup import pipeline_setup
    from crm.people.models import Person
    from crm.platform.models import Member, Tenant, User
    from crm.platform.organization.configuration import directory
    from crm.platform.tenancy.context import use_tenant
    from crm.web.lists.paging import ROWS
    from crm.web.lists.saved.tabs import view_query
    from leads.lead_list import LEADS

    tenant = Tenant.objects.get(slug=slug)
    base, manager, rep = f"/{slug}/leads/", f"manager@{slug}.example", f"rep7@{slug}.example"
    with use_tenant(tenant):
        boss = Member.objects.get(user=User.objects.get(email=manager))
        listed = LEADS.apply(LEADS.filters(), boss)
        deep = min(DEEP, listed.count() - ROWS - 1)
        place = MOST_PRESSING.encode(MOST_PRESSING.of(listed)[deep])
        view = view_query(_saved_view(boss))
        other = Member.objects.get(user=User.objects.get(email=rep))
        brand = list(directory().brands.values())[-1]
        pipeline = list(pipeline_setup().pipelines.values())[1]
        # The same person at every size, for names follow from the row's number.
        surname = Person.objects.order_by("pk")[0].name_key.split()[-1]
        filters = {
            "rep": f"rep={other.uid}",
            "nobody’s": "rep=nobody",
            "priority": "priority=1",
            "level": "level=over",
            "open": "level=open",
            "closed": "level=ended",
            "source": "source=Angi",
            "brand": f"brand={brand.uid}",
            "pipeline": f"pipeline={pipeline.uid}",
            "phase": "phase=4",
            "waiting": "waiting=1",
            "three at once": f"brand={brand.uid}&priority=2&level=open",
            "text": f"q={surname}",
        }
    asking = (("manager", manager), ("rep", rep))
    return [
        ("first page, manager", manager, base),
        ("first page, rep", rep, base),
        (f"row {deep:,}, manager", manager, f"{base}?after={place}"),
        ("saved view", manager, f"{base}{view}"),
        *((f"filter {name}", manager, f"{base}?{query}") for name, query in filters.items()),
        *((f"sorted by {name}, {who}", email, f"{base}?sort={name}") for name in LEADS.sorts for who, email in asking),
    ]


def _saved_view(member: Any) -> Any:
    """The last of as many views as a member may have, with a condition, an alternative and columns of its own."""
    from crm.web.models import SavedView
    from crm.web.models.saved_view import MOST

    mine = SavedView.objects.filter(list_key="leads", owner=member)
    for nth in range(mine.count(), MOST):
        SavedView.save_view("leads", f"View {nth}", SAVED, "value,next,owner,came", by=member)
    return mine.order_by("position").last()


def queries(email: str, path: str) -> int:
    """Data queries of a warm page; transaction control does not count."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from crm.platform.models import User

    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    client.force_login(User.objects.get(email=email), settings.AUTHENTICATION_BACKENDS[0])
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answers {answer.status_code}")
    return sum(not TRANSACTION_CONTROL.match(query["sql"]) for query in captured.captured_queries)


if __name__ == "__main__":
    main()
