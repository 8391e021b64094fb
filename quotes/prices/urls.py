"""URLs of the price book, under /<tenant>/prices/."""

from django.urls import path

from crm.web.lists.urls import list_urls
from quotes.prices import views
from quotes.prices.item_list import PRICES

app_name = "prices"
urlpatterns = [
    path("", views.price_list, name="list"),
    *list_urls(PRICES),
    path("new/", views.new_item, name="new"),
    path("<uuid:uid>/", views.price_item, name="item"),
    path("<uuid:uid>/edit/", views.edit, name="edit"),
    path("<uuid:uid>/price/", views.set_price, name="set_price"),
    path("<uuid:uid>/price/withdraw/", views.withdraw_price, name="withdraw_price"),
    path("<uuid:uid>/archive/", views.archive, name="archive"),
    path("<uuid:uid>/restore/", views.restore, name="restore"),
]
