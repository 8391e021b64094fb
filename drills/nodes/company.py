"""A small company to write in: SCRIPT runs in `manage.py shell` and prints the path and cookies of each member.

The drill is about what happens behind the sign-in, so nobody types a password.
"""

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
from crm.jobs.creation.job_creation import open_job
from crm.people.models import Person
from crm.platform.models import Tenant, User
from crm.platform.tenancy.context import use_tenant
user = User.objects.get(email="ada@drill.example")
for number in range(4):
    with use_tenant(Tenant.objects.get(slug="drill")):
        person = Person.objects.create(name=f"Customer {number}")
        job = open_job(title=person.name, person=person, by=None)
    client = Client()
    client.force_login(user)
    cookies = "; ".join(f"{name}={cookie.value}" for name, cookie in client.cookies.items())
    print(f"member /drill/jobs/{job.number}/note/ {cookies}")
"""


def read_members(output: str) -> list[tuple[str, str]]:
    """Return the path to write to and the cookies of each member that SCRIPT has printed."""
    lines = [line.split(" ", 2) for line in output.splitlines() if line.startswith("member ")]
    return [(path, cookies) for _word, path, cookies in lines]
