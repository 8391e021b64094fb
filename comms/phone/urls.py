"""The URLs of the demo's phone and mailbox, outside any tenant: who plays the customer is no member."""

from django.urls import path

from comms.phone import views

app_name = "phone"
urlpatterns = [
    path("<slug:organization>/", views.page, name="page"),
    path("<slug:organization>/text/", views.text, name="text"),
    path("<slug:organization>/call/", views.call, name="call"),
    path("<slug:organization>/mail/", views.mail, name="mail"),
    path("<slug:organization>/mail/<uuid:uid>/", views.paper, name="paper"),
    path("<slug:organization>/mail/<uuid:uid>/source/", views.source, name="source"),
    path("<slug:organization>/difficult/", views.difficult, name="difficult"),
    path("<slug:organization>/report/<uuid:uid>/", views.report, name="report"),
]
