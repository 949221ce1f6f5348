"""The big screen in front of a room: nobody signs in, nothing can be pressed, and nothing unrevealed is on it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from advisor.live.tickets import SCREEN, stream_address
from advisor.views import access
from advisor.views.room_frames import frame, frame_response
from advisor.views.room_parts import invitation


@login_not_required
@require_safe
def screen(request: HttpRequest, key: str) -> HttpResponse:
    found = access.screen(key)
    context = {
        "workshop": found,
        "frame": frame(found, SCREEN),
        "invitation": invitation(request, found),
        "stream": stream_address(found.code, SCREEN, key),
        "frame_address": reverse("screen-frame", args=[key]),
    }
    return render(request, "screen.html", context)


@login_not_required
@require_safe
def screen_frame(request: HttpRequest, key: str) -> HttpResponse:
    return frame_response(request, access.screen(key), SCREEN, key)
