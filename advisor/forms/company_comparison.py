"""Which companies an address asks to compare."""

from __future__ import annotations

from django.http import QueryDict

from advisor.models.portfolio import MOST_COMPARED

FEWEST_COMPARED = 2
LONGEST_KEY = 18  # digits that every database holds


def read_companies(query: QueryDict, *, most: int | None = MOST_COMPARED) -> list[int]:
    """The keys of the companies in the order of the address, each once.

    Raises ValueError with a sentence for people where they are too few, more than `most`, or no keys.
    """
    texts = [text.strip() for text in query.getlist("company") if text.strip()]
    wrong = next((text for text in texts if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_KEY)), None)
    if wrong is not None:
        raise ValueError(f"company: “{wrong[:40]}” is no company's number; a whole number is expected, as in ?company=1&company=2.")
    keys = list(dict.fromkeys(int(text) for text in texts))
    if len(keys) < FEWEST_COMPARED:
        raise ValueError(f"Choose at least two companies to compare; {'none is' if not keys else 'one is'} chosen.")
    if most is not None and len(keys) > most:
        raise ValueError(f"At most {most} companies stand side by side; {len(keys)} are chosen. Take some away.")
    return keys
