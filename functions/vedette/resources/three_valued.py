"""Kleene's three-valued logic: True, False, and None for what cannot be told."""

from collections.abc import Iterable

Truth = bool | None


def all_of(truths: Iterable[Truth]) -> Truth:
    """Say that all are true: False as soon as one is false, else None if one is undecided."""
    return negated(any_of(negated(one) for one in truths))


def any_of(truths: Iterable[Truth]) -> Truth:
    """Say that one is true: True as soon as one is true, else None if one is undecided."""
    undecided = False
    for one in truths:
        if one:
            return True
        undecided = undecided or one is None
    return None if undecided else False


def negated(truth: Truth) -> Truth:
    """Say the opposite; what is undecided stays so."""
    return None if truth is None else not truth
