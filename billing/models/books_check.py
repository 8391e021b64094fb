"""BooksCheck: what the last nightly check of the books found."""

from django.db import models

from crm.kernel import clock
from crm.platform.models import TenantModel


class BooksCheck(TenantModel):
    """The result of the last check, a row a tenant; the health page reads it."""

    at = models.DateTimeField(default=clock.now)
    # A sentence each; empty when all adds up.
    differences = models.JSONField(default=list)

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant"], name="books_have_one_last_check")]

    def __str__(self) -> str:
        return f"books at {self.at}"

    @classmethod
    def note(cls, differences: list[str]) -> None:
        """Store the result of a check, in place of the one before."""
        cls.objects.update_or_create(defaults={"at": clock.now(), "differences": differences})
