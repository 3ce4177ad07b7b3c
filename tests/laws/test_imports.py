"""Every module imports alone."""

import pkgutil
import subprocess
import sys
from graphlib import TopologicalSorter

import grimp
import pytest

import indexer
import kb

MODULES = sorted(
    module.name
    for package in (indexer, kb)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
)
#: Packages that import modules of their own, which import from them.
GATHERING = ("kb.cli", "kb.records.tables", "kb.services.bench")
LIGHT = (
    "kb.settings",
    "kb.markup",
    "kb.pages.reading",
    "kb.pieces.common",
    "kb.assets",
    "indexer.query",
)


def test_no_modules_import_each_other() -> None:
    """So each may be the first to be imported; below, those whose package imports them itself."""
    graph = grimp.build_graph("kb", "indexer", exclude_type_checking_imports=True, cache_dir=None)
    imports = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    assert set(TopologicalSorter(imports).static_order()) == graph.modules > set(MODULES)


@pytest.mark.parametrize("package", GATHERING)
def test_every_module_of_a_package_that_gathers_them_imports_when_it_is_the_first(
    package: str,
) -> None:
    # one process that forgets everything between two modules: a process each would take minutes
    names = [name for name in MODULES if name.startswith(f"{package}.")]
    code = f"""
import importlib, sys
for name in {names!r}:
    importlib.import_module(name)
    for loaded in [m for m in sys.modules if m.split(".")[0] in ("kb", "indexer")]:
        del sys.modules[loaded]
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_packages_that_gather_their_modules_are_known() -> None:
    graph = grimp.build_graph("kb", "indexer", cache_dir=None)
    gathering = [
        name
        for name in sorted(graph.modules)
        if any(one.startswith(f"{name}.") for one in graph.find_modules_directly_imported_by(name))
    ]
    assert tuple(gathering) == GATHERING


@pytest.mark.parametrize("name", LIGHT)
def test_what_is_pure_does_not_load_the_model_or_the_index(name: str) -> None:
    code = f"import sys, {name}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"onnxruntime", "whoosh", "numpy"} & set(done.stdout.split())


def test_the_site_never_loads_what_reads_the_files_of_strangers() -> None:
    code = "import sys, kb.app, kb.cli, kb.tasks; kb.app.create_app(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"PIL", "pikepdf", "lxml"} & set(done.stdout.split())
