"""Synthesized templates, and questions about them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Resource = dict[str, Any]
Statement = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Template:
    """A template and the file that it stands in."""

    path: Path
    content: dict[str, Any]

    def of_type(self, name: str) -> dict[str, Resource]:
        """Return the resources of a type, by logical id."""
        found: dict[str, Resource] = self.content["Resources"]
        return {key: one for key, one in found.items() if one["Type"] == name}

    def properties(self, name: str) -> dict[str, dict[str, Any]]:
        """Return the properties of the resources of a type, by logical id."""
        return {key: one.get("Properties", {}) for key, one in self.of_type(name).items()}

    def named(self, name: str, part: str) -> dict[str, Any]:
        """Return the properties of the one resource of a type whose logical id has this part."""
        (found,) = (one for key, one in self.properties(name).items() if part in key)
        return found

    def logical(self, name: str, part: str) -> str:
        """Return the logical id of the one resource of a type whose logical id has this part."""
        (found,) = (key for key in self.of_type(name) if part in key)
        return found

    def policy_of(self, name: str, key: str, referred: str) -> list[Statement]:
        """Return the statements of the resource policy (of type `name`) of a resource."""
        (found,) = (
            one["PolicyDocument"]["Statement"]
            for one in self.properties(name).values()
            if referred in json.dumps(one[key])
        )
        return list(found)

    def role_statements(self, role: str) -> list[Statement]:
        """Return what a role may do, by its logical id."""
        (own,) = (one for key, one in self.properties("AWS::IAM::Role").items() if key == role)
        inline = [one["PolicyDocument"] for one in own.get("Policies", [])]
        attached = [
            one["PolicyDocument"]
            for one in self.properties("AWS::IAM::Policy").values()
            if {"Ref": role} in one["Roles"]
        ]
        return [each for document in (*inline, *attached) for each in document["Statement"]]


def read(path: Path) -> Template:
    return Template(path=path, content=json.loads(path.read_text()))


def denials(statements: list[Statement], action: str) -> list[Statement]:
    return [one for one in statements if one["Effect"] == "Deny" and action in actions(one)]


def allowances(statements: list[Statement], action: str) -> list[Statement]:
    return [one for one in statements if one["Effect"] == "Allow" and action in actions(one)]


def actions(statement: Statement) -> list[str]:
    return listed(statement["Action"])


def resources(statement: Statement) -> list[Any]:
    return listed(statement["Resource"])


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def texts(value: object) -> Iterator[str]:
    """Yield every text in a value, keys among them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield str(key)
            yield from texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)
