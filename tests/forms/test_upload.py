"""A file on its way from the preview to the import."""

from __future__ import annotations

import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import assume, given
from hypothesis import strategies as st

from advisor.forms.upload import LIVES_FOR, UploadForm, carried, received
from advisor.models import Workspace

FUND, SECOND = Workspace(pk=1, name="Fund"), Workspace(pk=2, name="Second")
FILE = {"file": SimpleUploadedFile("a.csv", b"a")}


@given(st.binary(max_size=5_000), st.text("0123456789abcdef", min_size=1, max_size=64))
def test_a_file_arrives_as_it_was_sent(content: bytes, fingerprint: str) -> None:
    assert received(carried(content, fingerprint)) == (content, fingerprint)


@given(st.text())
def test_a_text_of_somebody_else_is_no_file(text: str) -> None:
    assert received(text) is None


@given(st.integers(0), st.characters(codec="utf-8"))
def test_a_file_with_one_changed_character_is_none(number: int, other: str) -> None:
    text = carried(b"company,segment,acv_usd\n", "f00d")
    place = number % len(text)
    assume(text[place] != other)
    assert received(text[:place] + other + text[place + 1 :]) is None


@pytest.mark.parametrize(("age", "arrives"), [(LIVES_FOR - 60, True), (LIVES_FOR + 60, False)])
def test_a_file_lives_for_a_day(age: int, arrives: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    assert LIVES_FOR == 86_400
    then = time.time() - age
    with monkeypatch.context() as clock:
        clock.setattr(time, "time", lambda: then)
        text = carried(b"a", "f00d")
    assert received(text) == ((b"a", "f00d") if arrives else None)


def test_a_file_grows_by_a_third_at_most() -> None:
    content = bytes(range(256)) * 4_000
    assert len(carried(content, "f" * 64)) < len(content)
    incompressible = b"".join(hash_of.to_bytes(8, "big") for hash_of in _numbers(10_000))
    assert len(carried(incompressible, "f" * 64)) < len(incompressible) * 4 / 3 + 300


def _numbers(count: int) -> list[int]:
    found, number = [], 1
    for _ in range(count):
        number = number * 6_364_136_223_846_793_005 + 1_442_695_040_888_963_407 & (1 << 64) - 1
        found.append(number ^ number >> 31)
    return found


def test_the_workspace_is_asked_for_only_where_there_are_several() -> None:
    assert list(UploadForm(workspaces=[FUND]).fields) == ["file"]
    assert list(UploadForm(workspaces=[FUND, SECOND]).fields) == ["file", "workspace"]


@pytest.mark.parametrize(("chosen", "pk"), [("1", 1), ("2", 2), ("3", None), ("", None), (None, None), (["2", "1"], None)])
def test_only_one_of_ones_own_workspaces_can_be_chosen(chosen: object, pk: int | None) -> None:
    form = UploadForm({} if chosen is None else {"workspace": chosen}, FILE, workspaces=[FUND, SECOND])
    assert (form.workspace_pk() if form.is_valid() else None) == pk


def test_the_only_workspace_goes_without_saying() -> None:
    form = UploadForm({"workspace": "2"}, FILE, workspaces=[FUND])
    assert form.is_valid()
    assert form.workspace_pk() is None
