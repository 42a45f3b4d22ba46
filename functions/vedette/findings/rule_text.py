"""A rule's documentation, taken from its docstring."""

import re
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

SECTION = re.compile(r"^(Why|Fix|Note):[ \n]", re.MULTILINE)


class RuleTextError(ValueError):
    """The docstring lacks something; the message says what."""


class RuleText(BaseModel):
    """Title (the good state as a sentence), why it matters, how to fix it, and an optional note."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    why: str
    fix: str
    note: str = ""


def parse_rule_text(docstring: str | None) -> RuleText:
    """Split a docstring into title and the sections `Why:`, `Fix:` and `Note:`.

    Lines indented by four spaces are kept as they are (commands); others are joined.
    Raises RuleTextError if the title, Why or Fix is missing.
    """
    parts = SECTION.split((docstring or "").strip())
    title = parts[0].strip().removesuffix(".")
    pairs = zip(parts[1::2], parts[2::2], strict=True)
    sections = {name.lower(): _joined(text) for name, text in pairs}
    _require(title, sections)
    return RuleText(title=title, **sections)


def _require(title: str, sections: Mapping[str, str]) -> None:
    if not title:
        raise RuleTextError("the docstring must begin with a title of one line")
    for name in ("why", "fix"):
        if not sections.get(name):
            raise RuleTextError(f"the docstring has no section '{name.capitalize()}:'")
    if "\n" in title:
        raise RuleTextError("only a title of one line may stand before 'Why:' in the docstring")


def _joined(text: str) -> str:
    lines: list[str] = []
    for line in text.strip("\n").splitlines():
        if line.startswith("    "):
            lines.append(line)
        elif line.strip() and lines and lines[-1] and not lines[-1].startswith("    "):
            lines[-1] += " " + line.strip()
        else:
            lines.append(line.strip())
    return "\n".join(lines).strip("\n")
