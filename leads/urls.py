"""The leads' addresses, under /<tenant>/leads/."""

from django.urls import path

from crm.jobs.views import assignment, bulk, close, contact, duplicates, move, notes, pause, quality, search, undo
from crm.jobs.views.bulk import bulk_view
from crm.web.lists.urls import list_urls
from leads.importing.views import choices, imports
from leads.lead_list import LEADS
from leads.views import board, lead, list, new_lead

app_name = "leads"
urlpatterns = [
    path("", list.lead_list, name="list"),
    path("board/", board.board, name="board"),
    path("board/<int:number>/", board.board_move, name="board_move"),
    path("bulk/", bulk_view(LEADS), name="bulk"),
    path("bulk/<uuid:uid>/", bulk.bulk_run, name="bulk_run"),
    path("bulk/<uuid:uid>/cancel/", bulk.bulk_cancel, name="bulk_cancel"),
    *list_urls(LEADS),
    path("search/", search.search_page, name="search"),
    path("import/", imports.import_leads, name="import"),
    path("import/<uuid:uid>/", imports.import_run, name="import_run"),
    path("import/<uuid:uid>/choose/", choices.import_choose, name="import_choose"),
    path("import/<uuid:uid>/decide/", choices.import_decide, name="import_decide"),
    path("import/<uuid:uid>/duplicates/", choices.import_duplicates, name="import_duplicates"),
    path("import/<uuid:uid>/cancel/", imports.import_cancel, name="import_cancel"),
    path("import/<uuid:uid>/undo/", imports.import_undo, name="import_undo"),
    path("import/<uuid:uid>/refused/", imports.import_refusals, name="import_refusals"),
    path("open/", new_lead.open_, name="open"),
    path("open/known/", new_lead.known, name="known"),
    path("quality/", quality.quality, name="quality"),
    path("<int:number>/correct/", quality.correct, name="correct"),
    path("duplicates/", duplicates.duplicates, name="duplicates"),
    path("duplicates/merge/", duplicates.merge, name="merge"),
    path("duplicates/<uuid:uid>/part/", duplicates.part, name="part"),
    path("duplicates/<uuid:uid>/take-apart/", duplicates.take_apart, name="take_apart"),
    path("duplicates/of/<uuid:uid>/", duplicates.compare, name="compare"),
    path("<int:number>/", lead.lead_page, name="lead"),
    path("<int:number>/move/", move.move, name="move"),
    path("<int:number>/turn/", move.turn, name="turn"),
    path("<int:number>/pause/", pause.pause, name="pause"),
    path("<int:number>/resume/", pause.resume, name="resume"),
    path("<int:number>/finish/", close.finish, name="finish"),
    path("<int:number>/lose/", close.lose, name="lose"),
    path("<int:number>/drop/", close.drop, name="drop"),
    path("<int:number>/reopen/", close.reopen, name="reopen"),
    path("<int:number>/assign/", assignment.assign, name="assign"),
    path("<int:number>/prioritize/", assignment.prioritize, name="prioritize"),
    path("<int:number>/reach/", contact.reach, name="reach"),
    path("<int:number>/hear/", contact.hear, name="hear"),
    path("<int:number>/answer/", contact.answer, name="answer"),
    path("<int:number>/note/", notes.note, name="note"),
    path("<int:number>/notes/<uuid:uid>/pin/", notes.pin, name="pin"),
    path("<int:number>/notes/<uuid:uid>/unpin/", notes.unpin, name="unpin"),
    path("undo/<uuid:uid>/", undo.take_back, name="undo"),
]
