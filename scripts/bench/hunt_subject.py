"""One way to go through logs, in a process of its own: what `hunt.py` measures.

    python hunt_subject.py floor FOLDER
    python hunt_subject.py hunt FOLDER RULES.json [--workers 2] [--standard-library]
    python hunt_subject.py naive|index FOLDER RULES.json
    python hunt_subject.py decode RULES.json

`floor` decompresses and parses, and looks at nothing. `hunt` is what `vedette hunt` does once its
rules are compiled. `naive` asks every rule about every record; `index` asks those that name the
record's eventName, and those that name none. Each writes matches to its standard output.
"""

import argparse
import gzip
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "functions")]
NATIVE = ("deflate", "isal")


def main() -> None:
    """Run the subject that the arguments name."""
    arguments = _arguments()
    if arguments.standard_library:
        # An import of what is None here fails as if it were not installed.
        sys.modules.update(dict.fromkeys(NATIVE))  # type: ignore[arg-type]
    subjects = {"floor": floor, "hunt": hunt, "naive": naive, "index": index, "decode": decode}
    subjects[arguments.subject](arguments)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("subject", choices=("floor", "hunt", "naive", "index", "decode"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("rules", type=Path, nargs="?")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--standard-library", action="store_true")
    return parser.parse_args()


def floor(arguments: argparse.Namespace) -> None:
    """Parse all files, and do nothing with what stands in them."""
    for path in sorted(arguments.folder.iterdir()):
        orjson.loads(gzip.decompress(path.read_bytes()))


def hunt(arguments: argparse.Namespace) -> None:
    """Hunt with compiled rules and correlations, and write the matches as lines of JSON."""
    from vedette.detection.ir import from_json  # noqa: PLC0415 - only this subject pays for it
    from vedette.operations.hunt_files import HuntPlan  # noqa: PLC0415
    from vedette.operations.hunt_logs import LocalLogs  # noqa: PLC0415
    from vedette.operations.hunt_memory import memory_match, tellings_of  # noqa: PLC0415
    from vedette.operations.hunt_workers import Hunters  # noqa: PLC0415
    from vedette.operations.rules_in_force import KnownWorld  # noqa: PLC0415
    from vedette.reporting.hunt_lines import match_lines  # noqa: PLC0415

    source = LocalLogs((arguments.folder,))
    text = arguments.rules.read_bytes()
    plan = HuntPlan(compiled=text, world=KnownWorld(), source=source, as_lines=True)
    hunters = Hunters(plan, arguments.workers)
    for outcome in hunters.outcomes(source.files()):
        sys.stdout.buffer.write(outcome.lines)
    compiled = from_json(text)
    tellings = tellings_of(compiled)
    found = [memory_match(tellings[one.rule], one) for one in hunters.correlator.finish().matches]
    sys.stdout.buffer.write(match_lines([one.match for one in found]))


def naive(arguments: argparse.Namespace) -> None:
    """Ask every rule about every record."""
    from vedette.detection.match.naive import matches  # noqa: PLC0415

    rules, derived = _rules(arguments.rules)
    for record in _records(arguments.folder):
        for rule in rules:
            if matches(rule, record, derived):
                sys.stdout.write(f"{record['eventID']} {rule.id}\n")


def index(arguments: argparse.Namespace) -> None:
    """Ask only rules that may match an event of that name."""
    from vedette.detection.match.naive import matches  # noqa: PLC0415

    rules, derived = _rules(arguments.rules)
    by_name: dict[str, list[Any]] = defaultdict(list)
    of_any_name = []
    for rule in rules:
        names = _names(rule)
        if names is None:
            of_any_name.append(rule)
        for name in names or ():
            by_name[name.casefold()].append(rule)
    for record in _records(arguments.folder):
        for rule in (*by_name.get(record["eventName"].casefold(), ()), *of_any_name):
            if matches(rule, record, derived):
                sys.stdout.write(f"{record['eventID']} {rule.id}\n")


def decode(arguments: argparse.Namespace) -> None:
    """Write how many milliseconds reading and decoding the compiled rules takes."""
    from vedette.detection.ir import from_json  # noqa: PLC0415

    started = time.perf_counter()
    from_json(arguments.folder.read_bytes())
    sys.stdout.write(f"{1_000 * (time.perf_counter() - started):.2f}\n")


def _rules(path: Path) -> tuple[Any, Any]:
    from vedette.detection.derive.fields import derivations  # noqa: PLC0415
    from vedette.detection.ir import from_json  # noqa: PLC0415
    from vedette.operations.rules_in_force import KnownWorld, derived_names  # noqa: PLC0415

    compiled = from_json(path.read_bytes())
    return compiled.rules, derivations(derived_names(compiled), KnownWorld().settings())


def _records(folder: Path) -> Iterator[Any]:
    for path in sorted(folder.iterdir()):
        yield from orjson.loads(gzip.decompress(path.read_bytes()))["Records"]


def _names(rule: Any) -> Iterable[str] | None:
    """Return the eventNames of which a rule needs one, or None if it does without."""
    from vedette.detection.ir import inlined  # noqa: PLC0415

    return _needed(inlined(rule.condition, rule.selections))


def _needed(condition: Any) -> set[str] | None:
    from vedette.detection.ir import AllOf, AnyOf, Text  # noqa: PLC0415

    match condition:
        case Text(field="eventName", operator="is", values=values):
            return set(values)
        case AllOf(parts):
            found = [names for part in parts if (names := _needed(part)) is not None]
            return min(found, key=len, default=None)
        case AnyOf(parts):
            several = [_needed(part) for part in parts]
            known = [names for names in several if names is not None]
            return set().union(*known) if len(known) == len(several) else None
        case _:
            return None


if __name__ == "__main__":
    main()
