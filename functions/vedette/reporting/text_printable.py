"""Characters that must not reach a terminal or a reader as they are. Imports nothing: quick."""


def printable(text: str) -> str:
    """Replace characters that could drive a terminal or hide text by visible escapes.

    These are control characters, bidirectional overrides, lone surrogates and whatever else
    Unicode calls not printable; line breaks stay.
    """
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() or one == "\n" else ascii(one)[1:-1] for one in text)
