"""URLs of taxes, under /<tenant>/taxes/."""

from django.urls import path

from quotes.taxes.views import classes, number, rates

app_name = "taxes"
urlpatterns = [
    path("", rates.tax_rate_page, name="rates"),
    path("add/", rates.add_rate, name="add_rate"),
    path("<int:pk>/remove/", rates.remove_rate, name="remove_rate"),
    path("customers/<uuid:uid>/", number.tax_number, name="number"),
    path("classes/", classes.class_page, name="classes"),
    path("classes/add/", classes.add_class, name="add_class"),
    path("classes/<int:pk>/edit/", classes.edit_class, name="edit_class"),
    path("classes/<int:pk>/default/", classes.make_default, name="default_class"),
    path("classes/<int:pk>/archive/", classes.archive_class, name="archive_class"),
    path("classes/<int:pk>/restore/", classes.restore_class, name="restore_class"),
]
