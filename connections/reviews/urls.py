"""URLs of reviews, under /<tenant>/reports/reviews/."""

from django.urls import path

from connections.reviews import views
from connections.reviews.review_list import REVIEWS
from crm.web.lists.urls import list_urls

app_name = "reviews"
urlpatterns = [
    path("", views.reviews, name="list"),
    *list_urls(REVIEWS),
    path("<uuid:uid>/", views.review, name="review"),
    path("<uuid:uid>/answer/", views.answer, name="answer"),
    path("<uuid:uid>/match/", views.match, name="match"),
    path("<uuid:uid>/unmatch/", views.unmatch, name="unmatch"),
]
