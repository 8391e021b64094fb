"""The new date that is asked for when the call about an asset's maintenance is completed."""

from datetime import datetime

from followups.automation.renewal import DateRenewal, RenewalSource
from followups.models import FollowUp
from service.models import Asset
from service.models.asset import maintenance_origin
from service.projects.triggers import MAINTENANCE


def _find_maintenance(follow_up: FollowUp) -> DateRenewal | None:
    """Return the day of the maintenance that a call is about; None if the asset has none."""
    _prefix, asset_id, what, *_day = follow_up.origin.split(":")
    asset = Asset.objects.present().filter(pk=asset_id, maintenance_due__isnull=False).first()
    if asset is None or what != "maintenance":
        return None

    def next_time() -> datetime | None:
        calls = FollowUp.objects.open().filter(origin__startswith=maintenance_origin(asset.pk))
        due_at: datetime | None = calls.values_list("due_at", flat=True).first()
        return due_at

    return DateRenewal(asset.job, MAINTENANCE, f"{asset.pk}:{asset.maintenance_due}", next_time)


SOURCE = RenewalSource(origin="asset:", find=_find_maintenance)
