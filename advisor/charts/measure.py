"""How wide a text will be drawn, and how to make it fit: wrapped into lines, or shortened with an ellipsis."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

ELLIPSIS = "\u2026"
CLAUSE = "; "

# The printable ASCII characters by their advance width in thousandths of the font size: Liberation Sans, which has Arial's metrics.
REGULAR: dict[int, str] = {
    191: "'",
    222: "ijl",
    260: "|",
    278: " !,./:;I[\\]ft",
    333: "()-`r",
    334: "{}",
    355: '"',
    389: "*",
    469: "^",
    500: "Jcksvxyz",
    556: "#$0123456789?L_abdeghnopqu",
    584: "+<=>~",
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1015: "@",
}
BOLD: dict[int, str] = {
    238: "'",
    278: " ,./I\\ijl",
    280: "|",
    333: "!()-:;[]`ft",
    389: "*r{}",
    474: '"',
    500: "z",
    556: "#$0123456789J_aceksvxy",
    584: "+<=>^~",
    611: "?FLTZbdghnopqu",
    667: "EPSVXY",
    722: "&ABCDHKNRU",
    778: "GOQw",
    833: "M",
    889: "%m",
    944: "W",
    975: "@",
}
PER_EM = 1_000
# Letters beyond ASCII: the widest of Latin, Greek and Cyrillic in that font are 1.09 em, ideographs one em.
UNMEASURED = 1_100
# Ours: Inter, the first of the font stack, is up to 8 % wider than Arial. An estimate may be too wide, never too narrow.
SLACK = 1.08

_REGULAR, _BOLD = ({character: width for width, characters in table.items() for character in characters} for table in (REGULAR, BOLD))


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, *, is_bold: bool = False, slack: float = SLACK) -> float:
    """The most px that one line of this text takes at a font size (px); without slack, what it takes on our own server."""
    widths = _BOLD if is_bold else _REGULAR
    total = 0
    for character in text:
        width = widths.get(character)
        if width is not None:
            total += width
        elif not unicodedata.combining(character):
            total += UNMEASURED
    return total * size * slack / PER_EM


def shortened(text: str, size: float, room: float, *, is_bold: bool = False) -> str:
    """The text, cut with an ellipsis where it is wider than the room (px)."""
    if text_width(text, size, is_bold=is_bold) <= room:
        return text
    kept = text
    while kept and text_width(kept + ELLIPSIS, size, is_bold=is_bold) > room:
        kept = kept[:-1]
    return kept.rstrip(" ,;:.") + ELLIPSIS


def wrapped(text: str, size: float, room: float, *, lines: int, is_bold: bool = False) -> list[str]:
    """The text in at most so many lines of at most this room (px), broken between words; the last is cut where it must be."""
    if not text:
        return []
    found: list[str] = []
    rest = text.split(" ")
    while rest and len(found) < lines - 1:
        count = len(rest)
        while count > 1 and text_width(" ".join(rest[:count]), size, is_bold=is_bold) > room:
            count -= 1
        found.append(shortened(" ".join(rest[:count]), size, room, is_bold=is_bold))
        rest = rest[count:]
    if rest:
        found.append(shortened(" ".join(rest), size, room, is_bold=is_bold))
    return found


def balanced(text: str, size: float, room: float, *, lines: int, is_bold: bool = False) -> list[str]:
    """Like `wrapped`, broken between clauses where that fits, else with lines as even as words allow: a last line of one word looks
    like a slip."""
    fullest = wrapped(text, size, room, lines=lines, is_bold=is_bold)
    if len(fullest) < 2 or fullest[-1].endswith(ELLIPSIS):
        return fullest
    clauses = text.split(CLAUSE)
    parts = [clause + CLAUSE.rstrip() for clause in clauses[:-1]] + clauses[-1:]
    if len(parts) == len(fullest) and all(text_width(part, size, is_bold=is_bold) <= room for part in parts):
        return parts
    low, high = room / len(fullest), room
    while high - low > size:
        middle = (low + high) / 2
        tried = wrapped(text, size, middle, lines=lines, is_bold=is_bold)
        if len(tried) == len(fullest) and not any(line.endswith(ELLIPSIS) for line in tried):
            high = middle
        else:
            low = middle
    return wrapped(text, size, high, lines=lines, is_bold=is_bold)
