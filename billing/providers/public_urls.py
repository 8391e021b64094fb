"""URLs of online payments without a tenant: the signed token in the URL identifies it."""

from django.urls import path

from billing.providers.views import demo_page, public

app_name = "payments_public"
urlpatterns = [
    path("hook/<str:token>/", public.hook, name="hook"),
    path("go/<str:token>/", public.go, name="go"),
    path("demo/<str:token>/", demo_page.demo, name="demo"),
]
