"""Format times on a settings page, in the reader's own zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

from crm.kernel import clock, formats
from crm.web.requests.http import TenantRequest


def format_when(request: TenantRequest, at: datetime) -> str:
    """Format date and time in the member's zone, as usual in the tenant's country."""
    zone = ZoneInfo(request.member.time_zone or request.tenant.time_zone)
    country = request.tenant.country
    day = formats.long_day(at.astimezone(zone).date(), clock.now().astimezone(zone).date(), country)
    return f"{day}, {formats.clock_time(at, zone, country)}"
