"""Snapshots of EFS file systems."""

from typing import ClassVar

from vedette.resources.facts import NOT_COLLECTED, Fact
from vedette.resources.resource import Resource


class EfsFileSystem(Resource):
    """One file system; its id is AWS's (`fs-…`)."""

    type: ClassVar[str] = "AWS::EFS::FileSystem"
    service: ClassVar[str] = "efs"

    is_encrypted: Fact[bool] = NOT_COLLECTED
