from crm.platform.events.event import Event, Undispatched
from crm.platform.health.measurement import Backup, Heartbeat, PageTime
from crm.platform.models.access_log import AccessLog
from crm.platform.models.accounts.invitation import Invitation
from crm.platform.models.accounts.token import Token
from crm.platform.models.accounts.user import User
from crm.platform.models.brand import Brand
from crm.platform.models.calendar import BusinessCalendar, ClosingDay
from crm.platform.models.change import Change, ChangedRow
from crm.platform.models.due import Due
from crm.platform.models.member import Member, Role
from crm.platform.models.member_photo import MemberPhoto
from crm.platform.models.number import NumberBlock
from crm.platform.models.run import Run, RunStatus, SelectionRun
from crm.platform.models.staff_mail import StaffMail
from crm.platform.models.stored_file import StoredFile
from crm.platform.models.team import Team, TeamMember
from crm.platform.models.tenant import RESERVED_SLUGS, Tenant
from crm.platform.models.versioned import CountedVersion, Versioned
from crm.platform.push.installation_key import InstallationKey
from crm.platform.tenancy.tenant_model import (
    TenantForeignKey,
    TenantManager,
    TenantModel,
    TenantOneToOneField,
    TenantQuerySet,
)

__all__ = [
    "RESERVED_SLUGS",
    "AccessLog",
    "Backup",
    "Brand",
    "BusinessCalendar",
    "Change",
    "ChangedRow",
    "ClosingDay",
    "CountedVersion",
    "Due",
    "Event",
    "Heartbeat",
    "InstallationKey",
    "Invitation",
    "Member",
    "MemberPhoto",
    "NumberBlock",
    "PageTime",
    "Role",
    "Run",
    "RunStatus",
    "SelectionRun",
    "StaffMail",
    "StoredFile",
    "Team",
    "TeamMember",
    "Tenant",
    "TenantForeignKey",
    "TenantManager",
    "TenantModel",
    "TenantOneToOneField",
    "TenantQuerySet",
    "Token",
    "Undispatched",
    "User",
    "Versioned",
]
