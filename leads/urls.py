"""The leads' addresses, under /<tenant>/leads/."""

from django.urls import path

from leads.views import lead, list, search

app_name = "leads"
urlpatterns = [
    path("", list.lead_list, name="list"),
    path("counts/", list.lead_counts, name="counts"),
    path("search/", search.search_page, name="search"),
    path("<int:number>/", lead.lead_page, name="lead"),
]
