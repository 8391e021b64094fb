"""The URLs of calls on a ticket, inside a tenant's tickets."""

from django.urls import path

from tickets.calls import views

CALL_URLS = [
    path("<int:number>/call/", views.call, name="call"),
    path("entries/<uuid:uid>/call/take-back/", views.take_back, name="take_back_call"),
]
