"""The check of templates and scripts knows htmx 2 from htmx 4."""

import pytest

from tests.tools.htmx_dialect import findings


@pytest.mark.parametrize(
    "text",
    [
        '<div hx-ext="sse">',
        '<button hx-disabled-elt="this">',
        '<div sse-connect="/live/1" >',
        '<div sse-swap="revision">',
        'document.addEventListener("htmx:afterSwap", draw)',
        '<div hx-on:click="go()">',
        '<form hx-on="click: go()">',
        """<button hx-vals='js:{a: 1}'>""",
        """<button hx-vals="javascript:{a: 1}">""",
        '<input hx-trigger="keyup[key==13]">',
        "<input hx-trigger='click[ctrlKey]'>",
        """<body class="x" hx-headers='{"a": "b"}'>""",
        '<body\n  hx-target="#main">',
        '<button onclick="go()">',
        '<p style="color: red">',
        '<a href="javascript:go()">',
    ],
)
def test_finds_the_old_dialect(text: str) -> None:
    assert list(findings(text))


@pytest.mark.parametrize(
    "text",
    [
        '<div hx-sse:connect="/live/1" hx-sse:close="closed">',
        'document.addEventListener("htmx:after:swap", draw)',
        """<body hx-headers:inherited='{"a": "b"}'>""",
        '<button hx-disable="find button" hx-vals=\'{"a": [1]}\'>',
        '<input hx-trigger="input changed delay:300ms, submit" hx-target="#words">',
        '<form hx-sync="this:queue last" data-style="x">',
    ],
)
def test_leaves_the_new_one_alone(text: str) -> None:
    assert not list(findings(text))


def test_names_the_line() -> None:
    assert [line for line, _, _ in findings('<p>\n<p>\n<div hx-ext="sse">')] == [3]
