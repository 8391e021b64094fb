"""The URL of the survey, outside any tenant's prefix; its address is the key."""

from django.urls import path

from comms.survey.views import survey

urlpatterns = [path("survey/<str:token>/", survey, name="survey")]
