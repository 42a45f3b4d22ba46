"""All functions of a stack, each run by one warm process under its own role."""

import io
import json
import zipfile
from pathlib import Path
from threading import Lock
from typing import Any, Final

from tests.deployed.harness.clock import Clock
from tests.deployed.harness.endpoint import Endpoint
from tests.deployed.harness.iam.principals import Principal
from tests.deployed.harness.runtime.packages import link_packages
from tests.deployed.harness.runtime.runtime_api import Outcome
from tests.deployed.harness.runtime.worker import Shape, Worker
from tests.deployed.harness.stack import Resource, Stack
from vedette.aws.stand_in.call import Answer, Call
from vedette.aws.stand_in.wire import parameters, reply

FUNCTION: Final = "AWS::Lambda::Function"
LAYER: Final = "AWS::Lambda::LayerVersion"
INVOKE: Final = "lambda:Invoke"


class Functions:
    """Runs the functions of a stack by ARN or name."""

    def __init__(self, endpoint: Endpoint, stack: Stack, folder: Path, clock: Clock) -> None:
        """`folder` is where code is unpacked and logs are written."""
        self._endpoint = endpoint
        self._stack = stack
        self._folder = folder
        self._clock = clock
        self._workers: dict[str, Worker] = {}
        self._turns: dict[str, Lock] = {}
        self._unpacked: dict[tuple[str, str], Path] = {}
        self._lock = Lock()
        self.starts: dict[str, int] = {}
        endpoint.services[INVOKE] = self._answer

    def named(self, part: str) -> Resource:
        """Return the one function whose handler has this part."""
        (found,) = (
            one for one in self._stack.of_type(FUNCTION) if part in one.properties["Handler"]
        )
        return found

    def role_of(self, function: Resource) -> str:
        """Return the ARN of a function's role."""
        return str(function.properties["Role"])

    def by_arn(self, arn: str) -> Resource:
        """Return a function by its ARN or name."""
        name = arn.rpartition(":")[2]
        (found,) = (one for one in self._stack.of_type(FUNCTION) if one.physical_id == name)
        return found

    def invoke(self, function: Resource, event: Any) -> Outcome:
        """Run a function, one invocation at a time, as Lambda's own services do."""
        with self._lock:
            turn = self._turns.setdefault(function.physical_id, Lock())
        with turn:
            worker = self._worker(function)
            # A worker that answered may still be dying; the next invocation gets a fresh one.
            return worker.invoke(event)

    def kill(self, role_arn: str) -> None:
        """End the process that runs as a role, whatever it is doing."""
        for function in self._stack.of_type(FUNCTION):
            worker = self._workers.get(function.physical_id)
            if worker and self.role_of(function) == role_arn:
                worker.kill()

    def log_of(self, function: Resource) -> str:
        """Return everything that a function wrote."""
        path = self._log(function)
        return path.read_text(errors="replace") if path.exists() else ""

    def forget_logs(self) -> None:
        """Empty all logs."""
        for function in self._stack.of_type(FUNCTION):
            if self._log(function).exists():
                self._log(function).write_bytes(b"")

    def close(self) -> None:
        """End all processes; the next invocation starts a cold one."""
        for worker in self._workers.values():
            worker.close()
        self._workers.clear()

    def _worker(self, function: Resource) -> Worker:
        worker = self._workers.get(function.physical_id)
        if worker is None or not worker.is_alive:
            if worker is not None:
                worker.close()
            worker = self._workers[function.physical_id] = Worker(self._shape(function))
            name = function.properties["Handler"]
            self.starts[name] = self.starts.get(name, 0) + 1
        return worker

    def _shape(self, function: Resource) -> Shape:
        properties = function.properties
        self._folder.mkdir(parents=True, exist_ok=True)
        return Shape(
            function=function.attribute("Arn"),
            handler=properties["Handler"],
            timeout=int(properties["Timeout"]),
            code=self._code(properties["Code"]),
            packages=self._packages(properties.get("Layers", [])),
            environment={**self._of_lambda(function), **properties["Environment"]["Variables"]},
            log=self._log(function),
            clock=self._clock,
        )

    def _of_lambda(self, function: Resource) -> dict[str, str]:
        name = function.physical_id
        assumed = self._endpoint.client("sts", self._stack.region).assume_role(
            RoleArn=self.role_of(function), RoleSessionName=name[:64]
        )["Credentials"]
        return {
            "AWS_ACCESS_KEY_ID": assumed["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": assumed["SecretAccessKey"],
            "AWS_SESSION_TOKEN": assumed["SessionToken"],
            "AWS_REGION": self._stack.region,
            "AWS_DEFAULT_REGION": self._stack.region,
            "AWS_ENDPOINT_URL": self._endpoint.endpoint_url,
            "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.properties['Runtime']}",
            "AWS_LAMBDA_FUNCTION_NAME": name,
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.properties["MemorySize"]),
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        }

    def _code(self, location: dict[str, str]) -> Path:
        return self._unzipped(location["S3Bucket"], location["S3Key"])

    def _packages(self, layers: list[str]) -> Path:
        """Link what the layers hold; layers are found by what the template says of them."""
        key = ("packages", ",".join(layers))
        if key not in self._unpacked:
            (layer,) = self._stack.of_type(LAYER) if layers else (None,)
            content = layer.properties["Content"] if layer else None
            folder = self._unzipped(content["S3Bucket"], content["S3Key"]) if content else None
            target = self._folder / f"packages-{len(self._unpacked)}"
            self._unpacked[key] = link_packages(folder, target)
        return self._unpacked[key]

    def _unzipped(self, bucket: str, key: str) -> Path:
        if (bucket, key) not in self._unpacked:
            client = self._endpoint.client("s3", self._stack.region)
            content = client.get_object(Bucket=bucket, Key=key)["Body"].read()
            target = self._folder / key.removesuffix(".zip")[:24]
            zipfile.ZipFile(io.BytesIO(content)).extractall(target)
            self._unpacked[bucket, key] = target
        return self._unpacked[bucket, key]

    def _log(self, function: Resource) -> Path:
        return self._folder / f"{function.logical_id}.log"

    def _answer(self, _: Principal, call: Call) -> Answer:
        """Answer the API operation Invoke, synchronous."""
        asked = parameters(call)
        if asked.get("InvocationType", "RequestResponse") != "RequestResponse":
            raise NotImplementedError("the harness invokes synchronously")
        event = json.loads(asked.get("Payload") or "{}")
        outcome = self.invoke(self.by_arn(asked["FunctionName"]), event)
        body = outcome.error or json.dumps(outcome.payload)
        failed = {"FunctionError": "Unhandled"} if outcome.error else {}
        return reply(call, {"StatusCode": 200, "Payload": body.encode(), **failed})
