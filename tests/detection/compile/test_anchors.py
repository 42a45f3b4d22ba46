from pathlib import Path

import pytest

from tests.detection.compile.sigma_texts import ruleset_of
from vedette.configuration.content import ContentProblem
from vedette.detection.compile.anchors import fault_of
from vedette.detection.compile.documents import read_documents

HEAD = """
title: Ours
logsource: {product: aws, service: cloudtrail}
filter:
  rules: any
"""
ISSUER = "userIdentity.sessionContext.sessionIssuer.arn"
ROLE = "arn:aws:iam::111122223333:role/terraform"
SESSION = "arn:aws:sts::111122223333:assumed-role/terraform"


def fault(folder: Path, selections: str, condition: str = "not one") -> ContentProblem | None:
    lines = "\n".join(f"  {line}" for line in selections.splitlines())
    ruleset = ruleset_of(folder, ours=f"{HEAD}{lines}\n  condition: {condition}\n")
    assert ruleset.refused == []
    (exclusion,) = ruleset.compiled.exclusions
    (document,) = read_documents(folder / "ours.yml")
    return fault_of(exclusion, document)


@pytest.mark.parametrize(
    "selection",
    [
        f"{{{ISSUER}: '{ROLE}'}}",
        f"{{{ISSUER}: 'arn:aws-cn:iam::111122223333:role/deploy/terraform'}}",
        "{userIdentity.arn: 'arn:aws:iam::111122223333:user/robot'}",
        f"{{userIdentity.arn|startswith: '{SESSION}/'}}",
        f"{{vedette.principal: '{ROLE}', userAgent|contains: Terraform}}",
        "{userIdentity.type: AWSService}",
        "{eventType: AwsServiceEvent}",
        "{userIdentity.invokedBy: autoscaling.amazonaws.com}",
        "{userIdentity.invokedBy|exists: true}",
        f"{{{ISSUER}|contains: ':role/aws-service-role/'}}",
        "{responseElements.instancesSet.items.tagSet.items.key: 'aws:autoscaling:groupName'}",
        f"[{{{ISSUER}: '{ROLE}'}}, {{userIdentity.type: AWSService}}]",
    ],
)
def test_what_names_a_principal_or_what_aws_sets_is_sound(tmp_path: Path, selection: str) -> None:
    assert fault(tmp_path, f"one: {selection}") is None


@pytest.mark.parametrize(
    "selection",
    [
        "{userAgent|contains: Terraform}",
        "{userIdentity.arn|endswith: /terraform}",
        "{userIdentity.arn|contains: ':assumed-role/terraform/'}",
        "{userIdentity.arn: 'arn:aws:sts::*:assumed-role/*/terraform'}",
        "{userIdentity.arn|startswith: 'arn:aws:sts::111122223333:assumed-role/terra'}",
        f"{{{ISSUER}|endswith: ':role/terraform'}}",
        f"{{{ISSUER}: 'arn:aws:iam::111122223333:role/*'}}",
        f"{{{ISSUER}|contains: 'role/aws-service-role'}}",
        "{sourceIPAddress: config.amazonaws.com}",
        "{sourceIPAddress|cidr: 198.51.100.0/24}",
        "{requestParameters.roleSessionName: terraform}",
        "{requestParameters.tags.key: 'aws:cloudformation:stack-name'}",
        "{userIdentity.type: AssumedRole}",
        "{vedette.principal: 'sso:carol@example.com'}",
        f"[{{{ISSUER}: '{ROLE}'}}, {{userAgent: Terraform}}]",
        f"{{{ISSUER}: ['{ROLE}', '*']}}",
        "[Terraform]",
    ],
)
def test_what_callers_can_set_alone_is_a_fault_with_its_line(
    tmp_path: Path, selection: str
) -> None:
    found = fault(tmp_path, f"one: {selection}")

    assert found is not None
    assert (found.path.name, found.line) == ("ours.yml", 3)
    assert "what callers set" in found.message


def test_a_condition_is_looked_at_in_every_way_in_which_it_can_hold(tmp_path: Path) -> None:
    both = f"one: {{{ISSUER}: '{ROLE}'}}\ntwo: {{userAgent: Terraform}}"

    assert fault(tmp_path, both, "not (one and two)") is None
    assert fault(tmp_path, both, "not one or not two") is None
    assert fault(tmp_path, both, "not (one and not two)") is None
    assert fault(tmp_path, both, "not (one or two)") is not None
    assert fault(tmp_path, both, "not one and not two") is not None
    # Written the other way round, it would hold for everybody but the principal.
    assert fault(tmp_path, both, "one") is not None
    assert fault(tmp_path, both, "not 1 of them") is not None
    assert fault(tmp_path, both, "not all of them") is None
