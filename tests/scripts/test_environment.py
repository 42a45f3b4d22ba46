"""The launchers, in a small checkout of their own whose lock is empty."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.environment import SetupError, steps

ROOT = Path(__file__).resolve().parents[2]
SETTING_UP = "Setting up .venv/demo"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    root = tmp_path / "a checkout"
    for name in ("vedette", "environment.sh", "environment.py"):
        (root / "scripts").mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "scripts" / name, root / "scripts" / name)
    (root / "requirements").mkdir()
    (root / "requirements/demo.txt").write_text("# nothing\n")
    package = root / "functions/vedette"
    package.mkdir(parents=True)
    (package / "__main__.py").write_text("import sys\nprint(sys.argv[1:])\n")
    return root


def start(checkout: Path, *arguments: str, python: str = sys.executable) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [checkout / "scripts/vedette", *arguments],
        env={"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.defpath}", "PYTHON": python},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def launch(checkout: Path, *arguments: str) -> tuple[str, str]:
    return start(checkout, *arguments).communicate(timeout=60)


def test_the_first_call_sets_up_and_the_second_only_runs(checkout: Path) -> None:
    printed, progress = launch(checkout, "audit", "a b")
    assert (printed, SETTING_UP in progress) == ("['audit', 'a b']\n", True)
    assert launch(checkout) == ("[]\n", "")


def test_a_changed_lock_sets_up_again(checkout: Path) -> None:
    launch(checkout)
    (checkout / "requirements/demo.txt").write_text("# still nothing\n")
    assert SETTING_UP in launch(checkout)[1]


def test_an_interrupted_set_up_is_done_again(checkout: Path) -> None:
    (checkout / ".venv/demo/bin").mkdir(parents=True)
    (checkout / ".venv/demo/bin/python").write_text("half a file")
    assert launch(checkout)[0] == "[]\n"


def test_a_moved_checkout_sets_up_again(checkout: Path) -> None:
    launch(checkout)
    moved = checkout.rename(checkout.with_name("elsewhere"))
    printed, progress = launch(moved)
    assert (printed, SETTING_UP in progress) == ("[]\n", True)


def test_two_first_calls_at_once_set_up_once(checkout: Path) -> None:
    both = [start(checkout), start(checkout)]
    outputs = [process.communicate(timeout=60) for process in both]
    assert [printed for printed, _ in outputs] == ["[]\n", "[]\n"]
    assert sum(SETTING_UP in progress for _, progress in outputs) == 1


def test_a_call_through_a_link_finds_its_checkout(checkout: Path, tmp_path: Path) -> None:
    link = tmp_path / "bin/scripts/vedette"
    link.parent.mkdir(parents=True)
    link.symlink_to(checkout / "scripts/vedette")
    assert launch(tmp_path / "bin")[0] == "[]\n"


def test_a_python_that_is_too_old_is_refused_in_one_sentence(checkout: Path) -> None:
    process = start(checkout, python="false")
    _, progress = process.communicate(timeout=60)
    assert progress == "Vedette needs Python 3.11 or newer; none of these is: false\n"
    assert process.returncode == 1


def test_a_package_that_does_not_match_its_hash_is_refused(checkout: Path) -> None:
    package = checkout / "there-1-py3-none-any.whl"
    package.write_bytes(b"not what was locked")
    lock = checkout / "requirements/demo.txt"
    lock.write_text(f"there @ {package.as_uri()} --hash=sha256:{'0' * 64}\n")
    process = start(checkout)
    _, progress = process.communicate(timeout=60)
    assert "hash" in progress.lower()
    assert "Set-up failed, see above" in progress
    assert process.returncode == 1
    assert not (checkout / ".venv/demo/vedette.stamp").exists()


def commands(modules: set[str], programs: set[str]) -> list[str]:
    found = steps(
        Path(".venv/demo"),
        Path("demo.txt"),
        lambda name: name if name in modules else None,
        lambda name: f"/bin/{name}" if name in programs else None,
    )
    return [
        " ".join(command[1:3]) if "uv" in command[0] else " ".join(command[1:]) for command in found
    ]


def test_uv_is_preferred() -> None:
    assert commands({"ensurepip", "pip"}, {"uv"}) == ["venv --quiet", "pip install"]


def test_without_uv_the_environment_gets_a_pip_of_its_own() -> None:
    make, install = commands({"ensurepip", "pip"}, set())
    assert make == "-m venv .venv/demo"
    assert install.startswith("-m pip install")
    assert install.endswith("--no-deps --require-hashes -r demo.txt")


@pytest.mark.parametrize(
    ("modules", "programs", "prefix"),
    [
        ({"pip"}, {"pip3"}, "-m pip --python"),
        (set(), {"pip3"}, "--python"),
        (set(), {"pip"}, "--python"),
    ],
)
def test_without_ensurepip_a_pip_outside_installs(
    modules: set[str], programs: set[str], prefix: str
) -> None:
    make, install = commands(modules, programs)
    assert make == "-m venv --without-pip .venv/demo"
    assert install.startswith(f"{prefix} .venv/demo/bin/python install")
    assert "--require-hashes" in install


def test_without_any_installer_the_message_names_the_debian_package() -> None:
    with pytest.raises(SetupError, match="python3-venv"):
        commands(set(), set())
