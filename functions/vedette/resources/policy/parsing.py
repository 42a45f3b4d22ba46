"""Reading a policy as AWS returns it: JSON text, URL-encoded JSON text, or parsed JSON.

Whoever may write a policy chose its text, so every size is bounded and nothing recurses. What the
grammar does not know (an unknown element, an element written twice) is refused and not skipped:
the caller makes UNKNOWN of it, and no verdict rests on half a policy. AWS's own limits are far
below ours: 20 KB for a bucket policy, 32 KB for a key policy (their service quotas).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from vedette.resources.policy.document import (
    EVERYTHING,
    Condition,
    PolicyDocument,
    PolicyError,
    Principals,
    Quantifier,
    Statement,
)
from vedette.resources.policy.matching import Patterns

TEXT_LIMIT = 1_048_576
STRING_LIMIT = 65_536
STRINGS_LIMIT = 10_000
STATEMENTS_LIMIT = 2_000
_NUMBER_BITS = 256
_SHOWN = 40

_DOCUMENT_ELEMENTS = frozenset({"Version", "Id", "Statement"})
_STATEMENT_ELEMENTS = frozenset(
    {
        *("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction"),
        *("Resource", "NotResource", "Condition"),
    }
)
_PRINCIPAL_FIELDS = {
    "AWS": "aws",
    "Service": "services",
    "Federated": "federated",
    "CanonicalUser": "canonical_users",
}
_QUANTIFIERS: dict[str, Quantifier] = {
    "foranyvalue": "ForAnyValue",
    "forallvalues": "ForAllValues",
}


def parse_policy(source: str | Mapping[str, Any]) -> PolicyDocument:
    """Read a policy. Raises PolicyError, and nothing else, where it is not one."""
    tree = _tree(source) if isinstance(source, str) else source
    if not isinstance(tree, Mapping):
        raise PolicyError("The policy is not a JSON object.")
    return _Reader().document(tree)


def _tree(text: str) -> object:
    if len(text) > TEXT_LIMIT:
        raise PolicyError(f"The policy has {len(text):,} characters; {TEXT_LIMIT:,} are read.")
    text = text.strip()
    if text.startswith("%"):
        text = unquote(text)
    try:
        return json.loads(text, object_pairs_hook=_without_repetition)
    except PolicyError:
        raise
    except (ValueError, RecursionError) as error:
        raise PolicyError(f"The policy is not JSON ({type(error).__name__}).") from error


def _without_repetition(pairs: list[tuple[str, object]]) -> dict[str, object]:
    elements = dict(pairs)
    if len(elements) != len(pairs):
        raise PolicyError("The policy writes an element twice, so it is unclear which one counts.")
    return elements


def _shown(value: object) -> str:
    return ascii(value[:_SHOWN]) if isinstance(value, str) else f"of type {type(value).__name__}"


def _listed(written: object) -> Sequence[object]:
    return written if isinstance(written, list | tuple) else (written,)


def _element(tree: Mapping[str, Any], name: str, where: str) -> str | None:
    """Say which of an element and its Not- form is there."""
    present = [element for element in (name, f"Not{name}") if element in tree]
    if len(present) > 1:
        raise PolicyError(f"{where} has both {name} and Not{name}.")
    return present[0] if present else None


class _Reader:
    """Reads one policy and keeps count of its size."""

    def __init__(self) -> None:
        self._strings = 0
        self._characters = 0

    def document(self, tree: Mapping[str, Any]) -> PolicyDocument:
        self._refuse_unknown(tree, _DOCUMENT_ELEMENTS, "The policy")
        if "Statement" not in tree:
            raise PolicyError("The policy has no Statement element.")
        listed = _listed(tree["Statement"])
        if len(listed) > STATEMENTS_LIMIT:
            raise PolicyError(
                f"The policy has {len(listed):,} statements; {STATEMENTS_LIMIT:,} are read."
            )
        version = self._text(tree["Version"], "Version") if "Version" in tree else None
        return PolicyDocument(
            version=version,
            statements=tuple(self._statement(index, one) for index, one in enumerate(listed)),
        )

    def _statement(self, index: int, tree: object) -> Statement:
        where = f"Statement {index + 1}"
        if not isinstance(tree, Mapping):
            raise PolicyError(f"{where} is not a JSON object.")
        self._refuse_unknown(tree, _STATEMENT_ELEMENTS, where)
        effect = tree.get("Effect")
        if effect not in ("Allow", "Deny"):
            raise PolicyError(f"{where} has the effect {_shown(effect)}, not Allow or Deny.")
        actions = self._patterns(tree, "Action", where)
        if actions is None:
            raise PolicyError(f"{where} has neither Action nor NotAction.")
        return Statement(
            index=index,
            sid=self._text(tree["Sid"], f"{where}: Sid") if "Sid" in tree else None,
            effect=effect,
            principals=self._principals(tree, where),
            actions=actions,
            resources=self._patterns(tree, "Resource", where) or EVERYTHING,
            conditions=tuple(self._conditions(tree.get("Condition", {}), where)),
        )

    def _patterns(self, tree: Mapping[str, Any], name: str, where: str) -> Patterns | None:
        element = _element(tree, name, where)
        if element is None:
            return None
        texts = self._texts(tree[element], f"{where}: {element}")
        return Patterns(texts=texts, negated=element != name, ignores_case=name == "Action")

    def _principals(self, tree: Mapping[str, Any], where: str) -> Principals | None:
        element = _element(tree, "Principal", where)
        if element is None:
            return None
        written, negated = tree[element], element != "Principal"
        if written == "*":
            return Principals(anyone=True, negated=negated)
        if not isinstance(written, Mapping):
            raise PolicyError(f'{where}: {element} is neither "*" nor a JSON object.')
        self._refuse_unknown(written, frozenset(_PRINCIPAL_FIELDS), f"{where}: Principal")
        named = {
            field: self._texts(written[kind], f"{where}: Principal")
            for kind, field in _PRINCIPAL_FIELDS.items()
            if kind in written
        }
        anyone = "*" in named.get("aws", ())
        return Principals.model_validate(named | {"anyone": anyone, "negated": negated})

    def _conditions(self, written: object, where: str) -> Iterator[Condition]:
        if not isinstance(written, Mapping):
            raise PolicyError(f"{where}: Condition is not a JSON object.")
        for operator, block in written.items():
            name = self._text(operator, f"{where}: Condition").lower()
            if not isinstance(block, Mapping):
                raise PolicyError(f"{where}: {_shown(operator)} is not a JSON object.")
            prefix, _, rest = name.rpartition(":")
            for key, values in block.items():
                yield Condition(
                    operator=rest.removesuffix("ifexists"),
                    key=self._text(key, f"{where}: Condition").lower(),
                    values=self._texts(values, f"{where}: {_shown(key)}"),
                    if_exists=rest.endswith("ifexists"),
                    quantifier=self._quantifier(prefix, where),
                )

    @staticmethod
    def _quantifier(prefix: str, where: str) -> Quantifier | None:
        if prefix and prefix not in _QUANTIFIERS:
            raise PolicyError(f"{where} has the unknown condition prefix {_shown(prefix)}.")
        return _QUANTIFIERS.get(prefix)

    @staticmethod
    def _refuse_unknown(tree: Mapping[str, Any], known: frozenset[str], where: str) -> None:
        unknown = next((name for name in tree if name not in known), None)
        if unknown is not None:
            raise PolicyError(f"{where} has the unknown element {_shown(unknown)}.")

    def _texts(self, written: object, where: str) -> tuple[str, ...]:
        return tuple(self._text(one, where) for one in _listed(written))

    def _text(self, value: object, where: str) -> str:
        text = _scalar(value)
        if text is None:
            raise PolicyError(f"{where} has a value {_shown(value)} where a text belongs.")
        self._strings += 1
        self._characters += len(text)
        if len(text) > STRING_LIMIT or self._characters > TEXT_LIMIT:
            raise PolicyError(f"{where} has a text that is too long to be judged.")
        if self._strings > STRINGS_LIMIT:
            raise PolicyError(f"The policy has more than {STRINGS_LIMIT:,} texts.")
        return text


def _scalar(value: object) -> str | None:
    """Return a JSON scalar as IAM compares it; IAM takes numbers and booleans without quotes."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if value.bit_length() <= _NUMBER_BITS else None
    if isinstance(value, float):
        return repr(value)
    return value if isinstance(value, str) and _is_unicode(value) else None


def _is_unicode(text: str) -> bool:
    """Say whether the text can be written as UTF-8, which half a surrogate pair cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
