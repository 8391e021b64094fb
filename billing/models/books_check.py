"""BooksCheck: what the last nightly check of the books found, and the sums of the accounts that it counted."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db import models

from crm.kernel import clock
from crm.platform.models import TenantModel


class AccountSum(NamedTuple):
    """Debit and credit of an account in one currency, in minor units, both above zero."""

    account: str
    currency: str
    debit: int
    credit: int


class BooksCheck(TenantModel):
    """The result of the last check, a row a tenant; the health page reads it, and the books begin with its sums.

    `sums` are of the lines up to the id `counted_to`. That is the newest line of the check before, a day ago: a line of
    today's newest may still be followed by one with a smaller id, of a transaction that commits later.
    """

    at = models.DateTimeField(default=clock.now)
    # A sentence each; empty when all adds up.
    differences = models.JSONField(default=list)
    counted_to = models.BigIntegerField(default=0)
    newest_line = models.BigIntegerField(default=0)
    sums = models.JSONField(default=list)

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant"], name="books_have_one_last_check")]

    def __str__(self) -> str:
        return f"books at {self.at}"

    @classmethod
    def note(cls, differences: list[str], **counted: object) -> None:
        """Store the result of a check, in place of the one before."""
        cls.objects.update_or_create(defaults={"at": clock.now(), "differences": differences} | counted)

    def account_sums(self) -> Iterable[AccountSum]:
        """Return the sums that were counted."""
        return [AccountSum(*row) for row in self.sums]
