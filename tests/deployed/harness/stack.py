"""A synthesized template, created in the stand-in's CloudFormation."""

import io
import json
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from moto.backends import get_backend
from moto.cloudformation.parsing import clean_json
from moto.core.common_models import BaseModel

from vedette.aws.stand_in.server import StandIn

ACCOUNT: Final = "123456789012"
BOOTSTRAP_VERSION: Final = "/cdk-bootstrap/hnb659fds/version"
UNSUPPORTED: Final = "not supported by moto"


class UnsupportedTypeError(Exception):
    """The template has a resource that neither moto nor the harness creates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One resource, with the properties that the template gives it, references resolved."""

    logical_id: str
    type: str
    physical_id: str
    properties: Mapping[str, Any]
    model: Any

    def attribute(self, name: str) -> str:
        """Return an attribute as `Fn::GetAtt` gives it."""
        return str(self.model.get_cfn_attribute(name))


class Stack:
    """The stack `name` in one region, from the folder that `cdk synth` wrote."""

    def __init__(self, stand_in: StandIn, folder: Path, name: str, region: str) -> None:
        self._stand_in = stand_in
        self._folder = folder
        self.name = name
        self.region = region
        self.resources: tuple[Resource, ...] = ()
        self.outputs: Mapping[str, str] = {}

    @property
    def template(self) -> dict[str, Any]:
        """Return the template as it was synthesized."""
        read: dict[str, Any] = json.loads((self._folder / f"{self.name}.template.json").read_text())
        return read

    def create(self) -> None:
        """Upload the assets and create the stack. Raises UnsupportedTypeError."""
        self._bootstrap()
        self._upload()
        client = self._stand_in.client("cloudformation", self.region)
        self._send(client.create_stack)
        self._read(client)

    def update(self, folder: Path) -> None:
        """Update the stack to another synthesis."""
        self._folder = folder
        self._upload()
        client = self._stand_in.client("cloudformation", self.region)
        self._send(client.update_stack)
        self._read(client)

    def of_type(self, name: str) -> Iterator[Resource]:
        """Yield the resources of a type."""
        return (one for one in self.resources if one.type == name)

    def find(self, type_name: str, part: str) -> Resource:
        """Return the one resource of a type whose logical id has this part."""
        (found,) = (one for one in self.of_type(type_name) if part in one.logical_id)
        return found

    def _bootstrap(self) -> None:
        self._stand_in.client("ssm", self.region).put_parameter(
            Name=BOOTSTRAP_VERSION, Value="30", Type="String", Overwrite=True
        )
        bucket = f"cdk-hnb659fds-assets-{ACCOUNT}-{self.region}"
        place = {"LocationConstraint": self.region}
        options = {} if self.region == "us-east-1" else {"CreateBucketConfiguration": place}
        self._stand_in.client("s3", self.region).create_bucket(Bucket=bucket, **options)

    def _upload(self) -> None:
        assets = json.loads((self._folder / f"{self.name}.assets.json").read_text())["files"]
        client = self._stand_in.client("s3", self.region)
        for one in assets.values():
            path = self._folder / one["source"]["path"]
            body = _zipped(path) if one["source"]["packaging"] == "zip" else path.read_bytes()
            for place in one["destinations"].values():
                bucket = place["bucketName"].replace("${AWS::AccountId}", ACCOUNT)
                bucket = bucket.replace("${AWS::Region}", self.region)
                client.put_object(Bucket=bucket, Key=place["objectKey"], Body=body)

    def _send(self, operation: Any) -> None:
        # moto warns of a type that it leaves out, and pytest makes errors of warnings.
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            operation(
                StackName=self.name,
                TemplateBody=json.dumps(self.template),
                Capabilities=["CAPABILITY_NAMED_IAM"],
            )
        left_out = [str(one.message) for one in said if UNSUPPORTED in str(one.message)]
        if left_out:
            raise UnsupportedTypeError("; ".join(left_out))

    def _read(self, client: Any) -> None:
        described = client.describe_stacks(StackName=self.name)["Stacks"][0]
        self.outputs = {
            one["OutputKey"]: one["OutputValue"] for one in described.get("Outputs", [])
        }
        stacks = get_backend("cloudformation")[ACCOUNT][self.region].stacks.values()
        (model,) = (one for one in stacks if one.name == self.name)
        names: Any = model.resource_map
        self.resources = tuple(
            Resource(
                logical_id=logical,
                type=one["Type"],
                physical_id=_id(names[logical]),
                properties=_plain(clean_json(one.get("Properties", {}), names)),
                model=names[logical],
            )
            for logical, one in self.template["Resources"].items()
            if one["Type"] != "AWS::CDK::Metadata"
        )


def _id(model: Any) -> str:
    # moto has types that forget their id: `Ref` then gives the model itself.
    return str(getattr(model, "physical_resource_id", None) or getattr(model, "arn", ""))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return _id(value) if isinstance(value, BaseModel) else value


def _zipped(folder: Path) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.writestr(str(path.relative_to(folder)), path.read_bytes())
    return target.getvalue()
