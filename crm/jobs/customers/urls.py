"""URLs of customers, under /<tenant>/people/."""

from django.urls import path

from crm.jobs.customers import views
from crm.jobs.customers.customer_list import CUSTOMERS
from crm.web.lists.urls import list_urls

app_name = "people"
urlpatterns = [
    path("", views.customers, name="list"),
    *list_urls(CUSTOMERS),
    path("<uuid:uid>/", views.customer, name="person"),
    path("<uuid:uid>/correct/", views.correct, name="correct"),
    path("<uuid:uid>/erase/", views.erase, name="erase"),
    path("<uuid:uid>/confirm/", views.confirm, name="confirm"),
]
