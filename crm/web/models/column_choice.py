"""ColumnChoice: a member's own columns of a list, used when neither URL nor view names any."""

from django.db import models

from crm.platform.models import Member, TenantForeignKey
from crm.platform.models.base import ConfigurationModel


class ColumnChoice(ConfigurationModel):
    """A member's own columns of one list."""

    # The key of the list (crm/web/lists/definition.py).
    list_key = models.CharField(max_length=32)
    member = TenantForeignKey(Member, models.CASCADE, related_name="+")
    # By name, parted by commas; "none" for none.
    columns = models.CharField(max_length=120)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "member", "list_key"], name="member_has_columns_of_a_list_once")
        ]

    def __str__(self) -> str:
        return self.columns

    @classmethod
    def choose(cls, key: str, columns: str, *, by: Member) -> None:
        """Save the member's columns of that list. Private, so it is no event."""
        cls.objects.update_or_create(list_key=key, member=by, defaults={"columns": columns})
