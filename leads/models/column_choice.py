"""ColumnChoice: the columns a member has chosen for the list, where neither address nor view says."""

from django.db import models

from crm.platform.models import Member, TenantOneToOneField
from crm.platform.models.base import ConfigurationModel


class ColumnChoice(ConfigurationModel):
    """A member's own columns."""

    member = TenantOneToOneField(Member, models.CASCADE, primary_key=True, related_name="+")
    # By name, parted by commas; "none" for none.
    columns = models.CharField(max_length=120)

    class Meta:
        base_manager_name = "objects"

    def __str__(self) -> str:
        return self.columns

    @classmethod
    def choose(cls, columns: str, *, by: Member) -> None:
        """Show the member these from now on. Private, so it is no event."""
        cls.objects.update_or_create(member=by, defaults={"columns": columns})
