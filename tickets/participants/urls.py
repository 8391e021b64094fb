"""The URLs of who takes part in a ticket."""

from django.urls import path

from tickets.participants import views

PARTICIPANT_URLS = [
    path("<int:number>/people/", views.people, name="people"),
    path("<int:number>/people/role/", views.change_role, name="change_role"),
    path("<int:number>/people/confirm/", views.confirm_participant, name="confirm_participant"),
    path("<int:number>/people/remove/", views.remove_participant, name="remove_participant"),
    path("<int:number>/person/", views.person, name="person"),
    path("<int:number>/details/", views.take_details, name="take_details"),
]
