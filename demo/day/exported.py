"""Lists that a manager and an admin have exported of late; their files are written by the product itself."""

from datetime import datetime, timedelta

from django.http import QueryDict
from django.utils.translation import override

from crm.kernel import clock
from crm.platform.models import Member, Role
from crm.platform.organization.configuration import directory
from crm.web.lists import exports
from crm.web.models import ExportRun

# Whose, which list, its view, the format, and how many hours ago.
EXPORTS = (
    (Role.MANAGER, "leads", "level=over", ExportRun.Format.XLSX, 5),
    (Role.MANAGER, "leads", "closed=week", ExportRun.Format.CSV, 51),
    (Role.ADMIN, "followups", "when=overdue", ExportRun.Format.CSV, 28),
)


def create_exports(now: datetime) -> None:
    """Create them inside the tenant, after its leads and follow-ups."""
    here = directory()
    first: dict[str, Member] = {}
    for member in sorted(here.members.values(), key=lambda row: row.pk):
        first.setdefault(member.role, member)
    for role, kind, query, file_format, hours in EXPORTS:
        source = exports.exportable(kind)
        assert source is not None, f"there is no list {kind}"
        with override(here.tenant.language), clock.at(now - timedelta(hours=hours)):
            exports.start(source, QueryDict(query), format=file_format, by=first[role])
