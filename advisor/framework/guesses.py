"""Which measures rest on a guess: on an answer that somebody assumed and nobody has found out yet."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from advisor.framework.scenario import EXPANSION_FACTS, SHARE_WAY, UNUSED_BY_WAY, Team, question_and_path

# Measures that follow from the same answers always; share and potential depend on how question 1 is answered, today's team on whether it
# is one that has no name.
FOLLOWS_FROM: dict[str, tuple[str, ...]] = {
    "acv": ("acv",),
    "motion": ("motion",),
    "weight": ("acv", "motion"),
    "difficulty": (*EXPANSION_FACTS, "path_share"),
    "gross_retention": ("gross_retention",),
    "current_owner": ("current_owner",),
}
DIRECT_SHARE, POTENTIAL, YEARS, GROWTH = "first_sale_share", "potential_acv", "years_to_potential", "expansion_rate"


def guessed_measures(guesses: Collection[str], answers: Mapping[str, object]) -> frozenset[str]:
    """The measures that follow from an answer among `guesses`, which are names of `answer_name`.

    `answers` are those that are given, by name: they say in which way question 1 is answered.
    """
    unused = UNUSED_BY_WAY.get(str(answers.get(SHARE_WAY)), ())
    given = {name for name, value in answers.items() if value is not None} - set(unused)
    asked = {question_and_path(name)[0] for name in guesses} - set(unused)
    potential = (POTENTIAL,) if POTENTIAL in given else ("acv", GROWTH)
    pace = YEARS if POTENTIAL in given and YEARS in given else GROWTH
    share = (DIRECT_SHARE,) if DIRECT_SHARE in given else (*potential, pace, "acv", "gross_retention")
    team = ("current_team", "current_team_words") if answers.get("current_team") == Team.OTHER else ("current_team",)
    follows_from = FOLLOWS_FROM | {"potential": potential, "share": share, "current_team": team}
    return frozenset(measure for measure, names in follows_from.items() if asked & set(names))
