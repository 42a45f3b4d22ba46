"""Names a resource without having read it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceKey:
    """One resource, or with `id` None every resource of the type in that account and region.

    `type` is the CloudFormation type name and `id` that of the snapshot. `service` says whose
    settings are meant where the type is `AWS::::Account`, which several services share; it is None
    for every other type. `region` is `global` for what has no region, as in snapshots.
    """

    type: str
    id: str | None
    account: str
    region: str
    service: str | None = None

    @property
    def whole_type(self) -> "ResourceKey":
        """Return the key of every resource of this type in this account and region."""
        return ResourceKey(
            type=self.type,
            id=None,
            account=self.account,
            region=self.region,
            service=self.service,
        )

    def __str__(self) -> str:
        """Give a text for people and logs, such as `AWS::S3::Bucket invoices`."""
        kind = f"{self.type} ({self.service})" if self.service else self.type
        return f"{kind} {self.id or '*'}"
