"""URLs of the assistant, under /<tenant>/assistant/."""

app_name = "assistant"
urlpatterns: list[object] = []
