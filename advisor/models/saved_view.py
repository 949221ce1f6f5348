"""A view of the portfolio that a workspace keeps by name: its address, which is also how it is shared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from advisor.models.company import NAME_LENGTH
from advisor.models.workspace import ROLES_THAT_WRITE, Workspace, of_member

if TYPE_CHECKING:
    from advisor.models.accounts import User

QUERY_LENGTH = 2_000  # characters


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, user: User) -> Self:
        """The views of every workspace this person is a member of, each with that person's `role`."""
        return of_member(self, user, "workspace")


class SavedView(models.Model):
    """A named view. What it shows is for whoever opens it: each person's own companies."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=NAME_LENGTH)
    query = models.CharField(max_length=QUERY_LENGTH, blank=True, help_text="Of the portfolio's address, without the question mark.")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    role: str | None  # of the person who asked, by `visible_to`

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint("workspace", Lower("name"), name="saved_view_name_unique")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        address = reverse("portfolio")
        return f"{address}?{self.query}" if self.query else address

    def change(self, field: str, text: str, *, based_on: str) -> bool:
        """Write another name or query where it still stands as it was seen, whoever else writes. Whether it did.

        Raises IntegrityError where another view of the workspace has the name.
        """
        return bool(SavedView.objects.filter(pk=self.pk, **{field: based_on}).update(**{field: text}))

    def delete_as_seen(self, seen: Mapping[str, str]) -> bool:
        """Delete it where name and query still stand as they were seen. Whether it was."""
        return bool(SavedView.objects.filter(pk=self.pk, **seen).delete()[0])

    @property
    def can_be_edited(self) -> bool:
        return self.role in ROLES_THAT_WRITE
