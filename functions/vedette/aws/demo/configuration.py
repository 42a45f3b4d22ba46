"""The configuration that the company keeps in its repository."""

from datetime import date, timedelta

from vedette.aws.demo.account import PARTNER
from vedette.aws.demo.buckets import WEBSITE

ACCEPTED_FOR = timedelta(days=120)

TEXT = """\
# The configuration of Harbour Lane Books, as `vedette config init` begins one.
version: 1

accounts:
  # Pelican Fulfilment, who pack and send the books.
  trusted: ["{partner}"]

suppressions:
  - rule: s3/*
    resource: {website}
    reason: The public website is served from this bucket.
    expires: {expires}
"""


def configuration_text(today: date) -> str:
    """Write `vedette.yml` as it stands on a day."""
    return TEXT.format(partner=PARTNER, website=WEBSITE, expires=today + ACCEPTED_FOR)
