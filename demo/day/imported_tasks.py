"""A spreadsheet of follow-ups that a manager has just imported, so that there is an import to undo."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from io import BytesIO

from django.utils.translation import override

from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.files import sheet_writer
from crm.platform.models import Role
from crm.platform.organization.configuration import directory
from crm.platform.work import runs
from followups.importing.runs import receive

# By language: the file, its headings, and the type and subject of each row.
FILES: Mapping[str, tuple[str, tuple[str, ...], tuple[tuple[str, str], ...]]] = {
    "en": (
        "spring fair.csv",
        ("Lead number", "Type", "Subject", "Due"),
        (
            ("Call", "Spoke to us at the spring fair, wants to hear about warranties"),
            ("Email", "Send the brochure from the spring fair"),
            ("Call", "Asked at the spring fair when we could start"),
        ),
    ),
    "nl": (
        "voorjaarsbeurs.csv",
        ("Leadnummer", "Soort", "Onderwerp", "Vervaldatum"),
        (
            ("Bellen", "Sprak ons op de voorjaarsbeurs, wil meer horen over garantie"),
            ("E-mail", "Brochure van de voorjaarsbeurs sturen"),
            ("Bellen", "Vroeg op de voorjaarsbeurs wanneer we kunnen beginnen"),
        ),
    ),
}


def import_tasks(now: datetime) -> None:
    """Import them inside the tenant, as a manager two hours ago."""
    here = directory()
    name, headings, texts = FILES.get(here.tenant.language, FILES["en"])
    manager = min((row for row in here.members.values() if row.role == Role.MANAGER), key=lambda row: row.pk)
    # Their next step is earlier, and stays the next one.
    soon = (now, now + timedelta(days=2))
    planned = Job.objects.open().filter(next_step_at__range=soon, member__isnull=False)
    jobs = planned.order_by("-number")[: len(texts)]
    due = (now + timedelta(days=6)).astimezone(here.zone).strftime("%Y-%m-%d 10:00")
    rows = [[job.number, kind, subject, due] for job, (kind, subject) in zip(jobs, texts, strict=False)]
    file = BytesIO()
    sheet_writer.write_csv(file, headings, rows)
    size = len(file.getvalue())
    file.seek(0)
    with override(here.tenant.language), clock.at(now - timedelta(hours=2)):
        run = receive(file, name, size, by=manager)
        runs.start(run, by=manager)
    run.refresh_from_db()
    assert run.new_count == len(rows), run.refusals
