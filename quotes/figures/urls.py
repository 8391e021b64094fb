"""URL of the figures of quotes, under /<tenant>/reports/quotes/."""

from django.urls import path

from quotes.figures.views import figures_page

app_name = "quote_figures"
urlpatterns = [path("", figures_page, name="figures")]
