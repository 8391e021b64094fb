"""Set up the demo's accounting, and export the last month of the first brand, so that a second export says so."""

from billing.accounting.exporting import export_period, invoices_of_period
from billing.accounting.views import taxes_of
from billing.commissions.monthly import last_month
from billing.models import AccountingSystem, AccountingTerms
from crm.kernel.days import DAY, next_month
from crm.platform.models import Member
from crm.platform.organization.configuration import directory

DUTCH_CODES = {"210000": "VH", "90000": "VL", "0": "VN"}


def create_accounting(*, by: Member) -> None:
    """Create it inside the tenant, after its invoices."""
    for brand in directory().brands.values():
        if brand.country == "US":
            codes = {key: "NON" if key == "0" else "TAX" for key in taxes_of(brand)}
            fields = {"system": AccountingSystem.QUICKBOOKS, "item": "Services", "tax_codes": codes}
        else:
            codes = {key: DUTCH_CODES.get(key, "VX") for key in taxes_of(brand)}
            accounts = {"sales_account": "8000", "debtors_account": "1300", "journal": "70"}
            fields = {"system": AccountingSystem.EXACT, "tax_codes": codes, **accounts}
        AccountingTerms.set_for(brand, by=by, **fields)
    brand = directory().default_brand
    first_day = last_month()
    last_day = next_month(first_day) - DAY
    if invoices_of_period(brand, first_day, last_day).exists():
        export_period(brand, first_day, last_day, by=by)
