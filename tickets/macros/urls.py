"""The URLs of macros."""

from django.urls import path

from tickets.macros import views

MACRO_URLS = [
    path("settings/macros/", views.macro_list, name="macros"),
    path("settings/macros/add/", views.add_macro, name="add_macro"),
    path("settings/macros/<uuid:uid>/", views.edit_macro, name="edit_macro"),
    path("settings/macros/<uuid:uid>/archive/", views.archive_macro, name="archive_macro"),
    path("settings/macros/<uuid:uid>/restore/", views.restore_macro, name="restore_macro"),
    path("<int:number>/macro/", views.macro, name="macro"),
]
