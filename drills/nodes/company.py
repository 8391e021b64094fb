"""A small company to write in: SCRIPT runs in `manage.py shell` and prints the paths and cookies of each member.

The drill is about what happens behind the sign-in, so nobody types a password.
"""

from dataclasses import dataclass

CREATE = (
    "create_tenant",
    "drill",
    "--name",
    "Drill",
    "--country",
    "US",
    "--admin-email",
    "ada@drill.example",
)
SCRIPT = """
from django.test import Client
from comms.models import Channel
from crm.jobs.creation.job_creation import open_job
from crm.people.models import ContactPoint, Person
from crm.platform.models import Brand, Member, Tenant, User
from crm.platform.tenancy.context import use_tenant
user = User.objects.get(email="ada@drill.example")
with use_tenant(Tenant.objects.get(slug="drill")):
    Channel.create(
        by=Member.objects.get(user=user), brand=Brand.objects.get(is_default=True), medium="email", role="support",
        provider="smtp", address="hello@drill.example",
        settings={"host": "%(host)s", "port": %(port)d, "security": "none"},
    )
for number in range(4):
    with use_tenant(Tenant.objects.get(slug="drill")):
        person = Person.objects.create(name=f"Customer {number}")
        ContactPoint.objects.create(person=person, kind="email", value=f"customer{number}@users.example")
        job = open_job(title=person.name, person=person, by=None)
    client = Client()
    client.force_login(user)
    cookies = "; ".join(f"{name}={cookie.value}" for name, cookie in client.cookies.items())
    print(f"member /drill/jobs/{job.number}/note/ /drill/messages/write/{job.number}/ {cookies}")
"""


@dataclass(frozen=True)
class DrillMember:
    """A member's session, and the paths that notes and mails of one job are written to."""

    note_path: str
    mail_path: str
    cookies: str


def read_members(output: str) -> list[DrillMember]:
    """Return the members that SCRIPT has printed."""
    lines = [line.split(" ", 3) for line in output.splitlines() if line.startswith("member ")]
    return [DrillMember(note, mail, cookies) for _word, note, mail, cookies in lines]
