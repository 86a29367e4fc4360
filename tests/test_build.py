"""The compiled core is what the `.pxd` files say, and the wheel holds all that a machine without a compiler needs."""

import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path

import pytest

from tests.conftest import COMPILED, UNDER_TEST
from tests.sources import PACKAGES, ROOT, module_name, python_files

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
EXTENSIONS = {module["name"]: module for module in SETTINGS["tool"]["setuptools"]["ext-modules"]}
# Declarations whose functions are compiled in line, into the modules that use them.
INLINE = {"analyzer.capture.integers"}
ALL_DECLARATIONS = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.pxd"))
DECLARATIONS = [path for path in ALL_DECLARATIONS if module_name(path) not in INLINE]
HEADER = "# cython: annotation_typing=False, initializedcheck=False, wraparound=False"


def test_every_pxd_is_compiled_and_nothing_else() -> None:
    assert sorted(EXTENSIONS) == sorted(module_name(path) for path in DECLARATIONS)


def test_every_extension_is_made_from_the_python_file_of_its_name() -> None:
    sources = {name: extension["sources"] for name, extension in EXTENSIONS.items()}
    assert sources == {name: [name.replace(".", "/") + ".py"] for name in EXTENSIONS}


def test_every_extension_is_built_without_debug_symbols() -> None:
    assert {name for name, extension in EXTENSIONS.items() if extension.get("extra-compile-args") != ["-g0"]} == set()


@pytest.mark.parametrize("path", DECLARATIONS, ids=module_name)
def test_a_compiled_source_takes_its_types_from_the_pxd_alone(path: Path) -> None:
    source = path.with_suffix(".py").read_text("utf-8")
    assert source.splitlines()[0] == HEADER
    assert "cython" not in source.removeprefix(HEADER).lower()


@pytest.mark.parametrize("name", sorted(EXTENSIONS))
def test_the_whole_core_is_compiled_or_none_of_it(name: str) -> None:
    files = list(UNDER_TEST.glob(name.replace(".", "/") + ".*.so"))
    assert bool(files) == COMPILED


def test_both_packages_say_that_they_are_typed() -> None:
    assert [package for package in PACKAGES if not (ROOT / package / "py.typed").exists()] == []


def copy_sources(target: Path) -> None:
    """Copy what a build reads, and no output of earlier builds."""
    names = ["pyproject.toml", "README.md", "LICENSE"]
    names += [str(path.relative_to(ROOT)) for path in (*python_files(*PACKAGES), *ALL_DECLARATIONS)]
    names += [f"{package}/py.typed" for package in PACKAGES]
    for name in names:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes((ROOT / name).read_bytes())


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> tuple[set[str], set[str]]:
    """Return what stands, extensions apart, in a wheel and in a source archive of this tree."""
    folder = tmp_path_factory.mktemp("build")
    copy_sources(folder / "source")
    steps = ["-q", "build_py", "-d", "../wheel", "sdist", "--formats", "tar", "-d", ".."]
    command = [sys.executable, "-W", "ignore", "-c", f"import setuptools; setuptools.setup(script_args={steps!r})"]
    run = subprocess.run(command, cwd=folder / "source", capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr
    wheel = {str(path.relative_to(folder / "wheel")) for path in (folder / "wheel").rglob("*.*")}
    with tarfile.open(next(folder.glob("*.tar"))) as archive:
        return wheel, {name.partition("/")[2] for name in archive.getnames()}


def test_the_wheel_holds_the_sources_too(packed: tuple[set[str], set[str]]) -> None:
    wheel, _ = packed
    sources = {str(path.relative_to(ROOT)) for path in (*python_files(*PACKAGES), *DECLARATIONS)}
    assert sources | {"analyzer/py.typed", "reconstruct/py.typed"} <= wheel
    assert {name.partition("/")[0] for name in wheel} == set(PACKAGES)


def test_the_source_archive_can_build_the_wheel(packed: tuple[set[str], set[str]]) -> None:
    _, archive = packed
    needed = {str(path.relative_to(ROOT)) for path in (*python_files(*PACKAGES), *DECLARATIONS)}
    assert needed | {"pyproject.toml", "README.md", "LICENSE"} <= archive
