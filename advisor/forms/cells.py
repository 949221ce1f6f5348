"""One answer as people and spreadsheets write it, read into stored units: USD, fractions, codes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

from advisor.framework.coverage import MOTION_STOPS
from advisor.framework.questions import QUESTIONS, Kind, Question
from advisor.framework.scenario import EXPANSION_FACTS, Fact, Owner
from advisor.services.cell_text import GUESS, unguarded

TEXT_LENGTH = 200  # characters of an answer in words
NUMBER_LENGTH = 40  # characters; a longer one is a slip, and never worth converting
SHOWN_LENGTH = 60  # characters of a bad cell that its error repeats

UNKNOWN = frozenset({"", "-", "--", "–", "—", "?", "n/a", "na", "n.a.", "#n/a", "unknown"})  # noqa: RUF001 - dashes as written

# Characters that have no place in a text: controls other than tab and line ends, half characters, non-characters.
_NON_CHARACTERS = "".join(chr(plane * 0x10000 + last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_UNWANTED = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_NON_CHARACTERS}]")

_DIGITS = r"[0-9][0-9., '’]*"  # noqa: RUF001 - the Swiss group thousands with it
_CURRENCY = r"(?:us\$|usd|\$)"
_NUMBER = rf"(?P<sign>[+-]?) ?(?P<digits>{_DIGITS}?)"
_PATTERNS = {
    Kind.MONEY: re.compile(
        rf"(?:{_CURRENCY} ?)?(?P<sign>[+-]?) ?(?:{_CURRENCY} ?)?(?P<digits>{_DIGITS}?) ?(?P<scale>k|mn?|bn?)? ?{_CURRENCY}?"
    ),
    Kind.PERCENT: re.compile(rf"{_NUMBER} ?(?P<mark>%|percent|per cent|pct)?"),
    Kind.MOTION: re.compile(_NUMBER),
    Kind.NUMBER: re.compile(_NUMBER),
}
_SCALES = {"k": 1e3, "m": 1e6, "mn": 1e6, "b": 1e9, "bn": 1e9}

_POINT = re.compile(r"(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")
_COMMA = re.compile(r"(?:[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[0-9]+)(?:,[0-9]+)?")
_SPACED = re.compile(r"[1-9][0-9]{0,2}([ '’])[0-9]{3}(?:\1[0-9]{3})*(?:[.,][0-9]+)?")  # noqa: RUF001
_THREE_BEHIND_A_MARK = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")


class FileAnswer(NamedTuple):
    """One answer as it was given.

    Attributes:
        value: In stored units (USD, fractions, points, codes), or None where it says that it is unknown.
        is_guess: Whether it was marked as a guess, by `~` or `guess:`.
    """

    value: float | str | None
    is_guess: bool


class CellError(ValueError):
    """A text that is no answer to its question.

    Attributes:
        value: The text, shortened and with its unprintable characters escaped.
        problem: What is wrong with it: "is not an amount".
        expected: What is expected instead, with the unit.
        sentence: All three.
        words: The same with the choices as people call them, where `sentence` has the codes of files.
    """

    def __init__(self, text: str, problem: str, expected: str, *, in_words: str = "", place: str = "") -> None:
        """`place`: what is said in front instead of the text, where the cell holds none that could be repeated."""
        self.value = shown(text)
        self.problem = problem
        self.expected = expected
        start = place or (f'"{self.value}" {problem}' if self.value else "the cell is blank")
        self.sentence = f"{start}; expected {expected}."
        self.words = f"{start}; expected {in_words or expected}."
        super().__init__(self.sentence)

    @classmethod
    def of_oddity(cls, what: str, question: Question | None, expected: str) -> CellError:
        """Of a cell that holds no text and no number: "B7 holds a date, 2026-05-31". `expected` where it answers no question."""
        if question is None:
            return cls("", what, expected, place=what)
        return cls("", what, expected_of(question), in_words=expected_in_words(question), place=what)


def shown(text: str) -> str:
    """A text on one line that is safe to print: shortened, every unprintable character escaped."""
    short = text if len(text) <= SHOWN_LENGTH else f"{text[: SHOWN_LENGTH - 1]}…"
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in short)


def read_cell(question: Question, text: str, *, decimal_comma: bool = False, unit_is_shown: bool = True) -> FileAnswer:
    """Read the answer to a question. Raises CellError.

    `decimal_comma`: "6,5" and "30.000,00" are numbers too. `unit_is_shown`: whoever wrote it saw the unit, so a 0.5 in
    a field of per cent is half a per cent; else it may be a fraction as well, and is refused.
    """
    text = _one_line(text)
    guess = GUESS.match(text)
    is_guess = guess is not None
    if guess is not None:
        text = text[guess.end() :]
    choices = _CHOICES.get(question.name)
    if choices is not None:
        return FileAnswer(_choice(question, choices, text), is_guess)
    if text.casefold() in UNKNOWN:
        return FileAnswer(None, is_guess)
    if question.kind is Kind.TEXT:
        return FileAnswer(read_text(unguarded(text), longest=TEXT_LENGTH), is_guess)
    return FileAnswer(_number(question, text, decimal_comma=decimal_comma, unit_is_shown=unit_is_shown), is_guess)


def read_text(text: str, *, longest: int, keeps_lines: bool = False) -> str:
    """A text without blanks at its ends, in composed characters, on one line unless it keeps its lines. Raises CellError."""
    if not text.isprintable() and _UNWANTED.search(text):
        raise CellError(text, "holds characters that cannot be printed", "plain text")
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip() if keeps_lines else " ".join(text.split())
    # Composing many marks takes long, so only what is short enough is composed, and may then have grown.
    if len(text) <= longest:
        text = unicodedata.normalize("NFC", text)
    if len(text) > longest:
        raise CellError(text, f"is too long ({len(text):,} characters)", f"at most {longest:,}")
    return text


def _one_line(text: str) -> str:
    """One kind of blank, one blank at a time, one kind of minus: what number and word formats differ in."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join(text.split()).replace("\N{MINUS SIGN}", "-")


def _key(text: str) -> str:
    """What is left of a word when case, blanks, dashes and signs do not count: "AE + CSM" -> "aecsm"."""
    return "".join(char for char in text.casefold() if char.isalnum())


_FACTS = {
    "y": Fact.YES, "true": Fact.YES, "1": Fact.YES, "x": Fact.YES,
    "n": Fact.NO, "false": Fact.NO, "0": Fact.NO,
    "partially": Fact.PARTLY,
}  # fmt: skip
_OWNERS = {
    "customersuccessaccountmanager": Owner.CSAM,
    "customersuccessmanager": Owner.CSM,
    "accountexecutive": Owner.AE,
    "noone": Owner.NONE,
}
_MOTIONS = {_key(label): stop for stop, label, _ in MOTION_STOPS} | {"assisted": 50.0, "complex": 100.0}
_MOTION_WORDS = "self_serve, sales_assisted, complex"


def _choices_of(question: Question) -> dict[str, str]:
    """The codes of a question by every spelling they are known under."""
    spellings = {_key(label): code for code, label in question.choices} | {_key(code): code for code, _ in question.choices}
    also: Mapping[str, str] = {}
    if question.name in EXPANSION_FACTS:
        also = _FACTS
    elif question.name == "current_owner":
        also = _OWNERS
    return spellings | {spelling: str(code) for spelling, code in also.items()}


_CHOICES: dict[str, dict[str, str]] = {question.name: _choices_of(question) for question in QUESTIONS if question.kind is Kind.CHOICE}


def _roles(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z]+", text.casefold())) - {"and", "trimmed"}


_TEAM_BY_ROLES = {_roles(code): code for question in QUESTIONS if question.name == "current_team" for code, _ in question.choices}


def _choice(question: Question, choices: dict[str, str], text: str) -> str | None:
    """The code of a choice. A code comes first: "unknown" is an answer to why it is so."""
    code = (choices.get(text) or choices.get(_key(text))) if len(text) <= TEXT_LENGTH else None
    if code is not None:
        return code
    if text.casefold() in UNKNOWN:
        return None
    if question.name == "current_team" and len(text) <= TEXT_LENGTH:
        code = _TEAM_BY_ROLES.get(_roles(text))  # the roles in another order, or with other signs between them
        if code is not None:
            return code
    raise CellError(text, "is none of the choices", expected_of(question), in_words=expected_in_words(question))


def expected_of(question: Question) -> str:
    """What a question expects, as an error says it."""
    match question.kind:
        case Kind.MONEY:
            return f"{question.unit} such as 30000, $30,000 or 30k"
        case Kind.PERCENT:
            return "whole per cent such as 6 or 6 %"
        case Kind.MOTION:
            return f"{_MOTION_WORDS}, or 0 to 100"
        case Kind.CHOICE:
            *others, last = [code for code, _ in question.choices]
            return f"{', '.join(others)} or {last}"
        case Kind.TEXT:
            return "plain text"
        case _:
            return f"a number of {question.unit} such as 4 or 30"


def labels_of(question: Question) -> tuple[str, ...]:
    """What people write where words are understood; a file's codes are understood as well."""
    if question.kind is Kind.MOTION:
        return tuple(label for _, label, _ in MOTION_STOPS)
    return tuple(label for _, label in question.choices)


def expected_in_words(question: Question) -> str:
    """What a question expects, as the page says it that shows its choices by their labels."""
    match question.kind:
        case Kind.MOTION:
            return f"{', '.join(labels_of(question))}, or 0 to 100"
        case Kind.CHOICE:
            *others, last = labels_of(question)
            return f"{', '.join(others)} or {last}"
        case _:
            return expected_of(question)


_NOUNS = {Kind.MONEY: "an amount", Kind.PERCENT: "a percentage", Kind.MOTION: "a sales motion", Kind.NUMBER: "a number"}


def _number(question: Question, text: str, *, decimal_comma: bool, unit_is_shown: bool) -> float:
    """A number in stored units, within the range of its question."""
    if question.kind is Kind.MOTION:
        stop = _MOTIONS.get(_key(text)) if len(text) <= NUMBER_LENGTH else None
        if stop is not None:
            return stop
    found = _parse(question, text, decimal_comma=decimal_comma) if len(text) <= NUMBER_LENGTH else None
    if found is None:
        raise CellError(text, f"is not {_NOUNS[question.kind]}", expected_of(question), in_words=expected_in_words(question))
    number, has_sign = found
    if question.kind is Kind.PERCENT:
        if not (unit_is_shown or has_sign) and 0 < abs(number) < 1:
            as_share = _plain(number * 100)
            raise CellError(
                text,
                f"may mean {_plain(number)} % or {as_share} %",
                f"whole per cent: write {as_share} or {as_share} %, or {_plain(number)} % with its sign",
            )
        number /= question.per_column_unit
    assert question.low is not None
    assert question.high is not None
    if not question.low <= number <= question.high:
        is_negative = number < 0 <= question.low
        in_words = expected_in_words(question) if question.kind is Kind.MOTION else ""
        raise CellError(text, "is negative" if is_negative else "is out of range", _range_of(question), in_words=in_words)
    return number + 0.0  # of "-0" too


def _range_of(question: Question) -> str:
    assert question.low is not None
    assert question.high is not None
    low, high = (_plain(end * question.per_column_unit) for end in (question.low, question.high))
    match question.kind:
        case Kind.PERCENT:
            return f"per cent from {low} to {high}"
        case Kind.MOTION:
            return f"{_MOTION_WORDS}, or {low} to {high}"
        case _:
            return f"{question.unit} from {low} to {high}"


def _plain(number: float) -> str:
    """A number as an error shows it: 1,000,000; 0.25."""
    return f"{number:,.6f}".rstrip("0").rstrip(".")


def _parse(question: Question, text: str, *, decimal_comma: bool) -> tuple[float, bool] | None:
    """A number in the unit of its column, and whether it wore a per cent sign; None where it is none."""
    is_in_brackets = text.startswith("(") and text.endswith(")")  # how accountants write a negative amount
    bare = text[1:-1] if is_in_brackets else text
    found = _PATTERNS[question.kind].fullmatch(bare.casefold())
    if found is None:
        return None
    parts = found.groupdict()
    scale = _SCALES.get(parts.get("scale") or "", 1.0)
    has_thousands = question.kind in (Kind.MONEY, Kind.NUMBER)
    number = _parse_digits(parts["digits"], text, decimal_comma=decimal_comma, has_thousands=has_thousands, is_scaled=scale > 1)
    if number is None:
        return None
    if is_in_brackets or parts["sign"] == "-":
        number = -number
    return number * scale, parts.get("mark") is not None


def _parse_digits(digits: str, written: str, *, decimal_comma: bool, has_thousands: bool, is_scaled: bool) -> float | None:
    """Digits with the separators of the file. Raises CellError where they may mean two numbers, a thousandfold apart."""
    if _SPACED.fullmatch(digits):
        digits = re.sub(r"[ '’]", "", digits)  # noqa: RUF001
    elif _THREE_BEHIND_A_MARK.fullmatch(digits):
        # Nobody writes amounts to the tenth of a cent, so three digits behind one mark are thousands, unless the file
        # writes 30.000 for thirty or 1.250M for a million and a quarter.
        is_point = digits[-4] == "."
        if (decimal_comma and is_scaled) or (not decimal_comma and is_point and has_thousands and not is_scaled):
            whole, behind = digits[:-4], digits[-3:]
            decimal = f"{whole}.{behind}".rstrip("0").rstrip(".")
            raise CellError(written, f"may mean {decimal} or {whole},{behind}", "the number without separators")
        if has_thousands and (decimal_comma or not is_point):
            return float(digits[:-4] + digits[-3:])
    if _POINT.fullmatch(digits) and not (decimal_comma and not has_thousands and "," in digits):
        return float(digits.replace(",", ""))
    if decimal_comma and _COMMA.fullmatch(digits):
        return float(digits.replace(".", "").replace(",", "."))
    return None
