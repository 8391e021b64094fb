"""URLs of the report on sources, under /<tenant>/reports/, and of its set-up, under /<tenant>/leads/sources/."""

from django.urls import path

from crm.web.requests.moved import moved
from leads.sources import estimate, views
from leads.sources.report import views as report
from leads.sources.spending import views as spending

REPORT_URLS = [
    path("", report.sources, name="sources"),
    path("file/", report.sources_file, name="sources_file"),
]
urlpatterns = [
    path("", moved("leads:sources", "sources.view"), name="old_sources"),
    path("file/", moved("leads:sources_file", "sources.view"), name="old_sources_file"),
    path("spend/", spending.spend, name="spend"),
    path("spend/save/", spending.save_spend, name="save_spend"),
    path("spend/add/", spending.add_spend, name="add_spend"),
    path("spend/read/", spending.read_spend, name="read_spend"),
    path("spend/file/", spending.spend_as_file, name="spend_as_file"),
    path("campaigns/", views.campaigns, name="campaigns"),
    path("campaigns/add/", views.add_campaign, name="add_campaign"),
    path("campaigns/<int:pk>/rename/", views.rename_campaign, name="rename_campaign"),
    path("campaigns/<int:pk>/merge/", views.merge_campaign, name="merge_campaign"),
    path("campaigns/<int:pk>/take-apart/", views.take_campaign_apart, name="take_campaign_apart"),
    path("campaigns/<int:pk>/archive/", views.archive_campaign, name="archive_campaign"),
    path("campaigns/<int:pk>/restore/", views.restore_campaign, name="restore_campaign"),
    path("estimate/<int:number>/", estimate.estimate, name="estimate"),
    path("unmatched/", views.unmatched_words, name="unmatched"),
    path("unmatched/match/", views.match, name="match_words"),
    path("unmatched/<int:pk>/forget/", views.forget_match, name="forget_match"),
]
