"""Give a server people: python -m tests.e2e.make_people, with the server's GTM_DATA_DIR. Prints their sign-in links as JSON.

Adding people is no page yet, and a conflict is one between two persons. Ben also has a password.
"""

import json
import os

import django

PASSWORD = "a-long-enough-word"

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gtmdesign.settings")
    django.setup()

    from django.core import signing
    from django.urls import reverse

    from advisor.models import Membership, Role, User, Workspace
    from advisor.services.accounts import LINK_SALT, first_user

    ours = Workspace.objects.get(memberships__user=first_user())
    empty = Workspace.objects.create(name="A workspace without companies")
    paths: dict[str, str] = {}
    for name, workspace, role in (
        ("Ben", ours, Role.EDITOR),
        ("Vera", ours, Role.VIEWER),
        ("Nora", empty, Role.OWNER),
        ("Otto", empty, Role.VIEWER),
    ):
        password = PASSWORD if name == "Ben" else None
        user = User.objects.create_user(f"{name.lower()}@example.com", password, name=name)
        Membership.objects.create(workspace=workspace, user=user, role=role)
        token = signing.dumps([user.pk, user.get_session_auth_hash()[:16]], salt=LINK_SALT)
        paths[name] = reverse("sign-in-by-link", args=[token])
    print(json.dumps(paths))  # noqa: T201 - its answer
