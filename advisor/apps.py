"""The one app."""

from django.apps import AppConfig


class AdvisorConfig(AppConfig):
    name = "advisor"
    verbose_name = "GTM advisor"
    default_auto_field = "django.db.models.BigAutoField"
