"""The leads' addresses, under /<tenant>/leads/."""

from django.urls import path

from leads.views import board, duplicates, filter, imports, lead, list, opening, search

app_name = "leads"
urlpatterns = [
    path("", list.lead_list, name="list"),
    path("board/", board.board, name="board"),
    path("board/<int:number>/", board.board_move, name="board_move"),
    path("filter/", filter.choose, name="filter"),
    path("counts/", list.lead_counts, name="counts"),
    path("search/", search.search_page, name="search"),
    path("import/", imports.import_leads, name="import"),
    path("import/<uuid:uid>/", imports.import_run, name="import_run"),
    path("open/", opening.open_, name="open"),
    path("open/known/", opening.known, name="known"),
    path("duplicates/", duplicates.duplicates, name="duplicates"),
    path("duplicates/merge/", duplicates.merge, name="merge"),
    path("duplicates/<uuid:uid>/part/", duplicates.part, name="part"),
    path("duplicates/<uuid:uid>/take-apart/", duplicates.take_apart, name="take_apart"),
    path("duplicates/of/<uuid:uid>/", duplicates.compare, name="compare"),
    path("<int:number>/", lead.lead_page, name="lead"),
]
