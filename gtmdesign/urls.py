"""The address table: everything is the advisor's, but the admin site."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("advisor.urls")),
]
