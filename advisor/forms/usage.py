"""The files of customers and their usage, written to the disk while they arrive."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from advisor.forms.cells import shown
from advisor.services.usage import ReceivedFile, arriving_folder

AT_ONCE = 1_048_576  # bytes of a file that are in memory
FIELDS = ("file", "customers")
KINDS = ".csv,.tsv,.txt,.parquet,text/csv"


class KeptFile(UploadedFile):  # type: ignore[type-arg]  # it takes arguments for mypy alone
    """An uploaded file that lies where it can stay."""

    path: Path


class KeepingHandler(FileUploadHandler):
    """Writes the files of the form to a folder where those of usage are kept; any other is skipped."""

    chunk_size = AT_ONCE

    def __init__(self) -> None:
        super().__init__()
        self.folder: Path | None = None
        self.written: IO[bytes] | None = None  # not `file`, which Django closes by that name, be there one or not
        self.path = Path()

    def new_file(self, field_name: str, *args: Any, **kwargs: Any) -> None:
        super().new_file(field_name, *args, **kwargs)
        if field_name not in FIELDS:
            raise SkipFile
        if self.folder is None:
            self.folder = arriving_folder()
        self.path = self.folder / uuid4().hex
        self.written = self.path.open("wb")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        assert self.written is not None
        self.written.write(raw_data)

    def file_complete(self, file_size: int) -> KeptFile | None:
        if self.written is None:
            return None
        self.written.close()
        kept = KeptFile(self.written, self.file_name, self.content_type, file_size, self.charset)
        kept.path = self.path
        self.written = None
        return kept

    def forget(self) -> None:
        """Delete what was not taken from its folder, or did not arrive whole."""
        if self.written is not None:
            self.written.close()
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)


class UsageForm(forms.Form):
    """One file with everything, or the usage and the customers each in one."""

    file = forms.FileField(
        label="Usage, or everything in one file (CSV or Parquet)",
        max_length=None,
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
        widget=forms.ClearableFileInput(attrs={"accept": KINDS}),
    )
    customers = forms.FileField(
        label="Customers, where they have a file of their own",
        required=False,
        error_messages={"empty": "The file is empty."},
        widget=forms.FileInput(attrs={"accept": KINDS}),
    )

    def received(self) -> tuple[ReceivedFile, ReceivedFile | None]:
        usage, customers = (self.cleaned_data[name] for name in FIELDS)
        return _received(usage), _received(customers) if customers else None


def _received(file: KeptFile) -> ReceivedFile:
    return ReceivedFile(shown(file.name or ""), file.path, file.size or 0)
