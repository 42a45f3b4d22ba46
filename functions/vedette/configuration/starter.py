"""The configuration file that `vedette config init` writes, and its JSON schema."""

import json
from typing import Any

from vedette.configuration.model import Configuration

STARTER = """\
# Vedette's configuration. Every part may be left out; `vedette config check` says what is wrong.
version: 1

accounts:
  # Your accounts, and partners' with which you share on purpose. In quotes: ids may begin with 0.
  own: []
  # own: ["111122223333"]
  trusted: []
  # trusted: ["444455556666"]
  # Your AWS organization: what a policy lets in by this id is your own.
  # organisation: o-abcdefghij

detection:
  # Databases in MaxMind's format, relative to this file. Without them, rules that ask where an
  # address is are dark, and every hunt says so.
  geography: {}
  # geography: {places: GeoLite2-City.mmdb, networks: GeoLite2-ASN.mmdb}

  # Lists that rules look values up in (`lookup:`): texts, addresses, ranges of addresses.
  indicators: {}
  # indicators: {addresses: [203.0.113.7, 198.51.100.0/24]}

  # Who works by program and makes many changes. Exclusions lower matches of these principals to
  # informational; `vedette rules show ID` says what an exclusion quiets.
  placeholders: {}
  # placeholders: {iac_principals: ["arn:aws:iam::111122223333:role/terraform"]}

parameters: {}
  # Settings of rules, by rule id. `vedette rules show ID` lists what a rule lets you set.
  # iam/user_access_keys_are_rotated:
  #   days: 60

# What `vedette deploy` builds. It needs an address to write to, and nothing else.
deployment: {}
# deployment: {email: soc@example.com, region: eu-west-1, regions: [eu-central-1]}

suppressions: []
  # Findings that you accept. A reason and an expiry date are required; when the date has passed,
  # the finding comes back and the report says so. rule, account, region, resource (id or ARN) and
  # tag values are patterns with * and ?.
  # - rule: s3/bucket_blocks_public_access
  #   resource: www-example-com
  #   tags: {environment: public-website}
  #   reason: The public website is served from this bucket.
  #   expires: 2027-06-30
"""


def schema() -> dict[str, Any]:
    """Return the JSON schema of `vedette.yml`, for editors."""
    return Configuration.model_json_schema(mode="validation")


def schema_text() -> str:
    """Return the schema as it is published in `docs/schemas/configuration.json`."""
    return json.dumps(schema(), indent=2, sort_keys=True) + "\n"
