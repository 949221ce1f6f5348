"""The address table: everything is the advisor's."""

from django.urls import include, path

urlpatterns = [path("", include("advisor.urls"))]
