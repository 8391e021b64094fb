"""URLs of the assistant, under /<tenant>/."""

from django.urls import path

from assistant.drafts import views as drafts
from assistant.panel import views as panel
from assistant.ratings import views as ratings
from assistant.settings import views as settings
from assistant.settings.log_file import log_file

app_name = "assistant"
RECORD = "assistant/<slug:place>/<slug:key>/"
urlpatterns = [
    path("settings/assistant/", settings.setup_page, name="settings"),
    path("settings/assistant/save/", settings.save, name="save"),
    path("settings/assistant/switch/", settings.switch_model, name="switch_model"),
    path("settings/assistant/try/", settings.try_model, name="try_model"),
    path("settings/assistant/preview/", settings.preview, name="preview"),
    path("settings/assistant/calls.csv", log_file, name="log_file"),
    path("settings/assistant/calls/<uuid:uid>/", settings.call_text, name="call_text"),
    path("assistant/conversations/<int:number>/", panel.of_conversation, name="of_conversation"),
    path("assistant/jobs/<int:number>/", panel.of_job, name="of_job"),
    path("assistant/customers/<uuid:uid>/", panel.of_customer, name="of_customer"),
    path("assistant/properties/<uuid:uid>/", panel.of_property, name="of_property"),
    path("assistant/conversations/<int:number>/reply/", drafts.of_conversation, name="draft_reply"),
    path("assistant/jobs/<int:number>/message/", drafts.of_job, name="draft_message"),
    path(f"{RECORD}summary/", panel.summary, name="summary"),
    path(f"{RECORD}switch/", panel.switch, name="switch"),
    path(f"{RECORD}rate/", ratings.rate, name="rate"),
    path("settings/assistant/ratings/", ratings.figures, name="ratings"),
    path(f"{RECORD}draft/", drafts.draft, name="draft"),
    path(f"{RECORD}draft/use/", drafts.use_draft, name="use_draft"),
    path(f"{RECORD}draft/discard/", drafts.discard_draft, name="discard_draft"),
]
