"""What the abbreviations and the terms of the field mean, and what each does here."""

from __future__ import annotations

from typing import NamedTuple

from advisor.framework.wording import MOTION_SCALE


class Word(NamedTuple):
    word: str
    meaning: str


WORDS = (
    Word("ACV", "Annual contract value: what one customer pays a year, in USD."),
    Word("AE", "Account executive: sells to new customers."),
    Word("AM", "Account manager: renews and expands accounts."),
    Word("BDR", "Business development representative: makes the first appointments."),
    Word("CSAM", "Customer success account manager: one hybrid role that serves, renews and expands."),
    Word("CSM", "Customer success manager: sees to it that customers adopt, and often renews and expands."),
    Word("SE", "Sales engineer: implements and configures, before and after the signature."),
    Word("Support", "Answers questions and mends what is broken."),
    Word("LIR", "Leading indicator of retention: what a new customer does early on that tells whether it will renew."),
    Word("Lifetime value (LTV)", "What a customer is worth over all its years, discounted and with churn."),
    Word("SLA", "Service level agreement: what the supplier promises, in writing."),
    Word("Sales motion", f"How much help a customer needs to buy and to start: {MOTION_SCALE}."),
    Word("First sale", "What a new customer buys at the start. What it buys later is the expansion."),
    Word("Specialize", "Another role than the AE owns the expansion, after a hand-over."),
    Word("Keep together", "The AE stays, and owns renewal and expansion."),
    Word("Tripwire", "What brings a decision back to the table before its review."),
    Word("Land and expand", "The land is the first sale; the expansion is everything sold to the account afterwards."),
    Word("Zone", "Where a segment lies on the chart of contract value by sales motion: CSAM, AE + CSM + Support, or Enterprise."),
)
WORD = {word.word: word for word in WORDS}
