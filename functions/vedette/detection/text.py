"""How values become text, and how text is compared without regard to case.

One definition for compiler and matcher. A JSON true is the text `true`, a number the text that one
would write (`5` also for 5.0), so a rule's `5`, `"5"` and `true` match either form. Objects and
null have no text.
"""

from typing import Any

LARGEST_PLAIN = 1e16


def text_of(value: Any) -> str | None:
    """Return the text of a JSON scalar, or None for what has none."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number_text(value)
    return None


def number_text(number: int | float) -> str:
    """Write a finite number as one would: `5`, `0.5`, `1e+30`."""
    if isinstance(number, float) and number.is_integer() and abs(number) < LARGEST_PLAIN:
        return str(int(number))
    return str(number)


def folded(text: str) -> str:
    """Return what two texts share that differ only in case.

    Sigma does not say which of Unicode's foldings it means. Case folding goes character by
    character, so a part of a text stays a part of it; `str.lower` would break that at a final
    sigma.
    """
    return text.casefold()
