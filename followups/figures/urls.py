"""URL of the figures of follow-ups, under /<tenant>/reports/follow-ups/."""

from django.urls import path

from followups.figures.views import figures_page

app_name = "followup_figures"
urlpatterns = [path("", figures_page, name="figures")]
