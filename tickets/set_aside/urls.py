"""The URLs of what is set aside, under /<tenant>/tickets/set-aside/."""

from django.urls import path

from crm.web.lists.urls import list_urls
from tickets.set_aside import spam, views
from tickets.set_aside.set_aside_list import SET_ASIDE_LIST

app_name = "set_aside"
urlpatterns = [
    path("", views.set_aside, name="list"),
    *list_urls(SET_ASIDE_LIST),
    path("<int:number>/spam/", spam.mark_spam, name="mark_spam"),
    path("<uuid:uid>/converse/", views.converse, name="converse"),
]
