import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.resources.arn import ArnError, parse_arn


def test_an_arn_is_taken_apart() -> None:
    arn = parse_arn("arn:aws-cn:rds:cn-north-1:111122223333:db:orders")

    assert (arn.partition, arn.service, arn.region) == ("aws-cn", "rds", "cn-north-1")
    assert (arn.account, arn.resource) == ("111122223333", "db:orders")


def test_an_arn_is_put_together_as_it_was() -> None:
    text = "arn:aws:s3:::bucket"

    assert str(parse_arn(text)) == text


@pytest.mark.parametrize("text", ["", "bucket", "arn:aws:s3", "arn:aws:s3:::", "urn:aws:s3:::x"])
def test_what_is_no_arn_is_refused(text: str) -> None:
    with pytest.raises(ArnError, match="is not an ARN"):
        parse_arn(text)


@given(st.text())
def test_no_text_does_worse_than_be_refused(text: str) -> None:
    try:
        parsed = parse_arn(text)
    except ArnError:
        return
    assert str(parsed) == text


def test_a_refusal_does_not_repeat_a_long_text() -> None:
    with pytest.raises(ArnError) as refused:
        parse_arn("x" * 64_000)

    assert len(str(refused.value)) < 300
