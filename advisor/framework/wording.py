"""The field's own words for codes and numbers, the same in every sentence, page and chart."""

from __future__ import annotations

from collections.abc import Sequence

from advisor.framework.scenario import Owner, Scenario, Team

TEAM_NAMES: dict[Team, str] = {
    Team.CSAM: "CSAM",
    Team.AE_CSM_SUPPORT: "AE + CSM + Support",
    Team.AE_SE_SUPPORT_CSM: "AE + SE + Support + CSM",
    Team.AE_SE_SUPPORT: "AE + SE + Support (trimmed)",
    Team.OTHER: "another team",
}

OWNER_NAMES: dict[Owner, str] = {
    Owner.CSAM: "the CSAM",
    Owner.CSM: "the CSM",
    Owner.AM: "the account manager",
    Owner.AE: "the AE",
    Owner.NONE: "nobody",
    Owner.OPEN: "open",
}


def team_today(scenario: Scenario) -> str:
    """The team of today; one that is none of the four in the company's own words as well."""
    assert scenario.current_team is not None
    words = " ".join(scenario.current_team_words.split())
    name = TEAM_NAMES[scenario.current_team]
    return f"{name} ({words})" if scenario.current_team is Team.OTHER and words else name


MOTION_SCALE = "0 self-serve, 50 assisted by sales, 100 a complex deployment"


def money(amount: float) -> str:
    """USD in the shortest form that people say aloud: $900, $4.6k, $30k, $212k, $1.2M."""
    if amount < 999.5:
        return f"${amount:.0f}"
    if amount < 9_950:
        return f"${amount / 1_000:.1f}k".replace(".0k", "k")
    if amount < 999_500:
        return f"${amount / 1_000:.0f}k"
    if amount < 999_500_000:
        return f"${amount / 1_000_000:.1f}M".replace(".0M", "M")
    return f"${amount / 1_000_000_000:.1f}B".replace(".0B", "B")


def percent(fraction: float) -> str:
    """A fraction as whole per cent, with one decimal under ten: 0.064 -> 6.4 %, 0.85 -> 85 %."""
    per_cent = fraction * 100
    if 0 < abs(per_cent) < 9.95 and round(per_cent, 1) != round(per_cent):
        return f"{per_cent:.1f} %"
    return f"{per_cent:.0f} %"


def percent_as_set(fraction: float) -> str:
    """A fraction that somebody has set, with the digits that it has, two at most: 0.5 -> 50 %, 0.005 -> 0.5 %, 0.995 -> 99.5 %."""
    return f"{fraction * 100:.2f}".rstrip("0").removesuffix(".") + " %"


def points(score: float) -> str:
    """A difficulty of 0 to 100: 70, 52.5."""
    return f"{score:.1f}".removesuffix(".0")


def years(number: float) -> str:
    text = f"{number:.1f}".removesuffix(".0")
    return f"{text} year" if text == "1" else f"{text} years"


NUMBER_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven")


def either(words: Sequence[str]) -> str:
    """Words of which one holds: "a, b or c"."""
    return " or ".join(each for each in (", ".join(words[:-1]), words[-1]) if each)


def listed(words: list[str] | tuple[str, ...]) -> str:
    """Words as a sentence lists them: a, b and c."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def counted(words: Sequence[str], most: int, noun: str) -> str:
    """The first of them as a sentence lists them, the others by their number; of all only that where none is to be named: 4 answers."""
    more = len(words) - most
    if more <= 0:
        return listed(list(words))
    if most == 0:
        return f"{more} {noun}{'' if more == 1 else 's'}"
    return listed([*words[:most], f"{more} more"])
