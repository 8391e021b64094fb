"""URLs of the checklist."""

from django.urls import path

from portal.onboarding import views

urlpatterns = [
    path("welcome/", views.welcome, name="welcome"),
    path("welcome/confirm/", views.confirm, name="confirm_step"),
    path("welcome/end/", views.end, name="end_welcome"),
    path("welcome/verify/<int:pk>/", views.verify, name="verify_point"),
    path("jobs/<int:number>/claim/", views.add_claim, name="add_claim"),
    path("jobs/<int:number>/claim/<uuid:uid>/", views.show_claim, name="show_claim"),
    path("jobs/<int:number>/tour/", views.end_tour, name="end_tour"),
]
