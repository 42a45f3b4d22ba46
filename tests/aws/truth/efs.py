"""EFS file systems, encrypted and not."""

from tests.aws.named import world_by_name
from tests.aws.truth.world import Aws


def create(aws: Aws) -> dict[str, str]:
    efs = aws("efs")
    return {
        name: efs.create_file_system(CreationToken=name, Encrypted=encrypted)["FileSystemId"]
        for name, encrypted in (("encrypted", True), ("plain", False))
    }


WORLDS = (
    world_by_name(
        "file systems",
        create,
        {"efs/file_system_is_encrypted": {"encrypted": "PASSED", "plain": "FAILED"}},
    ),
)
