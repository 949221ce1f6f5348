from __future__ import annotations


def reveal_context(step, people):
    return {}
