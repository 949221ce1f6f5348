"""Every rule rests on a passage of one of the two essays, or says that it is ours; no sentence of theirs is copied."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from advisor.framework import local_maximums as summits
from advisor.framework import sources
from advisor.framework.advice import advise
from advisor.framework.compensation import pay_plan
from advisor.framework.cross_check import TEAM_SOURCES
from advisor.framework.local_maximums import LocalMaximum
from advisor.framework.policy import DEFAULT_POLICY, PARAMETERS
from advisor.framework.questions import QUESTIONS
from advisor.framework.scenario import Owner, Scenario, Team
from advisor.framework.sources import SOURCES, Source
from tests.framework.scenarios import SNOWFLAKE

REPOSITORY = Path(__file__).parents[2]
FRAMEWORK = REPOSITORY / "advisor" / "framework"
ESSAYS = REPOSITORY.parent / "shared" / "essays"


def test_sources_lists_every_source_of_the_module() -> None:
    assert list(SOURCES) == [item for item in vars(sources).values() if isinstance(item, Source)]


def test_source_keys_are_unique_and_fit_an_address() -> None:
    keys = [source.key for source in SOURCES]
    assert len(set(keys)) == len(keys)
    assert [key for key in keys if not re.fullmatch(r"(roberge|tunguz)(-[a-z]+)+", key)] == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.key)
def test_source_names_author_and_essay(source: Source) -> None:
    author, work = {
        "roberge": ("Mark Roberge", "To specialize or not (Stage 2 Capital)"),
        "tunguz": ("Tomasz Tunguz", "The three types of customer success teams"),
    }[source.key.partition("-")[0]]
    assert (source.author, source.work, source.label) == (author, work, f"{author}, {work}")
    assert source.passage


def sources_in_use() -> set[Source]:
    """The sources that a question, a parameter, a local maximum, a finding or a step of some advice names."""
    used = {question.source for question in QUESTIONS} | {parameter.source for parameter in PARAMETERS}
    used |= {item.source for item in vars(summits).values() if isinstance(item, LocalMaximum)}
    used |= set(TEAM_SOURCES.values())
    used.add(pay_plan(Scenario(), DEFAULT_POLICY).source)
    too_light = Scenario(acv=200_000.0, motion=0.0, current_team=Team.OTHER, current_owner=Owner.NONE)
    for scenario in (Scenario(), SNOWFLAKE, too_light):
        advice = advise(scenario)
        used |= {step.source for step in advice.path} | {mismatch.source for mismatch in advice.copy_check.mismatches}
    return {source for source in used if source is not None}


def test_every_source_is_used_and_every_used_source_is_listed() -> None:
    assert sources_in_use() == set(SOURCES)


def shingles(text: str) -> set[tuple[str, ...]]:
    """Every run of eight words, whatever the punctuation."""
    words = re.findall(r"[a-z0-9$%]+", text.lower().replace("\u2019", "").replace("'", ""))
    return {tuple(words[start : start + 8]) for start in range(len(words) - 7)}


def texts_of(module: Path) -> str:
    """Every string of a module as it is written, adjacent literals joined, each on its own line."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    return "\n".join(node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))


@pytest.mark.skipif(not ESSAYS.is_dir(), reason="the essays are their authors' and not part of the repository; they stand beside it")
@pytest.mark.parametrize("module", sorted(FRAMEWORK.glob("*.py")), ids=lambda module: module.stem)
def test_no_sentence_of_the_essays_is_copied(module: Path) -> None:
    essays = set().union(*(shingles(essay.read_text(encoding="utf-8")) for essay in ESSAYS.glob("*.txt")))
    assert len(essays) > 1_000
    assert {" ".join(words) for text in texts_of(module).splitlines() for words in shingles(text) & essays} == set()
