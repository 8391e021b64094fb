"""Sign in the members and customers of a load, and open an endpoint for leads: `python -m drills.load.people 100 50`.

Runs against the database of a demo and prints JSON. The load is about the pages behind the sign-in, so nobody types a
password.
"""

import json
import os
import sys
from typing import Any

import django

TENANT = "suncoast"
DOOR = "Load"


def main() -> None:
    """Print the cookies of so many members, the pages and cookies of so many customers, and the endpoint."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
    django.setup()
    from crm.platform.models import Tenant
    from crm.platform.tenancy.context import use_tenant

    members, customers = map(int, sys.argv[1:])
    with use_tenant(Tenant.objects.get(slug=TENANT)):
        users = _list_users()
        people = {
            "members": [_sign_in(users[number % len(users)]) for number in range(members)],
            "customers": _let_in(customers),
            "endpoint": open_endpoint(),
        }
    print(json.dumps(people))


def _list_users() -> list[Any]:
    from crm.platform.models import Member

    return [member.user for member in Member.objects.active().select_related("user").order_by("pk")]


def _sign_in(user: Any) -> dict[str, str]:
    from django.test import Client

    client = Client()
    client.force_login(user)
    return {name: cookie.value for name, cookie in client.cookies.items()}


def _let_in(count: int) -> list[dict[str, Any]]:
    """Let the customers of the newest jobs in."""
    from django.conf import settings
    from django.test import RequestFactory

    from crm.jobs.models import Job
    from portal.access import sessions
    from portal.models import PortalAccess

    jobs = Job.objects.open().filter(person__isnull=False).select_related("person").order_by("-pk")[:count]
    customers = []
    for job in jobs:
        access = PortalAccess.invite(job.person, by=None)
        _device, secret = sessions.begin_session(access, RequestFactory().get("/"))
        cookies = {f"portal_{settings.PORT}_session": secret}
        customers.append({"path": f"/my/{TENANT}/jobs/{job.number}/", "cookies": cookies})
    return customers


def open_endpoint() -> dict[str, str]:
    """Return the path and token of an endpoint for leads, the one of an earlier load where there was one."""
    from crm.platform.organization.configuration import directory
    from leads.intake.address import token_of, url_of
    from leads.models import IntakeDoor

    door = IntakeDoor.objects.filter(name=DOOR).first()
    if door is None:
        door = IntakeDoor.add(DOOR, IntakeDoor.DoorKind.JSON, directory().default_brand, by=None)
    return {"path": "/" + url_of(door).split("/", 3)[3], "token": token_of(door)}


if __name__ == "__main__":
    main()
