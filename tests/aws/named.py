"""Worlds whose resources get their ids from AWS: verdicts are written by name."""

from collections.abc import Callable, Mapping

from tests.aws.truth.world import Aws, World

Names = Mapping[str, str]


def world_by_name(
    name: str,
    create: Callable[[Aws], Names],
    verdicts: Mapping[str, Mapping[str, str]],
) -> World:
    """Return a world in which the ids that `create` returns by name take the names' places.

    Names that it does not return are ids already. The verdicts speak of ids once it is seeded.
    """
    by_id = {rule: dict(expected) for rule, expected in verdicts.items()}

    def seed(aws: Aws) -> None:
        ids = create(aws)
        for rule, expected in verdicts.items():
            by_id[rule] = {ids.get(one, one): verdict for one, verdict in expected.items()}

    return World(name=name, seed=seed, verdicts=by_id)
