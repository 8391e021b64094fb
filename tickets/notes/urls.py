"""The URLs of notes on tickets."""

from django.urls import path

from tickets.notes import views

NOTE_URLS = [
    path("<int:number>/note/", views.note, name="note"),
    path("notes/<uuid:uid>/edit/", views.edit_note, name="edit_note"),
    path("notes/<uuid:uid>/delete/", views.delete_note, name="delete_note"),
    path("notes/<uuid:uid>/restore/", views.restore_note, name="restore_note"),
    path("notes/<uuid:uid>/pin/", views.pin_note, name="pin_note"),
    path("notes/<uuid:uid>/versions/", views.note_versions, name="note_versions"),
]
