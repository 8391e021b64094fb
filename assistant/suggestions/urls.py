"""URLs of suggestions, under /<tenant>/suggestions/."""

from django.urls import path

from assistant.suggestions import views

app_name = "suggestions"
urlpatterns = [
    path("lead/<int:number>/", views.lead, name="lead"),
    path("person/<uuid:uid>/", views.person, name="person"),
    path("conversation/<int:number>/", views.conversation, name="conversation"),
    path("<slug:place>/<slug:key>/answer/", views.answer, name="answer"),
    path("figures/", views.figures, name="figures"),
]
