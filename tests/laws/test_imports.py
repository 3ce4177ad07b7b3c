"""Every module imports alone."""

import pkgutil
import subprocess
import sys

import pytest

import indexer
import kb

MODULES = sorted(
    module.name
    for package in (indexer, kb)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
)
LIGHT = (
    "kb.settings",
    "kb.markup",
    "kb.pages.reading",
    "kb.pieces.common",
    "kb.assets",
    "indexer.query",
)


def test_every_module_imports_when_it_is_the_first() -> None:
    # one process that forgets everything between two modules: a process each would take minutes
    code = f"""
import importlib, sys
kept = set(sys.modules)
for name in {MODULES!r}:
    importlib.import_module(name)
    for loaded in [m for m in sys.modules if m.split(".")[0] in ("kb", "indexer")]:
        del sys.modules[loaded]
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", LIGHT)
def test_what_is_pure_does_not_load_the_model_or_the_index(name: str) -> None:
    code = f"import sys, {name}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"onnxruntime", "whoosh", "numpy"} & set(done.stdout.split())


def test_the_site_never_loads_what_reads_the_files_of_strangers() -> None:
    code = "import sys, kb.app, kb.cli, kb.tasks; kb.app.create_app(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"PIL", "pikepdf", "lxml"} & set(done.stdout.split())
