"""Suppressions: findings that somebody has accepted, for a reason and until a date."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from fnmatch import fnmatchcase

from pydantic import BaseModel, ConfigDict, Field, field_validator

from vedette.findings.finding import Finding, Suppressed
from vedette.findings.verdict import Verdict


class Suppression(BaseModel):
    """Which findings are accepted, why, and until when.

    `rule`, `account`, `region`, `resource` (id or ARN) and the values of `tags` are patterns with
    `*` and `?`; all that are given must match. `expires` is the last day (UTC) on which it holds.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: str = "*"
    account: str = "*"
    region: str = "*"
    resource: str = "*"
    tags: Mapping[str, str] = Field(default_factory=dict)
    reason: str = Field(min_length=1)
    expires: date

    @field_validator("account", mode="before")
    @classmethod
    def _account_is_text(cls, value: object) -> object:
        if isinstance(value, int):
            raise ValueError("an account id must stand in quotes, since it may begin with 0")
        return value

    def expired(self, as_of: datetime) -> bool:
        """Tell whether it no longer holds at that time."""
        return as_of.date() > self.expires

    def matches(self, finding: Finding, rule_ids: Iterable[str]) -> bool:
        """Tell whether it names the finding; `rule_ids` are all ids the rule has had.

        Tags that could not be read match nothing: what is unknown is not accepted.
        """
        resource = finding.resource
        return (
            any(fnmatchcase(one, self.rule) for one in rule_ids)
            and fnmatchcase(finding.account, self.account)
            and fnmatchcase(finding.region, self.region)
            and any(fnmatchcase(name, self.resource) for name in (resource.id, resource.arn))
            and self._tags_match(resource.tags)
        )

    def _tags_match(self, tags: Mapping[str, str] | None) -> bool:
        if not self.tags:
            return True
        return tags is not None and all(
            key in tags and fnmatchcase(tags[key], pattern) for key, pattern in self.tags.items()
        )


def suppress(
    finding: Finding, rule_ids: Iterable[str], suppressions: Iterable[Suppression], as_of: datetime
) -> Finding:
    """Mark a finding that a suppression in force names; what passed stays as it is."""
    if finding.verdict is Verdict.PASSED:
        return finding
    ids = tuple(rule_ids)
    for one in suppressions:
        if not one.expired(as_of) and one.matches(finding, ids):
            accepted = Suppressed(reason=one.reason, expires=one.expires.isoformat())
            return finding.model_copy(update={"suppressed": accepted})
    return finding
