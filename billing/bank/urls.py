"""URLs of bank files, under /<tenant>/invoices/bank/."""

from django.urls import path

from billing.bank import views

app_name = "bank"
urlpatterns = [
    path("", views.entries, name="list"),
    path("upload/", views.upload, name="upload"),
    path("<uuid:uid>/match/", views.match, name="match"),
    path("<uuid:uid>/leave/", views.leave, name="leave"),
    path("<uuid:uid>/payout/", views.note_payout, name="note_payout"),
    path("<uuid:uid>/put-back/", views.put_back, name="put_back"),
]
