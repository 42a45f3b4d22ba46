"""How functions are read, and that no value of their environment is kept."""

from typing import Any

from tests.aws.collecting import REGION, US, collect, found, pages
from tests.fakes.clients import FakeClients, raising, refused
from vedette.resources.awslambda import EnvironmentVariable, LambdaFunction
from vedette.resources.credentials import CredentialKind
from vedette.resources.facts import known, why_unreadable

ARN = f"arn:aws:lambda:{REGION}:{US}:function:"
PASSWORD = "hunter2" + "supersecret"


def function(name: str, **settings: Any) -> dict[str, Any]:
    runtime = {"Runtime": "python3.14", "PackageType": "Zip"}
    return {"FunctionName": name, "FunctionArn": ARN + name} | runtime | settings


def clients(*functions: dict[str, Any], **answers: Any) -> FakeClients:
    return FakeClients(answers=answers, pages={"list_functions": pages("Functions", functions)})


def test_values_of_environment_variables_are_judged_and_forgotten() -> None:
    variables = {"STAGE": "production-stage", "DB_PASSWORD": PASSWORD}
    source = clients(function("app", Environment={"Variables": variables}))

    collected = collect(source, LambdaFunction, "environment")

    app = found(collected, LambdaFunction)["app"]
    assert known(app.environment) == (
        EnvironmentVariable(name="DB_PASSWORD", credential=CredentialKind.NAMED_PASSWORD),
        EnvironmentVariable(name="STAGE"),
    )
    kept = app.model_dump_json() + repr(app)
    assert "DB_PASSWORD" in kept
    assert PASSWORD not in kept
    assert "production-stage" not in kept


def test_variables_that_cannot_be_decrypted_are_unreadable() -> None:
    error = {"ErrorCode": "AccessDeniedException", "Message": "no kms:Decrypt"}
    source = clients(function("app", Environment={"Error": error}))

    collected = collect(source, LambdaFunction, "environment")

    app = found(collected, LambdaFunction)["app"]
    assert "could not decrypt" in (why_unreadable(app.environment) or "")


def test_a_function_without_variables_has_none() -> None:
    collected = collect(clients(function("app")), LambdaFunction, "environment")

    assert known(found(collected, LambdaFunction)["app"].environment) == ()


def test_an_image_has_no_runtime() -> None:
    image = function("image", PackageType="Image")
    del image["Runtime"]

    collected = collect(clients(image), LambdaFunction, "runtime")

    app = found(collected, LambdaFunction)["image"]
    assert app.package == "Image"
    assert why_unreadable(app.runtime)


def test_a_function_without_a_policy_lets_nobody_in() -> None:
    source = clients(function("app"), get_policy=raising(refused("ResourceNotFoundException")))

    collected = collect(source, LambdaFunction, "policy")

    assert known(found(collected, LambdaFunction)["app"].policy).statements == ()


def test_a_function_deleted_while_it_is_read_is_gone() -> None:
    source = clients(function("app"))
    source.pages["list_function_url_configs"] = raising(refused("ResourceNotFoundException"))

    collected = collect(source, LambdaFunction, "urls", "policy")

    assert not collected.resources
    assert sum(one.gone for one in collected.coverage) == 1


def test_a_function_by_its_arn_takes_one_request() -> None:
    source = FakeClients(answers={"get_function_configuration": lambda **_: function("app")})

    collected = collect(source, LambdaFunction, "runtime", only=f"{ARN}app")

    assert sorted(found(collected, LambdaFunction)) == ["app"]
    assert sum(source.made.values()) == 1
