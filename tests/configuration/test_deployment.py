import pytest
from pydantic import ValidationError

from vedette.configuration.deployment import Deployment


def test_nothing_but_an_address_is_needed() -> None:
    deployment = Deployment(email="soc@example.com")

    assert deployment.watched_regions == ("us-east-1",)
    assert deployment.accounts == ()
    assert not deployment.customer_key
    assert not deployment.trail


@pytest.mark.parametrize(
    ("region", "watched"),
    [
        ("eu-west-1", ("eu-west-1", "us-east-1")),
        ("cn-northwest-1", ("cn-north-1", "cn-northwest-1")),
        ("us-gov-east-1", ("us-gov-east-1", "us-gov-west-1")),
    ],
)
def test_the_region_of_global_services_is_watched_in_every_partition(
    region: str, watched: tuple[str, ...]
) -> None:
    assert Deployment(region=region).watched_regions == watched


def test_a_region_that_is_named_twice_is_watched_once() -> None:
    deployment = Deployment(region="eu-west-1", regions=("eu-west-1", "eu-north-1"))

    assert deployment.watched_regions == ("eu-north-1", "eu-west-1", "us-east-1")


@pytest.mark.parametrize(
    "settings",
    [
        {"email": "a@b"},
        {"email": "a b@example.com"},
        {"accounts": ["11112222333"]},
        {"accounts": ["١١١١٢٢٢٢٣٣٣٣"]},
        {"accounts": [111122223333]},
        {"region": "us-east"},
        {"external_id": "with space"},
        {"escalation_minutes": 1},
        {"log_retention_days": 1},
        {"geography": {"bucket": "our-geography"}},
        {"geography": {"bucket": "Our_Geography", "places": "a.mmdb"}},
    ],
)
def test_what_aws_would_refuse_is_refused_here(settings: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Deployment.model_validate(settings)
