"""Who may look after a connection."""

from connections.permissions import MANAGE
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.platform.organization.configuration import directory


def may_own(member: Member) -> bool:
    """Return True if a member may look after a connection: they can set it right."""
    return member.active and allows(member, MANAGE)


def owner_choices() -> list[tuple[str, str]]:
    """Return the members who may look after a connection."""
    return [(str(row.uid), row.name) for row in directory().members.values() if may_own(row)]
