"""The scenario page: what is typed is saved as it was meant, or refused by name, and nobody's answer is overwritten unseen."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from advisor.models import Answer, Company, Origin, Scenario, User, Workshop
from advisor.models.scenario import AnswerValue
from advisor.services.workshop import open_workshop
from tests.factories import (
    DIFFERENT_STORY,
    IMPORTED,
    TWO_WAYS,
    everything,
    make_it_old,
    make_scenario,
    read,
    say,
    values,
)
from tests.views.conftest import SignIn
from tests.views.pages import Screen, main_of, page_of, parts_of, regions_shown, rows_of, sent_by, theirs_of, title_of

pytestmark = pytest.mark.django_db

SCRIPT = pytest.mark.parametrize("has_script", [True, False], ids=["htmx", "page"])


def send(screen: Screen, changes: dict[str, str], *, has_script: bool) -> int:
    response = screen.send(changes) if has_script else screen.submit(changes)
    return int(response.status_code)


def statements(queries: CaptureQueriesContext) -> list[str]:
    """Reads and writes, without what only marks a transaction."""
    kinds = [query["sql"].split()[0] for query in queries.captured_queries]
    return [kind for kind in kinds if kind in ("SELECT", "INSERT", "UPDATE", "DELETE")]


# --- The page ------------------------------------------------------------------------------------


def test_page_holds_the_advice_in_the_first_html(client: Client, company: Company) -> None:
    scenario = make_scenario(company, DIFFERENT_STORY)
    page = Screen(client, scenario).page
    advice = read(scenario).advice()
    assert page.one("title").text == "Enterprise, Today · Klaviyo"
    assert page.one(id="headline").text == advice.headline == "Keep the AE on the account"
    assert page.one(id="reason").text == advice.reason
    assert [item.text for item in page.one(id="flips").all("li")] == list(advice.flip_sentences)
    assert page.one(id="reading-share").one("output").text == "7 %"


def test_page_without_an_answer_says_what_comes_next(client: Client, company: Company) -> None:
    page = Screen(client, make_scenario(company)).page
    assert page.one(id="headline").text == "Not decided yet"
    assert [item.text for item in page.one(id="flips").all("li")] == ["Nothing yet. Flip points appear with the answers."]
    assert "What does a new customer of this segment pay a year?" in page.one(id="verdict").text


def test_page_holds_the_chart_as_a_table_for_who_has_no_script(client: Client, company: Company, scenario: Scenario) -> None:
    make_scenario(company, {"acv": 900.0, "motion": 0.0, "expansion_rate": 0.08}, segment="Self-serve")
    (table,) = Screen(client, scenario).page.one(id="main").one("noscript").all("table")
    assert rows_of(table) == [
        ("Enterprise", "Today", "$30k", "50", "AE + CSM + Support", "", "", "Not decided yet"),
        ("Self-serve", "Today", "$900", "0", "CSAM", "88 %", "", "One CSAM serves and expands"),
    ]


def test_question_2_waits_for_question_1_but_never_hides_an_answer(client: Client, company: Company) -> None:
    new = make_scenario(company, {"acv": 30_000.0})
    told = make_scenario(company, {"political": "yes"}, name="Plan")
    assert ["hidden" in Screen(client, one).page.one(id="question-2") for one in (new, told)] == [True, False]


def test_a_way_of_growing_can_be_removed_and_brought_back(client: Client, company: Company) -> None:
    scenario = make_scenario(company, TWO_WAYS)
    before = values(scenario)
    screen = Screen(client, scenario)
    (button,) = screen.form.all("button", name="remove_path")
    assert screen.submit(button=button).status_code == 302
    assert {name: value for name, value in values(scenario).items() if value is not None} == {
        name: value for name, value in before.items() if not name.endswith("@2")
    }
    assert Screen(client, scenario).form.all("button", name="remove_path") == []
    assert client.post(f"{screen.address}undo/", {"change": str(read(scenario).revision)}).status_code == 302
    assert values(scenario) == before


def test_the_table_beside_the_chart_follows_the_answers_while_it_is_open(client: Client, company: Company) -> None:
    screen = Screen(client, make_scenario(company, DIFFERENT_STORY))
    (row,) = screen.page.all("tr", id="chart-row")
    screen.seen += f",chart-row={row['data-fp']}"
    parts = parts_of(screen.send({"acv": "45k"}))
    assert [cell.text for cell in parts["chart-row"].all("td")][1] == "$45k"


@pytest.mark.parametrize("asks", [True, False])
def test_question_2_is_shown_only_where_question_1_calls_for_it(client: Client, company: Company, asks: bool) -> None:
    scenario = make_scenario(company, {"first_sale_share": 0.1 if asks else 0.9})
    assert ("hidden" in Screen(client, scenario).page.one(id="question-2")) is not asks


def test_every_answer_says_where_it_comes_from(client: Client, ana: User, company: Company) -> None:
    scenario = make_scenario(company, {"acv": 30_000.0, "political": "yes", "current_team": "csam"}, author=ana)
    say(ana, scenario, {"motion": 50.0})
    Answer.objects.filter(question="political").update(origin=Origin.ASSUMED, author=None)
    page = Screen(client, scenario).page
    told = {note["data-told"]: note.text for note in page.all("span", class_="told")}
    assert {name: text for name, text in told.items() if text} == {
        "acv": "imported",
        "motion": "typed",
        "political": "assumed",
        "current_team": "imported",
    }
    assert page.one(data_told="acv").one("span", class_="origin")["title"].startswith("imported by Ana, ")
    assert page.one(data_told="political").one("span", class_="origin")["title"].startswith("assumed, ")


def test_a_viewer_sees_the_form_and_cannot_type(vera: User, sign_in: SignIn, scenario: Scenario) -> None:
    screen = Screen(sign_in(vera), scenario)
    assert screen.control("acv")["value"] == "30,000"
    assert sent_by(screen.form).keys() == {"csrfmiddlewaretoken", "based_on"}
    assert "hx-post" not in screen.form
    assert [form["action"] for form in screen.page.one(id="main").all("form")] == [f"/scenarios/{scenario.pk}/answers/"]


def test_labels_belong_to_their_controls(client: Client, company: Company) -> None:
    page = Screen(client, make_scenario(company, DIFFERENT_STORY | TWO_WAYS)).page
    ids = [element["id"] for element in page if "id" in element]
    assert len(ids) == len(set(ids))
    assert [label["for"] for label in page.all("label") if "for" in label and label["for"] not in ids] == []
    described = [each for element in page for each in element.attributes.get("aria-describedby", "").split()]
    assert [each for each in described if each not in ids] == []


def test_enter_in_a_field_saves_and_answers_nothing_else(client: Client, scenario: Scenario) -> None:
    screen = Screen(client, scenario)
    first = next(button for button in screen.form.all("button") if button.attributes.get("type", "submit") == "submit")
    screen.submit({"acv": "45k"}, button=first if "name" in first else None)
    assert values(scenario) == {"acv": 45_000.0, "motion": 50.0}


# --- Answers as people type them -----------------------------------------------------------------

TYPED: tuple[tuple[str, str, AnswerValue], ...] = (
    ("acv", "30k", 30_000.0),
    ("acv", "$30,000", 30_000.0),
    ("acv", " 30 000 ", 30_000.0),
    ("acv", "1.2M", 1_200_000.0),
    ("motion", "0", 0.0),
    ("motion", "Sales assisted", 50.0),
    ("motion", "62.5", 62.5),
    ("share_way", "direct", "direct"),
    ("first_sale_share", "6 %", 0.06),
    ("first_sale_share", "6", 0.06),
    ("first_sale_share", "100%", 1.0),
    ("potential_acv", "1M", 1_000_000.0),
    ("years_to_potential", "2.5", 2.5),
    ("expansion_rate", "-5 %", -0.05),
    ("expansion_rate", "0.5", 0.005),
    ("gross_retention", "93", 0.93),
    ("different_department", "yes", "yes"),
    ("political", "partly", "partly"),
    ("grows_by_itself", "no", "no"),
    ("path_name", "  More   seats ", "More seats"),
    ("path_share", "66.7 %", 0.667),
    ("path_name@2", "Another department", "Another department"),
    ("path_share@2", "40", 0.4),
    ("procurement@2", "yes", "yes"),
    ("political@5", "no", "no"),
    ("current_team", "ae_se_support_csm", "ae_se_support_csm"),
    ("current_owner", "none", "none"),
    ("current_reason", "unknown", "unknown"),
    ("lir_event", "team messages", "team messages"),
    ("lir_event", "<b>O'Brien & “sons”</b>", "<b>O'Brien & “sons”</b>"),
    ("lir_threshold", "2,000", 2_000.0),
    ("lir_window_days", "30", 30.0),
    ("lir_window", "every_days", "every_days"),
    ("lir_rate", "0", 0.0),
)


@SCRIPT
@pytest.mark.parametrize(("name", "text", "value"), TYPED)
def test_an_answer_is_saved_as_it_was_meant(
    name: str, text: str, value: AnswerValue, has_script: bool, client: Client, company: Company, ana: User
) -> None:
    scenario = make_scenario(company)
    assert send(Screen(client, scenario), {name: text}, has_script=has_script) == (200 if has_script else 302)
    (answer,) = Answer.objects.all()
    assert (answer.question, answer.value, type(answer.value)) == (name, value, type(value))
    assert (answer.origin, answer.author, answer.revision, read(scenario).revision) == (Origin.TYPED, ana, 1, 1)


@SCRIPT
@pytest.mark.parametrize("blank", ["", "   ", "\t"])
@pytest.mark.parametrize("name", [*IMPORTED, "political@2", "path_name@2", "path_share@2"])
def test_a_blank_takes_an_answer_back(name: str, blank: str, has_script: bool, client: Client, company: Company) -> None:
    scenario = make_scenario(company, IMPORTED | TWO_WAYS)
    revision = scenario.revision
    send(Screen(client, scenario), {name: blank}, has_script=has_script)
    assert values(scenario)[name] is None
    assert read(scenario).revision == revision + 1


@SCRIPT
def test_the_same_answer_again_is_no_change(has_script: bool, client: Client, scenario: Scenario) -> None:
    before = everything()
    send(Screen(client, scenario), {"acv": "$30k", "motion": "sales_assisted"}, has_script=has_script)
    assert everything() == before


@SCRIPT
def test_several_answers_are_one_revision(has_script: bool, client: Client, scenario: Scenario) -> None:
    send(Screen(client, scenario), {"acv": "45k", "motion": "100", "political": "yes"}, has_script=has_script)
    assert (read(scenario).revision, values(scenario)) == (3, {"acv": 45_000.0, "motion": 100.0, "political": "yes"})


@SCRIPT
def test_fields_that_are_no_answers_are_left_alone(has_script: bool, client: Client, scenario: Scenario) -> None:
    odd = {"revision": "9", "author": "1", "origin": "imported", "company": "X", "political@6": "yes", "political@0": "yes", "acv@2": "1"}
    send(Screen(client, scenario), {**odd, "political@1": "yes", "acv": "45k", "<b>": "x"}, has_script=has_script)
    assert values(scenario) == {"acv": 45_000.0, "motion": 50.0}


@SCRIPT
@pytest.mark.parametrize("way", ["growth", "potential", "direct"])
def test_the_way_of_question_1_that_is_chosen_is_the_way_that_counts(way: str, has_script: bool, client: Client, company: Company) -> None:
    answers: dict[str, AnswerValue] = {"acv": 30_000.0, "expansion_rate": 0.1, "potential_acv": 1e6, "years_to_potential": 4.0}
    scenario = make_scenario(company, answers, first_sale_share=0.3, share_way="potential" if way == "direct" else "direct")
    send(Screen(client, scenario), {"share_way": way}, has_script=has_script)
    assert values(scenario)["share_way"] == way
    screen = Screen(client, scenario)
    assert screen.texts["share_way"] == way
    expected = {"growth": "85 %", "potential": "7 %", "direct": "30 %"}[way]
    assert screen.page.one(id="reading-share").one("output").text == expected


# --- Answers that cannot be read -----------------------------------------------------------------

REFUSED: tuple[tuple[str, str, str], ...] = (
    ("acv", "thirty", '"thirty" is not an amount; expected USD a year such as 30000, $30,000 or 30k.'),
    ("acv", "0", '"0" is out of range; expected USD a year from 1 to 1,000,000,000.'),
    ("acv", "NaN", '"NaN" is not an amount; expected USD a year such as 30000, $30,000 or 30k.'),
    ("acv", "Infinity", '"Infinity" is not an amount; expected USD a year such as 30000, $30,000 or 30k.'),
    ("acv", "1e400", '"1e400" is not an amount; expected USD a year such as 30000, $30,000 or 30k.'),
    ("acv", "1_000", '"1_000" is not an amount; expected USD a year such as 30000, $30,000 or 30k.'),
    ("acv", "١٢٣", '"١٢٣" is not an amount; expected USD a year such as 30000, $30,000 or 30k.'),
    ("acv", "9" * 5_000, f'"{"9" * 59}…" is not an amount; expected USD a year such as 30000, $30,000 or 30k.'),
    ("motion", "101", '"101" is out of range; expected self_serve, sales_assisted, complex, or 0 to 100.'),
    ("first_sale_share", "0", '"0" is out of range; expected per cent from 1 to 100.'),
    ("potential_acv", "-5", '"-5" is negative; expected USD a year from 1 to 10,000,000,000.'),
    ("years_to_potential", "31", '"31" is out of range; expected years from 0.25 to 30.'),
    ("expansion_rate", "a lot", '"a lot" is not a percentage; expected whole per cent such as 6 or 6 %.'),
    ("gross_retention", "120", '"120" is out of range; expected per cent from 1 to 100.'),
    (
        "current_team",
        "them",
        '"them" is none of the choices; expected csam, ae_csm_support, ae_se_support_csm, ae_se_support or other.',
    ),
    ("lir_event", "a\x00b", '"a\\x00b" holds characters that cannot be printed; expected plain text.'),
    ("lir_event", "x" * 201, f'"{"x" * 59}…" is too long (201 characters); expected at most 200.'),
    ("lir_rate", "101 %", '"101 %" is out of range; expected per cent from 0 to 100.'),
)


@pytest.mark.parametrize(("name", "text", "sentence"), REFUSED)
def test_refused_to_script_names_the_field_and_saves_nothing(
    name: str, text: str, sentence: str, client: Client, scenario: Scenario
) -> None:
    screen = Screen(client, scenario)
    before = everything()
    response = screen.send({name: text, "political": "yes"})
    assert response.status_code == 422
    assert {target: part.raw_text for target, part in parts_of(response).items()} == {f"e-{name}": sentence}
    assert response.headers["X-Revision"] == "2"
    assert everything() == before
    assert screen.page.one(id=f"e-{name}").text == ""  # where the sentence goes


@pytest.mark.parametrize(("name", "text", "sentence"), [case for case in REFUSED if "\x00" not in case[1]])
def test_refused_without_script_is_the_page_with_its_errors(
    name: str, text: str, sentence: str, client: Client, scenario: Scenario
) -> None:
    screen = Screen(client, scenario)
    before = everything()
    response = screen.submit({name: text, "political": "yes", "lir_threshold": "about 5"} | ({name: text}))
    assert response.status_code == 422
    assert everything() == before
    assert title_of(response) == "Error: Enterprise, Today · Klaviyo"
    summary = screen.page.one(id="error-summary")
    links = {link["href"]: link.text for link in summary.all("a")}
    assert links == {
        f"#f-{name}": sentence,
        "#f-lir_threshold": '"about 5" is not a number; expected a number of times such as 4 or 30.',
    }
    assert summary.one("h2").text == "Not saved: 2 answers cannot be read"
    control = screen.control(name)
    assert (control["aria-invalid"], f"e-{name}" in control["aria-describedby"].split()) == ("true", True)
    assert control["id"] == f"f-{name}"
    assert screen.page.one(id=f"e-{name}").text == sentence
    if control.tag == "input":
        assert control["value"] == text
    assert [each["name"] for each in screen.form if "aria-invalid" in each and each["name"] not in (name, "lir_threshold")] == []
    assert screen.texts["political"] == "yes"


def test_refused_choice_of_a_radio_names_the_field(client: Client, scenario: Scenario) -> None:
    response = Screen(client, scenario).send({"political@2": "maybe", "share_way": "luck"})
    assert {target: part.raw_text for target, part in parts_of(response).items()} == {
        "e-political@2": '"maybe" is none of the choices; expected no, partly or yes.',
        "e-share_way": '"luck" is none of the ways; expected growth, potential or direct.',
    }


def test_refused_and_mended_saves_what_was_typed_before(client: Client, scenario: Scenario) -> None:
    screen = Screen(client, scenario)
    assert screen.submit({"acv": "45k", "share_way": "direct", "first_sale_share": "lots", "current_team": "csam"}).status_code == 422
    assert screen.submit({"first_sale_share": "40"}).status_code == 302
    assert values(scenario) == {
        "acv": 45_000.0,
        "motion": 50.0,
        "share_way": "direct",
        "first_sale_share": 0.4,
        "current_team": "csam",
    }


def test_refused_and_mended_does_not_bring_back_what_others_changed_meanwhile(client: Client, ben: User, scenario: Scenario) -> None:
    screen = Screen(client, scenario)
    say(ben, scenario, {"motion": 100.0})
    screen.submit({"acv": "lots"})
    assert screen.submit({"acv": "45k"}).status_code == 302
    assert values(scenario) == {"acv": 45_000.0, "motion": 100.0}


def test_refused_and_mended_is_still_a_conflict_with_what_others_changed_before(client: Client, ben: User, scenario: Scenario) -> None:
    screen = Screen(client, scenario)
    say(ben, scenario, {"acv": 60_000.0})
    screen.submit({"acv": "45k", "motion": "fast"})
    assert screen.submit({"motion": "100"}).status_code == 409
    assert values(scenario) == {"acv": 60_000.0, "motion": 50.0}


def test_refused_to_script_still_hears_what_others_changed(client: Client, ben: User, scenario: Scenario) -> None:
    screen = Screen(client, scenario)
    say(ben, scenario, {"motion": 100.0})
    screen.send({"acv": "lots"})
    assert [(answer["name"], answer["text"]) for answer in theirs_of(screen.poll())] == [("motion", "100")]


def test_refused_share_of_a_way_is_marked_where_it_was_typed(client: Client, company: Company) -> None:
    screen = Screen(client, make_scenario(company, TWO_WAYS))
    screen.submit({"path_share@2": "half"})
    assert screen.control("path_share@2")["aria-invalid"] == "true"
    assert screen.page.one(id="e-path_share@2").text == '"half" is not a percentage; expected whole per cent such as 6 or 6 %.'


def test_every_error_of_the_summary_leads_to_its_field(client: Client, scenario: Scenario) -> None:
    screen = Screen(client, scenario)
    screen.submit({"political": "maybe", "acv": "lots"})
    targets = [link["href"].removeprefix("#") for link in screen.page.one(id="error-summary").all("a")]
    ids = [element["id"] for element in screen.page if "id" in element]
    assert [target for target in targets if target not in ids] == []


# --- The revision that a change is based on ------------------------------------------------------


@SCRIPT
@pytest.mark.parametrize("odd", [None, "", "x", "-1", "1.5", " 2", "٢", "3", "999999999", "9" * 12, "9" * 5_000, "2\n"])
def test_a_change_that_is_based_on_nothing_is_400(odd: str | None, has_script: bool, client: Client, scenario: Scenario) -> None:
    before = everything()
    sent = {"acv": "45k"} if odd is None or has_script else {"acv": "45k", "based_on": odd}
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"} if has_script else {}
    if has_script and odd is not None and odd.isprintable():
        headers["X-Revision"] = odd
    response = client.post(f"/scenarios/{scenario.pk}/answers/", sent, headers=headers)
    assert (response.status_code, response.content) == (400, b"based_on: expected the revision of the page, a whole number.")
    assert everything() == before


@SCRIPT
def test_different_answers_of_two_people_merge(has_script: bool, client: Client, ben: User, scenario: Scenario) -> None:
    screen = Screen(client, scenario)
    say(ben, scenario, {"motion": 100.0})
    assert send(screen, {"acv": "45k"}, has_script=has_script) in (200, 302)
    assert values(scenario) == {"acv": 45_000.0, "motion": 100.0}


def test_a_merge_brings_the_others_answer_along(client: Client, ben: User, scenario: Scenario) -> None:
    screen = Screen(client, scenario)
    say(ben, scenario, {"motion": 100.0})
    (answer,) = theirs_of(screen.send({"acv": "45k"}))
    assert answer == {"name": "motion", "text": "100", "origin": "typed", "told": answer["told"]}
    assert answer["told"].startswith("typed by Ben, ")
    assert screen.revision == "4"
    assert screen.poll().status_code == 204


def test_conflict_to_script_holds_both_values_and_saves_nothing(client: Client, ben: User, scenario: Scenario) -> None:
    screen = Screen(client, scenario)
    say(ben, scenario, {"acv": 60_000.0})
    before = everything()
    response = screen.send({"acv": "45k", "political": "yes"})
    assert response.status_code == 409
    (answer,) = theirs_of(response)
    assert answer == {
        "name": "acv",
        "text": "60,000",
        "told": answer["told"],
        "conflict": "Ben changed this to 60,000 since you opened it.",
    }
    assert everything() == before
    assert screen.revision == "3"


def test_conflict_to_script_renews_the_advice_and_the_other_answers(client: Client, ben: User, scenario: Scenario) -> None:
    screen = Screen(client, scenario)
    say(ben, scenario, {"acv": 2_000_000.0, "motion": 100.0})
    response = screen.send({"acv": "45k"})
    assert [(answer["name"], answer["text"], "conflict" in answer) for answer in theirs_of(response)] == [
        ("acv", "2,000,000", True),
        ("motion", "100", False),
    ]
    parts = parts_of(response)
    assert parts["verdict"].one("dl").all("dd")[0].text == "AE + SE + Support + CSM"
    assert screen.poll().status_code == 204


def test_conflict_without_script_shows_both_values(client: Client, ben: User, scenario: Scenario) -> None:
    screen = Screen(client, scenario)
    say(ben, scenario, {"acv": 60_000.0, "current_team": "csam"})
    before = everything()
    response = screen.submit({"acv": "45k", "current_team": "ae_csm_support", "political": "yes"})
    assert response.status_code == 409
    assert everything() == before
    notes = {note["id"]: note.all("p")[0].text for note in screen.form.all(role="alert")}
    assert notes == {
        "c-acv": "Ben changed this to 60,000 since you opened it. You wrote 45k.",
        "c-current_team": "Ben changed this to CSAM (one hybrid role) since you opened it. You wrote ae_csm_support.",
    }
    assert screen.texts["acv"] == "45k"
    assert screen.texts["political"] == "yes"


def keep(screen: Screen, name: str) -> int:
    (button,) = [button for button in screen.form.all("button", name="keep") if button["value"].partition(":")[0] == name]
    return int(screen.submit(button=button).status_code)


def test_keep_mine_without_script_saves_mine_and_the_rest(client: Client, ben: User, scenario: Scenario) -> None:
    screen = Screen(client, scenario)
    say(ben, scenario, {"acv": 60_000.0, "motion": 100.0})
    screen.submit({"acv": "45k", "political": "yes"})
    assert keep(screen, "acv") == 302
    assert values(scenario) == {"acv": 45_000.0, "motion": 100.0, "political": "yes"}


def test_take_theirs_without_script_takes_theirs_and_saves_the_rest(client: Client, ben: User, scenario: Scenario) -> None:
    screen = Screen(client, scenario)
    say(ben, scenario, {"acv": 60_000.0})
    screen.submit({"acv": "45k", "political": "yes"})
    (button,) = [button for button in screen.form.all("button") if button.text == "Take theirs"]
    assert screen.submit(button=button).status_code == 302
    assert values(scenario) == {"acv": 60_000.0, "motion": 50.0, "political": "yes"}
    assert Screen(client, scenario).texts["acv"] == "60,000"


def test_keep_mine_of_one_conflict_does_not_settle_the_other(client: Client, ben: User, scenario: Scenario) -> None:
    screen = Screen(client, scenario)
    say(ben, scenario, {"acv": 60_000.0, "motion": 100.0})
    screen.submit({"acv": "45k", "motion": "0"})
    assert keep(screen, "acv") == 409
    assert values(scenario) == {"acv": 45_000.0, "motion": 100.0}
    assert [note["id"] for note in screen.form.all(role="alert")] == ["c-motion"]
    assert keep(screen, "motion") == 302
    assert values(scenario) == {"acv": 45_000.0, "motion": 0.0}


def test_keep_mine_of_an_answer_of_the_second_way(client: Client, ben: User, company: Company) -> None:
    scenario = make_scenario(company, TWO_WAYS)
    screen = Screen(client, scenario)
    say(ben, scenario, {"political@2": "no"})
    screen.submit({"political@2": "yes"})
    assert keep(screen, "political@2") == 302
    assert values(scenario)["political@2"] == "yes"


def test_keep_mine_does_not_overwrite_what_was_changed_once_more(client: Client, ben: User, scenario: Scenario) -> None:
    screen = Screen(client, scenario)
    say(ben, scenario, {"acv": 60_000.0})
    screen.submit({"acv": "45k"})
    make_it_old(scenario)
    say(ben, scenario, {"acv": 70_000.0})
    assert keep(screen, "acv") == 409
    assert values(scenario)["acv"] == 70_000.0


def test_keep_says_at_which_revision_the_other_was_seen(client: Client, ben: User, scenario: Scenario) -> None:
    say(ben, scenario, {"acv": 60_000.0})
    make_it_old(scenario)
    say(ben, scenario, {"acv": 70_000.0})
    typed = {"acv": "45k", "based_on": "2"}
    stale = client.post(f"/scenarios/{scenario.pk}/answers/", {**typed, "keep": "acv:3"})
    assert (stale.status_code, values(scenario)["acv"]) == (409, 70_000.0)
    seen = client.post(f"/scenarios/{scenario.pk}/answers/", {**typed, "keep": "acv:4"})
    assert (seen.status_code, values(scenario)["acv"]) == (302, 45_000.0)


@pytest.mark.parametrize(
    "odd", ["", "motion", "motion:3", "acv", "acv@2", "nothing:3", "acv:", "acv:x", "acv:²", "acv:-1", ":", "political@2:2"]
)
def test_keep_of_an_odd_name_keeps_nothing(odd: str, client: Client, ben: User, scenario: Scenario) -> None:
    say(ben, scenario, {"acv": 60_000.0})
    response = client.post(f"/scenarios/{scenario.pk}/answers/", {"acv": "45k", "based_on": "2", "keep": odd})
    assert (response.status_code, values(scenario)["acv"]) == (409, 60_000.0)


def test_keep_mine_with_script_is_the_answer_again_on_the_new_revision(client: Client, ben: User, scenario: Scenario) -> None:
    screen = Screen(client, scenario)
    say(ben, scenario, {"acv": 60_000.0})
    assert screen.send({"acv": "45k"}).status_code == 409
    assert screen.send({"acv": "45k"}).status_code == 200
    assert values(scenario)["acv"] == 45_000.0


def test_conflict_without_script_does_not_bring_back_what_else_was_changed(client: Client, ben: User, scenario: Scenario) -> None:
    screen = Screen(client, scenario)
    say(ben, scenario, {"acv": 60_000.0})
    say(ben, scenario, {"motion": 100.0})
    assert screen.submit({"acv": "45k"}).status_code == 409
    assert keep(screen, "acv") == 302
    assert values(scenario) == {"acv": 45_000.0, "motion": 100.0}


# --- The whole form ------------------------------------------------------------------------------

FORMS: dict[str, dict[str, AnswerValue]] = {
    "nothing": {},
    "different story": DIFFERENT_STORY,
    "imported": IMPORTED,
    "growth beside a potential": {"acv": 30_000.0, "potential_acv": 90_000.0, "expansion_rate": 0.07},
    "direct": {"first_sale_share": 0.064_321, "potential_acv": 1e6},
    "chosen": {"first_sale_share": 0.5, "expansion_rate": 0.1, "share_way": "growth"},
    "two ways": TWO_WAYS,
    "five ways": {"political": "yes", "political@5": "no", "path_name@3": "Third", "path_share@4": 0.125},
    "a way without a name": {"political": "yes", "political@2": "no"},
    "ends of ranges": {"acv": 1.0, "motion": 0.0, "expansion_rate": -0.9, "lir_rate": 0.0, "gross_retention": 1.0},
    "large": {"acv": 1e9, "potential_acv": 1e10, "expansion_rate": 10.0, "lir_threshold": 1e9, "lir_window_days": 3_650.0},
    "three digits": {"acv": 1.125, "potential_acv": 999.875, "years_to_potential": 2.125, "lir_threshold": 30.125},
    "words like marks": {"lir_event": "~ about", "path_name": "guess: it", "path_name@2": "-", "political@2": "no"},
}


@pytest.mark.parametrize("form", FORMS)
def test_the_whole_form_as_it_stands_changes_nothing(form: str, client: Client, company: Company) -> None:
    scenario = make_scenario(company, FORMS[form])
    before = everything()
    response = Screen(client, scenario).submit()
    assert (response.status_code, response["Location"]) == (302, f"/scenarios/{scenario.pk}/")
    assert everything() == before


@pytest.mark.parametrize("form", FORMS)
def test_the_whole_form_with_one_answer_typed_saves_that_one(form: str, client: Client, company: Company) -> None:
    scenario = make_scenario(company, FORMS[form])
    before = values(scenario)
    assert Screen(client, scenario).submit({"gross_retention": "87.5"}).status_code == 302
    assert values(scenario) == before | {"gross_retention": 0.875}
    assert read(scenario).revision == len(before) + 1


@pytest.mark.parametrize("form", FORMS)
def test_the_form_shows_every_answer(form: str, client: Client, company: Company) -> None:
    texts = Screen(client, make_scenario(company, FORMS[form])).texts
    assert {name for name in FORMS[form] if not texts[name]} == set()
    assert {name for name, text in texts.items() if text and name != "share_way"} == FORMS[form].keys() - {"share_way"}


def test_the_whole_form_that_was_opened_before_somebody_elses_change_does_not_undo_it(
    client: Client, ben: User, scenario: Scenario
) -> None:
    screen = Screen(client, scenario)
    say(ben, scenario, {"acv": 60_000.0, "political": "yes"})
    assert screen.submit({"motion": "100"}).status_code == 302
    assert values(scenario) == {"acv": 60_000.0, "motion": 100.0, "political": "yes"}


def test_a_stop_of_the_motion_is_a_button_of_the_form(client: Client, scenario: Scenario) -> None:
    screen = Screen(client, scenario)
    stops = screen.form.all("button", name="stop")
    assert [stop["value"] for stop in stops] == ["0", "50", "100"]
    assert screen.submit({"acv": "45k"}, button=stops[2]).status_code == 302
    assert values(scenario) == {"acv": 45_000.0, "motion": 100.0}


def test_a_saved_form_redirects_to_the_page_which_shows_it(client: Client, scenario: Scenario) -> None:
    response = Screen(client, scenario).submit({"acv": "45k"})
    assert (response.status_code, response["Location"]) == (302, f"/scenarios/{scenario.pk}/")
    assert Screen(client, scenario).texts["acv"] == "45,000"


@pytest.mark.parametrize("action", ["answers", "undo", "duplicate"])
def test_an_address_that_takes_changes_leads_to_the_page_when_it_is_visited(action: str, client: Client, scenario: Scenario) -> None:
    response = client.get(f"/scenarios/{scenario.pk}/{action}/")
    assert (response.status_code, response["Location"]) == (302, f"/scenarios/{scenario.pk}/")


# --- Ways of growing -----------------------------------------------------------------------------


def test_another_way_of_growing_is_added_with_a_name(client: Client, company: Company) -> None:
    scenario = make_scenario(company, {"acv": 30_000.0, "first_sale_share": 0.1, "political": "yes"})
    screen = Screen(client, scenario)
    (button,) = screen.form.all("button", name="add_path")
    assert button["value"] == "2"
    response = screen.submit({"acv": "45k"}, button=button)
    assert (response.status_code, response["Location"]) == (302, f"/scenarios/{scenario.pk}/")
    assert values(scenario) == {"acv": 45_000.0, "first_sale_share": 0.1, "political": "yes", "path_name@2": "Way 2"}
    texts = Screen(client, scenario).texts
    assert (texts["path_name"], texts["path_share"], texts["path_name@2"], texts["path_share@2"]) == ("", "", "Way 2", "")
    assert texts["political@2"] == ""


def test_ways_of_growing_are_weighed_by_their_money(client: Client, company: Company) -> None:
    scenario = make_scenario(company, {"first_sale_share": 0.1, "different_decision_maker": "yes", "different_decision_maker@2": "no"})
    facts = ("different_department", "different_use_case", "higher_executive", "consultative", "political", "procurement")
    Screen(client, scenario).submit({name: "no" for fact in facts for name in (fact, f"{fact}@2")})

    def difficulty() -> str:
        return Screen(client, scenario).page.one(id="reading-difficulty").one("output").text

    assert difficulty() == "10 of 100"
    Screen(client, scenario).submit({"path_share": "80", "path_share@2": "20"})
    assert difficulty() == "16 of 100"


def test_a_way_of_growing_without_a_name_stays_in_sight_while_its_facts_count(client: Client, company: Company) -> None:
    scenario = make_scenario(company, TWO_WAYS)
    Screen(client, scenario).submit({"path_name@2": ""})
    texts = Screen(client, scenario).texts
    assert (texts["path_name@2"], texts["different_department@2"], texts["political@2"]) == ("", "yes", "partly")


def test_no_more_than_five_ways_of_growing_are_offered(client: Client, company: Company) -> None:
    scenario = make_scenario(company, {"political@4": "yes"})
    screen = Screen(client, scenario)
    (button,) = screen.form.all("button", name="add_path")
    assert screen.submit(button=button).status_code == 302
    assert values(scenario) == {"political@4": "yes", "path_name@5": "Way 5"}
    assert Screen(client, scenario).form.all("button", name="add_path") == []


@pytest.mark.parametrize("odd", ["0", "1", "6", "-2", "x", "²", "٢", "2.0", "9" * 5_000])
def test_an_odd_number_of_a_way_adds_nothing(odd: str, client: Client, scenario: Scenario) -> None:
    before = everything()
    assert client.post(f"/scenarios/{scenario.pk}/answers/", {"based_on": "2", "add_path": odd}).status_code == 302
    assert everything() == before


# --- What comes back -----------------------------------------------------------------------------


def test_only_the_regions_that_differ_come_back(client: Client, company: Company) -> None:
    scenario = make_scenario(company, DIFFERENT_STORY)
    screen = Screen(client, scenario)
    before = dict(pair.split("=") for pair in screen.seen.split(","))
    parts = parts_of(screen.send({"acv": "31k"}))
    after = dict(pair.split("=") for pair in regions_shown(Screen(client, scenario).page).split(","))
    assert parts.keys() == {name for name in after if after[name] != before[name]}
    assert {name: part.one(id=name)["data-fp"] for name, part in parts.items()} == {name: after[name] for name in parts}
    assert "reading-share" in parts
    assert "levers" not in parts


def test_a_region_comes_back_only_where_the_page_shows_it(client: Client, company: Company) -> None:
    screen = Screen(client, make_scenario(company, DIFFERENT_STORY))
    assert "why" not in dict(pair.split("=") for pair in screen.seen.split(","))  # its part of the page is closed
    assert "why" not in parts_of(screen.send({"acv": "90k"}))
    screen.seen = regions_shown(screen.page, opened=True)
    assert "why" in parts_of(screen.send({"acv": "91k"}))


@pytest.mark.parametrize("seen", ["", ",", "=", "verdict", "verdict=", "nothing=1", "verdict=x=y", "<b>=1,é=2", "=,=,=" * 1_000])
def test_odd_words_about_what_was_seen_are_no_error(seen: str, client: Client, scenario: Scenario) -> None:
    screen = Screen(client, scenario)
    headers = {"HX-Request": "true", "HX-Request-Type": "partial", "X-Revision": "2", "X-Seen": seen}
    response = client.post(f"{screen.address}answers/", {"acv": "45k"}, headers=headers)
    assert response.status_code == 200
    assert parts_of(response).keys() <= {"verdict"}


def test_every_part_that_comes_back_has_its_place_on_the_page(client: Client, company: Company) -> None:
    scenario = make_scenario(company, DIFFERENT_STORY)
    screen = Screen(client, scenario)
    screen.seen = regions_shown(screen.page, opened=True)
    parts = parts_of(screen.send({"acv": "2M", "motion": "100", "potential_acv": "", "share_way": "direct", "first_sale_share": "90"}))
    ids = {element["id"] for element in screen.page if "id" in element}
    assert parts.keys() - ids == set()
    assert {name: [child.tag for child in part.children if not isinstance(child, str)] for name, part in parts.items()} == {
        name: [screen.page.one(id=name).tag] for name in parts
    }


def test_a_moved_acv_costs_a_small_reply(client: Client, company: Company) -> None:
    screen = Screen(client, make_scenario(company, DIFFERENT_STORY))
    response = screen.send({"acv": "31,000"})
    assert 0 < len(response.content) <= 2_048


def test_one_recompute_with_its_answer_saved_takes_five_statements(client: Client, company: Company) -> None:
    screen = Screen(client, make_scenario(company, DIFFERENT_STORY))
    with CaptureQueriesContext(connection) as first:
        screen.send({"acv": "31k"})
    with CaptureQueriesContext(connection) as again:  # the same gesture, on the row of the first
        screen.send({"acv": "32k"})
    assert statements(first) == ["SELECT", "SELECT", "SELECT", "UPDATE", "INSERT"]
    assert statements(again) == ["SELECT", "SELECT", "SELECT", "UPDATE", "UPDATE"]


def test_the_page_takes_as_many_statements_for_30_segments_as_for_3(client: Client, company: Company) -> None:
    counts = []
    for number in range(30):
        scenario = make_scenario(company, DIFFERENT_STORY, segment=f"Segment {number}")
        if number in (2, 29):
            client.get("/")
            with CaptureQueriesContext(connection) as queries:
                Screen(client, scenario)
            counts.append(statements(queries))
    assert counts == [["SELECT"] * 5] * 2


def test_the_page_leads_to_the_newest_workshop_that_runs_on_it(client: Client, scenario: Scenario, company: Company, ana: User) -> None:
    other = make_scenario(company, segment="Self-serve")
    for each in (scenario, scenario, other):
        open_workshop([each], ana)
    ended = open_workshop([scenario], ana)
    Workshop.objects.filter(pk=ended.pk).update(closed_at=timezone.now())
    newest = Workshop.objects.filter(steps__scenario=scenario, closed_at=None).latest("pk")
    actions = main_of(client.get(f"/scenarios/{scenario.pk}/")).one(class_="head-actions")
    assert [(link.text, link["href"]) for link in actions.all("a")][:2] == [
        ("Workshop running: open it", f"/workshops/{newest.pk}/"),
        ("New workshop", f"/scenarios/{scenario.pk}/workshop/"),
    ]


def test_the_page_says_nothing_of_a_workshop_to_who_may_not_lead_it(vera: User, sign_in: SignIn, scenario: Scenario, ana: User) -> None:
    open_workshop([scenario], ana)
    assert "Workshop" not in main_of(sign_in(vera).get(f"/scenarios/{scenario.pk}/")).one(class_="head-actions").text


def test_replies_stay_out_of_caches(client: Client, scenario: Scenario) -> None:
    screen = Screen(client, scenario)
    response = screen.send({"acv": "45k"})
    assert response.headers["Cache-Control"] == "no-store"
    assert {"HX-Request", "HX-Request-Type", "X-Seen"} <= {name.strip() for name in response.headers["Vary"].split(",")}
    assert client.get(screen.address).headers["Cache-Control"] == "no-store"


def test_htmx_restoring_a_page_from_its_history_gets_the_page(client: Client, scenario: Scenario) -> None:
    headers = {"HX-Request": "true", "HX-Request-Type": "full", "X-Revision": "2"}
    response = client.post(f"/scenarios/{scenario.pk}/answers/", {"acv": "45k"}, headers=headers)
    assert (response.status_code, response["Location"]) == (302, f"/scenarios/{scenario.pk}/")
    assert page_of(client.get(f"/scenarios/{scenario.pk}/", headers=headers)).one("title").text == "Enterprise, Today · Klaviyo"
