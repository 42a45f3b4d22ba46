"""Container images and shared files."""

from vedette.aws.demo.account import VIRGINIA, Account, tags


def create_stores(account: Account, key: str) -> None:
    """Create image repositories and file systems."""
    ecr = account.client("ecr")
    ecr.create_repository(
        repositoryName="hlb/shop",
        imageScanningConfiguration={"scanOnPush": True},
        imageTagMutability="IMMUTABLE",
        tags=tags(team="shop"),
    )
    account.client("ecr", VIRGINIA).create_repository(
        repositoryName="bookworm/notebook", tags=tags(team="research")
    )
    efs = account.client("efs")
    efs.create_file_system(
        CreationToken="hlb-media",
        Encrypted=True,
        KmsKeyId=key,
        Tags=tags("hlb-media", team="editors"),
    )
    efs.create_file_system(
        CreationToken="hlb-scans-2018",
        Encrypted=False,
        Tags=tags("hlb-scans-2018", team="editors"),
    )
