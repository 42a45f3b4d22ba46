"""Makes rules out of the detection sections that tests write."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import yaml

from vedette.configuration.content import ContentProblem
from vedette.detection.compile.documents import Document, read_documents
from vedette.detection.compile.rules import compile_rule
from vedette.detection.compile.ruleset import NamedDocument, Ruleset, compile_ruleset
from vedette.detection.compile.values import ValueCompiler
from vedette.detection.ir import CompiledRule
from vedette.detection.match.naive import matches

HEAD = "title: A rule\nlogsource: {product: aws, service: cloudtrail}\n"


def rule_of(detection: str, placeholders: Mapping[str, Sequence[str | int]] = {}) -> CompiledRule:
    """Compile a rule of which only the detection section is given."""
    content = yaml.safe_load(rule_text(detection))
    document = Document(path=Path("rule.yml"), content=content, lines={})
    return compile_rule(document, "rule", ValueCompiler(placeholders)).compiled


def rule_text(detection: str) -> str:
    """Write a rule around a detection section."""
    return f"{HEAD}detection:\n{indent(dedent(detection).strip(), '  ')}\n"


def field_matches(entry: str, record: Mapping[str, Any], **placeholders: Sequence[str]) -> bool:
    """Tell whether a rule with one entry, written `field|modifier: value`, matches a record."""
    return matches(rule_of(f"one:\n  {entry}\ncondition: one", placeholders), record)


def ruleset_of(folder: Path, **texts: str) -> Ruleset:
    """Write each text to the file of its name, and compile all of them together."""
    documents = []
    for name, text in texts.items():
        path = folder / f"{name}.yml"
        path.write_text(dedent(text).lstrip())
        for number, document in enumerate(read_documents(path)):
            own_id = name if number == 0 else f"{name}#{number + 1}"
            documents.append(NamedDocument(id=own_id, document=document))
    return compile_ruleset(documents, {})


def said(problems: Sequence[ContentProblem]) -> list[str]:
    """Write problems as `file:line: message`, without the folder."""
    return [f"{one.path.name}:{one.line}: {one.message}" for one in problems]
