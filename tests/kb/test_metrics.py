"""What Prometheus is told: by all processes together, about nobody, at an address of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.library import Library
from kb.services import metering
from kb.settings import Settings
from tests import factories
from tests.kb.serving import PATIENCE, Site, environment, free_port, served, until

SAMPLE = re.compile(r"^([a-z_]+)(?:\{([^}]*)\})? ([0-9.e+-]+|\+Inf|NaN)$")


def small_library(root: Path) -> None:
    """A content folder with two cases and its index."""
    cases = {slug: factories.told(slug) for slug in ("cash-by-phone", "crop-prices")}
    factories.content_folder(root / "content", cases)
    Library.open(root / "content", root / "var", threads=1).encoder.rest()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    root = tmp_path_factory.mktemp("metrics")
    small_library(root)
    (root / "var" / "metrics").mkdir()
    (root / "var" / "metrics" / "counter_1.db").write_bytes(b"left by somebody")
    with served(root, WORKERS="2") as site:
        yield site


def told(site: Site) -> dict[str, float]:
    """Every figure by its name and labels."""
    status, text = site.machine("/metrics")
    assert status == 200
    found = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            match = SAMPLE.match(line)
            assert match, line
            found[f"{match[1]}{{{match[2] or ''}}}"] = float(match[3])
    return found


def of_requests(figures: dict[str, float], endpoint: str, status: int = 200) -> float:
    name = f'sankofa_requests_total{{endpoint="{endpoint}",method="GET",status="{status}"}}'
    return figures.get(name, 0)


def test_requests_of_all_processes_are_counted_together(site: Site) -> None:
    before = told(site)
    for _ in range(20):
        assert site.get("/cases/cash-by-phone").status == 200
    assert site.get("/nothing/at/all").status == 404
    after = told(site)
    assert of_requests(after, "cases.case") - of_requests(before, "cases.case") == 20
    assert of_requests(after, "none", 404) - of_requests(before, "none", 404) == 1
    assert after['sankofa_request_seconds_count{endpoint="cases.case"}'] >= 20
    assert after['sankofa_request_seconds_bucket{endpoint="cases.case",le="+Inf"}'] >= 20


def test_searches_are_counted_by_whether_anything_was_found(site: Site) -> None:
    before = told(site)
    site.get("/search?q=cash+phone")
    site.get("/search?q=zzzzqqqq")
    after = told(site)
    for found in ("yes", "no"):
        name = f'sankofa_searches_total{{found="{found}"}}'
        assert after[name] - before.get(name, 0) == 1


def test_the_library_the_work_and_the_program_are_told(site: Site) -> None:
    figures = told(site)
    assert figures["sankofa_library_ready{}"] == 1
    assert figures["sankofa_index_documents{}"] == 2
    assert figures["sankofa_index_bytes{}"] > 1000
    assert figures["sankofa_database_up{}"] == 1
    assert figures['sankofa_jobs{state="waiting"}'] >= 0
    assert figures["sankofa_outbox_letters{}"] == 0
    assert [name for name in figures if name.startswith("sankofa_build_info{")]


def test_no_label_names_a_path_a_person_or_what_was_searched_for(site: Site) -> None:
    site.get("/search?q=xylophone")
    site.get("/cases/no-such-xylophone")
    site.get("/xylophone/xylophone", Cookie="session=xylophone")
    _, text = site.machine("/metrics")
    assert "xylophone" not in text
    labels = set(re.findall(r'[{,]([a-z]+)="', text))
    assert labels <= {"endpoint", "method", "status", "le", "found", "event", "task", "outcome",
                      "state", "lock", "version", "python"}  # fmt: skip


def test_methods_that_nobody_knows_do_not_make_figures_without_end(site: Site) -> None:
    import http.client

    for method in ("BREW", "XYLOPHONE"):
        connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=PATIENCE)
        connection.request(method, "/")
        connection.getresponse().read()
        connection.close()
    _, text = site.machine("/metrics")
    assert 'method="other"' in text
    assert "XYLOPHONE" not in text


def test_what_a_process_counted_stays_when_it_is_killed(site: Site) -> None:
    before = told(site)
    children = Path(f"/proc/{site.process.pid}/task/{site.process.pid}/children")
    if not children.is_file():
        pytest.skip("this system does not tell the children of a process")
    first = children.read_text().split()
    os.kill(int(first[0]), signal.SIGKILL)
    until(lambda: len(now := children.read_text().split()) == 2 and now != first, site)
    until(lambda: site.get("/readyz").status == 200, site)
    after = told(site)
    assert of_requests(after, "cases.case") >= of_requests(before, "cases.case")
    for _ in range(6):
        site.get("/cases/cash-by-phone")
    assert of_requests(told(site), "cases.case") == of_requests(before, "cases.case") + 6


def test_health_and_readiness_are_answered_there_and_nothing_else(site: Site) -> None:
    assert site.machine("/healthz") == (200, "ok\n")
    assert site.machine("/readyz") == (200, "ready\n")
    for path in ("/", "/search", "/metrics/x", "/../metrics"):
        assert site.machine(path)[0] == 404
    assert site.get("/metrics").status == 404


def test_an_address_that_is_taken_is_told_before_the_site_starts(
    site: Site, tmp_path: Path
) -> None:
    small_library(tmp_path)
    settings = environment(
        tmp_path, PORT=str(free_port()), METRICS_ADDRESS=f"127.0.0.1:{site.metrics_port}"
    )
    done = subprocess.run(
        [sys.executable, "-m", "kb.cli", "serve"], env=settings, capture_output=True, text=True,
        check=False, timeout=PATIENCE,
    )  # fmt: skip
    assert done.returncode == 1
    assert "METRICS_ADDRESS" in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_is_counted_where_no_address_is_set() -> None:
    assert Settings().metrics_address == ""
    metering.request("search.search", "GET", 200, 0.1)  # costs nothing, needs no folder
    metering.search(0)
    metering.published("published")
    metering.waited("publish", 0.1)
    metering.refused("publish")
    metering.job("digest", "done")
    metering.letter("sent")
    metering.ended(1)
    assert "prometheus_client" not in sys.modules or metering._meters is None
