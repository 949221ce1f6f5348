"""Pictures kept as files under the hash of their content, so that a chart is drawn once for everybody who may see it.

The files carry no names of companies. They sit behind the access check of the view: nobody gets one for knowing its hash.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import logging
import os
import tempfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from advisor.exports.browser import find_browser
from advisor.exports.drawing import plotly_file
from advisor.exports.picture import Picture
from advisor.exports.png import figure_json, render_png

logger = logging.getLogger(__name__)

MOST_BYTES = 500_000_000  # about 700 pictures of the default size
FONT_DIRECTORIES = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/etc/fonts",
    "~/.fonts",
    "~/.local/share/fonts",
    "~/.config/fontconfig",
    "/Library/Fonts",
    "~/Library/Fonts",
)
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class CachedPNG:
    """A picture.

    Attributes:
        etag: A strong validator without its quotation marks: equal for equal pictures, and on every server with the same programs.
        content: The file.
    """

    etag: str
    content: bytes


def cached_png(figure: Mapping[str, Any], picture: Picture) -> CachedPNG:
    """The figure as a PNG, from the file kept under its content, else drawn and kept. Raises one of the PNGUnavailable.

    A file that was damaged or removed is drawn again. A disk that cannot be written costs time, not the picture.
    """
    key = _key(figure, picture)
    path = _file(key)
    content = _intact(path)
    if content is None:
        content = render_png(figure, picture)
        _keep(path, content)
    else:
        with contextlib.suppress(OSError):
            os.utime(path)  # the last use: the least recently used go first
    return CachedPNG(key, content)


def _key(figure: Mapping[str, Any], picture: Picture) -> str:
    """All that decides about the pixels, as 64 hexadecimal digits."""
    looks = f"{picture.width}x{picture.height}@{picture.scale:g} {picture.background} {plotly_file().name} {_browser_identity()} {_fonts()}"
    return hashlib.sha256(looks.encode() + b"\0" + figure_json(figure, picture)).hexdigest()


def _browser_identity() -> str:
    """Which build of the browser draws: an update changes its file's date. Asking it for its version would start it."""
    path = find_browser()
    if path is None:
        return "none"
    with contextlib.suppress(OSError):
        about = path.resolve().stat()
        return f"{path} {about.st_size} {about.st_mtime_ns}"
    return str(path)


@functools.cache
def _fonts() -> str:
    """Which fonts are installed: directories' dates change with what is in them. Once a process, as the browser looks once a start."""
    seen = hashlib.sha256()
    for root in FONT_DIRECTORIES:
        for directory, names, _ in os.walk(Path(root).expanduser()):
            names.sort()
            with contextlib.suppress(OSError):
                seen.update(f"{directory} {Path(directory).stat().st_mtime_ns}\n".encode())
    return seen.hexdigest()


def _root() -> Path:
    return Path(settings.DATA_DIR) / "png"


def _file(key: str) -> Path:
    return _root() / key[:2] / f"{key[2:]}.png"


def _intact(path: Path) -> bytes | None:
    """The file's bytes where it is a whole PNG: each of its chunks carries a checksum."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    if content[:8] == _SIGNATURE:
        at, view = 8, memoryview(content)
        while at + 12 <= len(content):
            end = at + 8 + int.from_bytes(view[at : at + 4], "big")
            if zlib.crc32(view[at + 4 : end]).to_bytes(4, "big") != view[end : end + 4]:
                break
            if content[at + 4 : at + 8] == b"IEND":
                return content
            at = end + 4
    logger.warning("Drawing %s again: the file is damaged.", path)
    return None


def _keep(path: Path, content: bytes) -> None:
    """Write the file whole or not at all, then make room."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")  # readable by this server's user alone
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        _make_room()
    except OSError as error:
        logger.warning("The picture %s is not kept: %s", path.name, error)


def _make_room() -> None:
    """Remove the least recently used files until the rest is at most MOST_BYTES. Another process may do the same meanwhile."""
    files = []
    for path in _root().glob("??/*"):
        with contextlib.suppress(FileNotFoundError):
            about = path.stat()
            files.append((about.st_mtime_ns, about.st_size, path))
    excess = sum(size for _, size, _ in files) - MOST_BYTES
    for _, size, path in sorted(files):
        if excess <= 0:
            break
        path.unlink(missing_ok=True)
        excess -= size
