"""The navigation of each role: its entries in order, and the areas shown as tabs of another.

Those of manager and admin would have more than eight; quotes are a tab of the leads there.
"""

from crm.platform.features import Feature
from crm.platform.models import Role
from crm.web.shell.navigation import RoleNavigation

HOME = "reports:home"
REPORTS = "reports:dashboard"
INBOX = "tickets:list"
LEADS = "leads:list"
QUOTES = "quotes:list"
FOLLOW_UPS = "followups:list"
CALENDAR = "calendar:calendar"
JOBS = "service:list"
CUSTOMERS = "people:list"
AUTOMATION = "automation:rules"
SETTINGS = "settings"

ROLES: list[Feature] = [
    RoleNavigation(
        Role.REP,
        (HOME, INBOX, LEADS, FOLLOW_UPS, QUOTES, JOBS, CUSTOMERS, REPORTS),
        {CALENDAR: FOLLOW_UPS, AUTOMATION: INBOX},
    ),
    RoleNavigation(
        Role.MANAGER,
        (HOME, REPORTS, INBOX, LEADS, FOLLOW_UPS, JOBS, CUSTOMERS, SETTINGS),
        {CALENDAR: FOLLOW_UPS, QUOTES: LEADS, AUTOMATION: SETTINGS},
    ),
    RoleNavigation(
        Role.SERVICE,
        (HOME, JOBS, INBOX, CALENDAR, CUSTOMERS, REPORTS),
        {LEADS: CUSTOMERS, FOLLOW_UPS: CALENDAR, QUOTES: CUSTOMERS, AUTOMATION: INBOX},
    ),
    RoleNavigation(
        Role.ADMIN,
        (HOME, REPORTS, INBOX, LEADS, JOBS, CUSTOMERS, AUTOMATION, SETTINGS),
        {FOLLOW_UPS: LEADS, CALENDAR: LEADS, QUOTES: LEADS},
    ),
]
