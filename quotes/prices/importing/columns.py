"""The columns of a price file, and how their headings are recognised in any language of the product."""

from collections.abc import Mapping, Sequence

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from crm.jobs.importing.headings import key_of, value_keys


class PriceColumn(TextChoices):
    """The values a column of the file can hold. The labels are the headings of our own export."""

    ID = "id", _("ID")
    CODE = "code", _("Code")
    NAME = "name", _("Name")
    DESCRIPTION = "description", _("Description")
    UNIT = "unit", _("Unit")
    PRICE = "price", _("Price")
    COST = "cost", _("Cost")
    TAX_CLASS = "tax_class", _("Tax class")
    PIPELINE = "pipeline", _("Pipeline")
    BRAND = "brand", _("Brand")
    OPTIONAL = "is_optional", _("Optional")
    SUPPLIER = "supplier", _("Supplier")
    SUPPLIER_CODE = "supplier_code", _("Supplier’s number")
    VALID_FROM = "valid_from", _("Offered from")
    VALID_UNTIL = "valid_until", _("Offered until")


# What the rows of a supplier's list can hold.
SUPPLIER_COLUMNS = (PriceColumn.SUPPLIER_CODE, PriceColumn.CODE, PriceColumn.NAME, PriceColumn.COST)
# Other headings, as `key_of` spells them: those of other programs, in English and Dutch.
_SYNONYMS: Mapping[str, str] = {
    PriceColumn.CODE: "itemcode sku itemnumber productcode artikelcode artikelnummer artikelnr item",
    PriceColumn.NAME: "product productname itemname title naam artikel omschrijving productnaam",
    PriceColumn.DESCRIPTION: "details longdescription toelichting",
    PriceColumn.UNIT: "uom unitofmeasure per eenheid",
    PriceColumn.PRICE: "unitprice saleprice sellingprice listprice verkoopprijs prijs stukprijs",
    PriceColumn.COST: "unitcost purchaseprice buyprice netprice kostprijs inkoopprijs inkoop nettoprijs",
    PriceColumn.TAX_CLASS: "tax vat btw taxcode",
    PriceColumn.SUPPLIER: "vendor leverancier",
    PriceColumn.SUPPLIER_CODE: "vendorcode suppliersku vendorpartnumber partnumber bestelnummer leveranciersnummer",
}
# On a supplier's list these words mean the supplier's own number and price, which is our cost.
_ON_SUPPLIER_LIST = {
    PriceColumn.CODE: PriceColumn.SUPPLIER_CODE,
    PriceColumn.PRICE: PriceColumn.COST,
}


def guess_columns(header: Sequence[str], *, is_supplier_list: bool) -> list[str]:
    """Return the column that each heading means, "" for none; of two that mean the same, the first."""
    exact = value_keys(dict(PriceColumn.choices))
    synonyms = {word: column for column, words in _SYNONYMS.items() for word in words.split()}
    guesses: list[str] = []
    for heading in header:
        key = key_of(heading)
        guess = str(exact.get(key) or synonyms.get(key, ""))
        if is_supplier_list:
            guess = _supplier_column(guess)
        guesses.append("" if guess in guesses else guess)
    return guesses


def _supplier_column(guess: str) -> str:
    if not guess:
        return ""
    column = PriceColumn(guess)
    column = _ON_SUPPLIER_LIST.get(column, column)
    if column in SUPPLIER_COLUMNS:
        return str(column)
    return ""
