"""Wildcard patterns of IAM policies, and the set questions asked about them.

``*`` stands for any run of characters, ``?`` for exactly one (IAM JSON policy elements: Action and
Resource). Policies are written by whoever may write them, so nothing here backtracks: a pattern is
read once, as text or as an automaton whose states are the bits of one integer. Two patterns of
64 KB are compared in well under a second.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from vedette.resources.resource import Value

_STARS = re.compile(r"\*+")
_VARIABLE = re.compile(r"\$\{[^{}]*\}")


def glob_matches(pattern: str, text: str) -> bool:
    """Say whether a pattern matches a text, case-sensitively."""
    if "?" in pattern:
        return _letters(pattern) <= len(text) and _Automaton.of(pattern).accepts(text)
    head, *rest = pattern.split("*")
    if not rest:
        return head == text
    return _segments_occur(head, rest[:-1], rest[-1], text)


def _segments_occur(head: str, middle: list[str], tail: str, text: str) -> bool:
    start, end = len(head), len(text) - len(tail)
    if start > end or not (text.startswith(head) and text.endswith(tail)):
        return False
    for segment in middle:
        found = text.find(segment, start, end)
        if found < 0:
            return False
        start = found + len(segment)
    return True


def glob_overlaps(one: str, other: str) -> bool:
    """Say whether some text is matched by both patterns; the answer is exact."""
    return _Automaton.of(one).meets(other)


def glob_covers(wide: str, narrow: str) -> bool:
    """Say whether every text that ``narrow`` matches is matched by ``wide`` too.

    True is always right. False may be wrong where a ``?`` of ``wide`` would have to stand for a
    character inside a ``*`` of ``narrow`` (``?*`` does cover ``*a``): callers lose a credit, never
    a finding.
    """
    if "?" not in wide or not _has_wildcard(narrow):
        # A wildcard of the narrow pattern is then one more letter, which only a "*" can take in.
        return glob_matches(wide, narrow)
    # Else the shortest text of the narrow pattern is too short for the wide one.
    return _letters(wide) <= _letters(narrow) and _Automaton.of(wide).contains(narrow)


def _letters(pattern: str) -> int:
    return len(pattern) - pattern.count("*")


class _Automaton(NamedTuple):
    """A pattern as a bit-parallel automaton: bit ``i`` set means ``i`` characters are consumed."""

    length: int
    stars: int
    singles: int
    letters: dict[str, int]

    @classmethod
    def of(cls, pattern: str) -> "_Automaton":
        length = stars = singles = 0
        letters: dict[str, int] = {}
        for symbol in _STARS.sub("*", pattern):
            if symbol == "*":
                stars |= 1 << length
                continue
            if symbol == "?":
                singles |= 1 << length
            else:
                letters[symbol] = letters.get(symbol, 0) | 1 << length
            length += 1
        return cls(length, stars, singles, letters)

    def _step(self, states: int, symbol: str) -> int:
        moving = states & (self.letters.get(symbol, 0) | self.singles)
        return moving << 1 | states & self.stars

    def _ends(self, states: int) -> bool:
        return bool(states >> self.length & 1)

    def accepts(self, text: str) -> bool:
        states = 1
        for symbol in text:
            states = self._step(states, symbol)
            if not states:
                return False
        return self._ends(states)

    def meets(self, other: str) -> bool:
        states, last = 1, 1 << self.length
        for symbol in other:
            if symbol == "*":
                states = 2 * last - (states & -states)
            elif symbol == "?":
                states = (states & (last - 1)) << 1 | states & self.stars
            else:
                states = self._step(states, symbol)
            if not states:
                return False
        return self._ends(states)

    def contains(self, other: str) -> bool:
        states = 1
        for symbol in other:
            if symbol == "*":
                states &= self.stars
            elif symbol == "?":
                # The worst character is one that this pattern does not name.
                states = (states & self.singles) << 1 | states & self.stars
            else:
                states = self._step(states, symbol)
            if not states:
                return False
        return self._ends(states)


class Patterns(Value):
    """A set of names given by patterns, or (``negated``) everything but these.

    ``negated`` is what NotAction and NotResource say. Comparison is case-sensitive unless
    ``ignores_case``, as it is for actions (IAM: action names are case-insensitive).
    """

    texts: tuple[str, ...]
    negated: bool = False
    ignores_case: bool = False

    @property
    def _plain(self) -> frozenset[str]:
        return _sorted_out(self.texts, self.ignores_case)[0]

    @property
    def _wild(self) -> tuple[str, ...]:
        return _sorted_out(self.texts, self.ignores_case)[1]

    def _folded(self, text: str) -> str:
        return text.lower() if self.ignores_case else text

    def matches(self, name: str) -> bool:
        """Say whether a plain name is in the set."""
        return self.negated ^ self._lists(self._folded(name))

    def overlaps(self, pattern: str) -> bool:
        """Say whether some name of ``pattern`` may be in the set; when unsure, yes."""
        pattern = self._folded(pattern)
        return not self._listed_covers(pattern) if self.negated else self._listed_meets(pattern)

    def covers(self, pattern: str) -> bool:
        """Say whether every name of ``pattern`` is surely in the set; when unsure, no."""
        pattern = self._folded(pattern)
        return not self._listed_meets(pattern) if self.negated else self._listed_covers(pattern)

    def includes(self, other: "Patterns") -> bool:
        """Say whether every name of another set is surely in this one; when unsure, no."""
        if not other.negated:
            return all(self.covers(pattern) for pattern in other.texts)
        return other.listed().includes(self.listed()) if self.negated else self.covers("*")

    def listed(self) -> "Patterns":
        """Return the patterns themselves, not negated."""
        return Patterns(texts=self.texts, ignores_case=self.ignores_case)

    def without_variables(self) -> "Patterns":
        """Return the set with each policy variable, such as ``${aws:username}``, as a ``*``."""
        if not any("${" in text for text in self.texts):
            return self
        texts = tuple(_VARIABLE.sub("*", text) for text in self.texts)
        return Patterns(texts=texts, negated=self.negated, ignores_case=self.ignores_case)

    def _lists(self, name: str) -> bool:
        return name in self._plain or any(glob_matches(own, name) for own in self._wild)

    def _listed_meets(self, pattern: str) -> bool:
        if not _has_wildcard(pattern):
            return self._lists(pattern)
        return any(glob_matches(pattern, own) for own in self._plain) or any(
            glob_overlaps(own, pattern) for own in self._wild
        )

    def _listed_covers(self, pattern: str) -> bool:
        if not _has_wildcard(pattern):
            return self._lists(pattern)
        return any(glob_covers(own, pattern) for own in self._wild)


@lru_cache(maxsize=4_096)
def _sorted_out(
    texts: tuple[str, ...], ignores_case: bool
) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the plain names and the patterns, each once for all policies that share them."""
    folded = [text.lower() if ignores_case else text for text in texts]
    wild = tuple(text for text in folded if _has_wildcard(text))
    return frozenset(text for text in folded if not _has_wildcard(text)), wild


def _has_wildcard(text: str) -> bool:
    return "*" in text or "?" in text
