"""What is stored of a token."""

from __future__ import annotations

import hashlib


def hash_of(token: str) -> str:
    """SHA-256 as 64 hexadecimal digits. A token is random and long, and so needs no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()
