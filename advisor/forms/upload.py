"""A file chosen for upload, carried from its preview to its import without being kept on the server."""

from __future__ import annotations

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core import signing

from advisor.models import Workspace

SALT = "advisor.company-file"
LIVES_FOR = 24 * 60 * 60  # seconds between preview and import


class UploadForm(forms.Form):
    """A company file, and the workspace to take it into."""

    file = forms.FileField(
        label="Company file (CSV)",
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv"}),
    )
    workspace = forms.ChoiceField(label="Workspace")

    def __init__(self, data: Any = None, files: Any = None, *, workspaces: Sequence[Workspace]) -> None:
        super().__init__(data, files)
        if len(workspaces) > 1:
            self.fields["workspace"] = forms.ChoiceField(label="Workspace", choices=[(str(w.pk), w.name) for w in workspaces])
        else:
            del self.fields["workspace"]

    def workspace_pk(self) -> int | None:
        chosen = self.cleaned_data.get("workspace")
        return int(chosen) if chosen else None


def carried(content: bytes, fingerprint: str) -> str:
    """A file and the fingerprint of its preview as a text that only this server can have made."""
    packed = urlsafe_b64encode(zlib.compress(content)).decode()
    return signing.TimestampSigner(salt=SALT).sign(f"{packed}.{fingerprint}")


def received(text: str) -> tuple[bytes, str] | None:
    """The file and its fingerprint again, or None where the text was changed or is a day old."""
    try:
        packed, _, fingerprint = signing.TimestampSigner(salt=SALT).unsign(text, max_age=LIVES_FOR).rpartition(".")
    except signing.BadSignature:
        return None
    return zlib.decompress(urlsafe_b64decode(packed)), fingerprint
