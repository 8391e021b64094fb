"""URLs of the price book, under /<tenant>/prices/."""

from django.urls import path

from crm.web.lists.urls import list_urls
from quotes.prices import views
from quotes.prices.importing import views as importing
from quotes.prices.item_list import PRICES
from quotes.prices.setup import kits, suppliers, units

app_name = "prices"
urlpatterns = [
    path("", views.price_list, name="list"),
    *list_urls(PRICES),
    path("new/", views.new_item, name="new"),
    path("import/", importing.import_prices, name="import"),
    path("import/<uuid:uid>/", importing.import_run, name="import_run"),
    path("import/<uuid:uid>/cancel/", importing.import_cancel, name="import_cancel"),
    path("import/<uuid:uid>/refused/", importing.import_refused, name="import_refused"),
    path("kits/", kits.kits, name="kits"),
    path("kits/add/", kits.add_kit, name="add_kit"),
    path("kits/<int:pk>/", kits.kit_page, name="kit"),
    path("kits/<int:pk>/items/", kits.set_kit_lines, name="set_kit_lines"),
    path("kits/<int:pk>/edit/", kits.edit_kit, name="edit_kit"),
    path("kits/<int:pk>/archive/", kits.archive_kit, name="archive_kit"),
    path("kits/<int:pk>/restore/", kits.restore_kit, name="restore_kit"),
    path("units/", units.units, name="units"),
    path("units/add/", units.add_unit, name="add_unit"),
    path("units/<int:pk>/edit/", units.edit_unit, name="edit_unit"),
    path("units/<int:pk>/archive/", units.archive_unit, name="archive_unit"),
    path("units/<int:pk>/restore/", units.restore_unit, name="restore_unit"),
    path("suppliers/", suppliers.supplier_page, name="suppliers"),
    path("suppliers/add/", suppliers.add_supplier, name="add_supplier"),
    path("suppliers/<int:pk>/edit/", suppliers.edit_supplier, name="edit_supplier"),
    path("suppliers/<int:pk>/archive/", suppliers.archive_supplier, name="archive_supplier"),
    path("suppliers/<int:pk>/restore/", suppliers.restore_supplier, name="restore_supplier"),
    path("<uuid:uid>/", views.price_item, name="item"),
    path("<uuid:uid>/edit/", views.edit, name="edit"),
    path("<uuid:uid>/price/", views.set_price, name="set_price"),
    path("<uuid:uid>/price/withdraw/", views.withdraw_price, name="withdraw_price"),
    path("<uuid:uid>/archive/", views.archive, name="archive"),
    path("<uuid:uid>/restore/", views.restore, name="restore"),
]
