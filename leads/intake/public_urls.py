"""Public URLs of intake: forms, endpoints, posts of services. The token in the URL identifies the tenant."""

from django.urls import path

from leads.intake.forms import views as forms
from leads.intake.posts import views as posts

app_name = "intake_public"
urlpatterns = [
    path("form/<str:place>/", forms.form, name="form"),
    path("form/<str:place>/embed.js", forms.script, name="script"),
    path("lead/<str:place>/", posts.endpoint, name="endpoint"),
    path("<slug:kind>/<str:token>/", posts.post, name="post"),
]
