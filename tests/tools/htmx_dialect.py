"""Refuse what htmx 4 ignores in silence, and what our Content-Security-Policy forbids: `python -m tests.tools.htmx_dialect PATH ...`.

Most examples and most memories are of htmx 2. Its dialect does not fail in htmx 4: a button just does nothing, or, worse, a filter
is dropped and the request is sent without its condition.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

SUFFIXES = {".html", ".js", ".py"}

# Pattern -> what to write instead.
RULES = {
    r"\bhx-ext\s*=": "load the extension's script; htmx 4 needs no attribute",
    r"\bhx-disabled-elt\b": "hx-disable",
    r"\bhx-(vars|params|prompt|disinherit|inherit|request|history)\s*=": "removed in htmx 4",
    r"\bhx-history-elt\b": "removed in htmx 4",
    r"\bsse-(swap|connect|close)\b": "hx-sse:connect, hx-sse:close",
    r"\bws-(connect|send)\b": "event streams, not web sockets",
    r"\bhtmx:[a-z]+[A-Z]\w*": "htmx 4's names have colons: htmx:after:swap",
    r"\bhx-on\b": "a listener in static/js: inline script is forbidden",
    r"\bhx-(?:vals|headers|config)(?::inherited)?\s*=\s*[\"']\s*(?:js|javascript):": "plain JSON: what needs evaluation is dropped",
    r"\bhx-trigger(?::inherited)?\s*=\s*(?:\"[^\"]*\w\[|'[^']*\w\[)": "no filter: the request is sent without its condition",
    r"<(?:body|html)\b[^>]*\bhx-(?:headers|target|swap|include|indicator|sync|vals|boost|confirm)\s*=": "hx-headers:inherited=",
    r"<[a-z][^>]*\son[a-z]+\s*=": "a listener in static/js: inline script is forbidden",
    r"<[a-z][^>]*\sstyle\s*=": "a class: inline style is forbidden",
    r"\b(?:href|action|src)\s*=\s*[\"']?\s*javascript:": "a listener in static/js",
}
# Sought in the whole file: an attribute may stand on another line than its element.
COMPILED = [(re.compile(pattern), instead) for pattern, instead in RULES.items()]


def findings(text: str) -> Iterator[tuple[int, str, str]]:
    """Line number, what stands there, what to write instead; in the order of the text."""
    found = [(match.start(), match[0], instead) for pattern, instead in COMPILED for match in pattern.finditer(text)]
    for start, words, instead in sorted(found):
        yield text.count("\n", 0, start) + 1, words, instead


def main(roots: list[str]) -> int:
    """The number of findings, each printed as file:line."""
    count = 0
    for root in roots:
        for path in sorted(file for file in Path(root).rglob("*") if file.suffix in SUFFIXES):
            for line, words, instead in findings(path.read_text()):
                sys.stdout.write(f"{path}:{line}: {words!r}: {instead}\n")
                count += 1
    return count


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
