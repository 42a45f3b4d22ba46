"""Turns what pySigma made of a detection entry into conditions.

pySigma has applied the modifiers: a value's type says what is asked (`SigmaCIDRExpression`,
`SigmaCasedString` …). What a type cannot carry is refused rather than lost on the way.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import re2  # type: ignore[import-untyped]
from sigma.modifiers import modifier_mapping
from sigma.rule import SigmaDetectionItem
from sigma.types import (
    CompareOperators,
    Placeholder,
    SigmaBool,
    SigmaCasedString,
    SigmaCIDRExpression,
    SigmaCompareExpression,
    SigmaExists,
    SigmaExpansion,
    SigmaFieldReference,
    SigmaNull,
    SigmaNumber,
    SigmaRegularExpression,
    SigmaString,
    SigmaStringPartType,
    SigmaTimestampPart,
    SigmaType,
    SpecialChars,
)

from vedette.detection.compile.refusal import RefusalError
from vedette.detection.ir import (
    Condition,
    Exists,
    Moment,
    MomentPart,
    Network,
    Not,
    Null,
    Number,
    NumberOperator,
    Pattern,
    ReferenceOperator,
    SameAs,
    Text,
    any_of,
)
from vedette.detection.text import number_text

Placeholders = Mapping[str, Sequence[str | int]]
EXPANSION_LIMIT = 5_000
EXACT_LIMIT = 2**53
NO_CHARACTER = r"[^\x00-\x{10ffff}]"
OPERATORS: dict[CompareOperators, NumberOperator] = {
    CompareOperators.LT: "lt",
    CompareOperators.LTE: "lte",
    CompareOperators.GT: "gt",
    CompareOperators.GTE: "gte",
    CompareOperators.NEQ: "neq",
}
# Encodings work on the finished text: applied after `expand` they would encode the placeholder's
# name, and `cased` before them would be lost in pySigma's result.
ENCODINGS = frozenset({"base64", "base64offset", "wide", "utf16", "utf16be", "windash", "fieldref"})
MODIFIER_NAMES = {modifier: name for name, modifier in modifier_mapping.items()}


@dataclass(frozen=True, slots=True)
class ValueCompiler:
    """Compiles the values of detection entries; `placeholders` are those of the configuration."""

    placeholders: Placeholders

    def conditions(self, entry: SigmaDetectionItem) -> list[Condition]:
        """Return one condition for each value. Raises RefusalError."""
        _refuse_lost_modifiers(entry)
        return [self._condition(entry.field, value) for value in entry.value]

    def _condition(self, field: str | None, value: SigmaType) -> Condition:
        match value:
            case SigmaExpansion():
                return any_of(*(self._condition(field, one) for one in value.values))
            case SigmaRegularExpression() | SigmaString() | SigmaCIDRExpression():
                return self._of_text(field, value)
            case SigmaNumber() if not isinstance(value, SigmaTimestampPart):
                return _plain(field, number_text(_exact(value)))
            case SigmaBool():
                return _plain(field, str(value).lower())
        if field is None:
            raise RefusalError(f"{_called(value)} needs a field")
        return _field_condition(field, value)

    def _of_text(
        self, field: str | None, value: SigmaRegularExpression | SigmaString | SigmaCIDRExpression
    ) -> Condition:
        match value:
            case SigmaRegularExpression():
                return Pattern(field, self._regex(value))
            case SigmaCIDRExpression():
                return Network(field, (str(value.network),))
        return any_of(*(text_condition(field, one) for one in self._expanded(value)))

    def _expanded(self, value: SigmaString) -> list[SigmaString]:
        """Put the configured values in the place of every `%name%`."""
        choices: list[list[list[SigmaStringPartType]]] = [
            [SigmaString(str(one)).s for one in self._values_of(part.name)]
            if isinstance(part, Placeholder)
            else [[part]]
            for part in value.s
        ]
        texts: list[SigmaString] = []
        for chosen in product(*choices):
            if len(texts) >= EXPANSION_LIMIT:
                message = f"its placeholders expand to more than {EXPANSION_LIMIT:,} values"
                raise RefusalError(message)
            text = type(value)()
            text.s = [part for parts in chosen for part in parts]
            texts.append(text)
        return texts

    def _values_of(self, name: str) -> Sequence[str | int]:
        try:
            return self.placeholders[name]
        except KeyError as error:
            message = f"the configuration defines no values for the placeholder %{name}%"
            raise RefusalError(message) from error

    def _regex(self, value: SigmaRegularExpression) -> str:
        flags = "".join(sorted(value.sigma_to_re_flag[flag] for flag in value.flags))
        pieces = "".join(self._regex_pieces(value.regexp))
        regex = f"(?{flags}){pieces}" if flags else pieces
        if said := regex_error(regex):
            raise RefusalError(f"the expression cannot run in linear time: {said}")
        return regex

    def _regex_pieces(self, regexp: SigmaString) -> Iterator[str]:
        for part in regexp.s:
            if isinstance(part, Placeholder):
                values = [re2.escape(str(one)) for one in self._values_of(part.name)]
                yield f"(?:{'|'.join(values)})" if values else NO_CHARACTER
            else:
                yield _plain_part(part)


def text_condition(field: str | None, value: SigmaString) -> Condition:
    """Compile a text with wildcards; without a field it is looked for inside every value."""
    cased = isinstance(value, SigmaCasedString)
    parts = _merged(value)
    many = SpecialChars.WILDCARD_MULTI
    if field is None:
        parts = [many, *(parts[1:] if parts[:1] == [many] else parts)]
        parts = [*(parts[:-1] if parts[-1] is many and len(parts) > 1 else parts), many]
    match parts:
        case []:
            return Text(field, "is", ("",), cased)
        case [str(text)]:
            return Text(field, "is", (text,), cased)
        case [str(text), SpecialChars.WILDCARD_MULTI]:
            return Text(field, "starts", (text,), cased)
        case [SpecialChars.WILDCARD_MULTI, str(text)]:
            return Text(field, "ends", (text,), cased)
        case [SpecialChars.WILDCARD_MULTI, str(text), SpecialChars.WILDCARD_MULTI]:
            return Text(field, "contains", (text,), cased)
    return Text(field, "like", ("".join(map(_like_part, parts)),), cased)


def regex_error(regex: str) -> str | None:
    """Return what RE2 says against an expression, or None if it can run it."""
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(regex, options)
    except re2.error as error:
        said = error.args[0] if error.args else ""
        return said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    except UnicodeEncodeError:
        return "it is not valid Unicode"
    return None


def _field_condition(field: str, value: SigmaType) -> Condition:
    match value:
        case SigmaNull():
            return Null(field)
        case SigmaExists():
            return Exists(field) if value.exists else Not(Exists(field))
        case SigmaTimestampPart():
            return Moment(field, _part(value), "eq", value.number)
        case SigmaCompareExpression():
            operator, number = OPERATORS[value.op], value.number
            if isinstance(number, SigmaTimestampPart):
                return Moment(field, _part(number), operator, number.number)
            return Number(field, operator, number.number)
        case SigmaFieldReference():
            return SameAs(field, value.field, _reference_operator(value))
    raise RefusalError(f"{_called(value)} is not supported")


def _reference_operator(value: SigmaFieldReference) -> ReferenceOperator:
    if value.starts_with and value.ends_with:
        return "contains"
    if value.starts_with:
        return "starts"
    return "ends" if value.ends_with else "is"


def _part(value: SigmaTimestampPart) -> MomentPart:
    parts: dict[str, MomentPart] = {
        "MINUTE": "minute",
        "HOUR": "hour",
        "DAY": "day",
        "WEEK": "week",
        "MONTH": "month",
        "YEAR": "year",
    }
    return parts[value.timestamp_part.name]


def _exact(value: SigmaNumber) -> int | float:
    if abs(value.number) >= EXACT_LIMIT:
        raise RefusalError("pySigma rounds a number of this size; write it in quotes")
    return value.number


def _plain(field: str | None, text: str) -> Condition:
    return Text(field, "contains" if field is None else "is", (text,))


def _refuse_lost_modifiers(entry: SigmaDetectionItem) -> None:
    names = [MODIFIER_NAMES[modifier] for modifier in entry.modifiers]
    for first, effect in (("cased", "would be lost"), ("expand", "would be encoded unexpanded")):
        if first in names:
            later = ENCODINGS.intersection(names[names.index(first) :])
            if later:
                raise RefusalError(f"`{first}` {effect} before `{min(later)}`; put it behind")


def _merged(value: SigmaString) -> list[str | SpecialChars]:
    parts: list[str | SpecialChars] = []
    for part in value.s:
        if isinstance(part, Placeholder):
            raise RefusalError(f"a configured value names the placeholder %{part.name}% itself")
        if isinstance(part, str) and parts and isinstance(last := parts[-1], str):
            parts[-1] = last + part
        elif part != "" and not (part is SpecialChars.WILDCARD_MULTI and parts[-1:] == [part]):
            parts.append(part)
    return parts


def _like_part(part: str | SpecialChars) -> str:
    if isinstance(part, SpecialChars):
        return _plain_part(part)
    return "".join(f"\\{one}" if one in "*?\\" else one for one in part)


def _plain_part(part: str | SpecialChars) -> str:
    if isinstance(part, str):
        return part
    return "*" if part is SpecialChars.WILDCARD_MULTI else "?"


def _called(value: SigmaType) -> str:
    names: dict[type[SigmaType], str] = {
        SigmaNull: "null",
        SigmaExists: "`exists`",
        SigmaTimestampPart: "a part of a time",
        SigmaCompareExpression: "a comparison of numbers",
        SigmaFieldReference: "`fieldref`",
    }
    return names.get(type(value), type(value).__name__)
