"""The CSV formats of accounting systems, as these document their import of sales invoices.

- **Exact Online**: Import/Export, CSV/Excel, sales entries. An import profile assigns each column to a field once; the
  headings name those fields. https://plango.help/nl/articles/8953047-exact-online
- **QuickBooks Online**: Import data, Invoices. Columns with these headings are assigned by themselves; credit memos
  are imported apart. https://quickbooks.intuit.com/learn-support (Import multiple invoices at once)
- **Xero**: Sales, Import invoices; at most 500 invoices a file; a credit note has amounts below zero.
  https://central.xero.com (Import customer invoices), columns as in https://online.flippingbook.com/view/399081/31/

Moneybird imports no CSV of sales invoices. It reads UBL files, uploaded or mailed as external invoices
(https://helpcenter.moneybird.nl/nl/articles/223885-externe-omzet-verwerken-in-je-administratie). DATEV: datev.py.
"""

from billing.accounting.csv_format import CsvColumn, CsvFormat
from billing.models.accounting import AccountingSystem

EXACT = CsvFormat(
    columns=(
        CsvColumn("Dagboek: Code", "journal"),
        CsvColumn("Boekjaar", "year"),
        CsvColumn("Periode", "period"),
        CsvColumn("Factuurnummer", "number"),
        CsvColumn("Uw ref.", "corrects"),
        CsvColumn("Factuurdatum", "issued_on"),
        CsvColumn("Vervaldatum", "due_on"),
        CsvColumn("Klant: Code", "customer_code", longest=18),
        CsvColumn("Klant: Naam", "customer", longest=50),
        CsvColumn("Omschrijving", "description", longest=60),
        CsvColumn("Valuta: Code", "currency"),
        CsvColumn("Grootboekrekening: Code", "sales_account"),
        CsvColumn("BTW-code: Code", "tax_code"),
        CsvColumn("Bedrag excl. btw", "net"),
        CsvColumn("Btw-bedrag", "tax"),
    ),
    day="%d-%m-%Y",
    mark=",",
    delimiter=";",
)
QUICKBOOKS = CsvFormat(
    columns=(
        CsvColumn("*InvoiceNo", "number", longest=21),
        CsvColumn("*Customer", "customer", longest=100),
        CsvColumn("*InvoiceDate", "issued_on"),
        CsvColumn("*DueDate", "due_on"),
        CsvColumn("Memo", "corrects"),
        CsvColumn("Item(Product/Service)", "item"),
        CsvColumn("ItemDescription", "description"),
        CsvColumn("ItemQuantity", text="1"),
        CsvColumn("ItemRate", "net"),
        CsvColumn("*ItemAmount", "net"),
        CsvColumn("ItemTaxCode", "tax_code"),
        CsvColumn("ItemTaxAmount", "tax"),
        CsvColumn("Currency", "currency"),
    ),
    day="%m/%d/%Y",
    has_own_credits=True,
)
XERO = CsvFormat(
    columns=(
        CsvColumn("*ContactName", "customer"),
        CsvColumn("POAddressLine1", "street"),
        CsvColumn("POCity", "city"),
        CsvColumn("PORegion", "region"),
        CsvColumn("POPostalCode", "postcode"),
        CsvColumn("POCountry", "country"),
        CsvColumn("*InvoiceNumber", "number"),
        CsvColumn("Reference", "corrects"),
        CsvColumn("*InvoiceDate", "issued_on"),
        CsvColumn("*DueDate", "due_on"),
        CsvColumn("*Description", "description"),
        CsvColumn("*Quantity", text="1"),
        CsvColumn("*UnitAmount", "net"),
        CsvColumn("*AccountCode", "sales_account"),
        CsvColumn("*TaxType", "tax_code"),
        CsvColumn("TaxAmount", "tax"),
        CsvColumn("Currency", "currency"),
    ),
    day="%d/%m/%Y",
    most=500,
)

CSV_FORMATS = {
    AccountingSystem.EXACT: EXACT,
    AccountingSystem.QUICKBOOKS: QUICKBOOKS,
    AccountingSystem.XERO: XERO,
}
