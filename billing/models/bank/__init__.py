"""The models of bank files."""

from billing.models.bank.bank_entry import BankEntry, EntryState
from billing.models.bank.bank_file import BankFile

__all__ = ["BankEntry", "BankFile", "EntryState"]
