from __future__ import annotations


def decision_context(step):
    return {}


def proposal_context(step):
    return {}


def vote_context(step, person):
    return {}
