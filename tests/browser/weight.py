"""What a page costs on the wire, as the browser counts it, and how soon it can be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import CDPSession, Page

#: The most requests of a first view.
REQUESTS = 6
#: A telephone on a 2G network: bits a second, and milliseconds until an answer begins.
SLOW, LATE = 250_000, 300


@dataclass(frozen=True)
class Weight:
    """What came for a page: bytes of all of it and of the page alone, and the addresses asked."""

    total: float
    page: float
    asked: tuple[str, ...]


class Scales:
    """Weighs what the tab of a page is sent; nothing comes from its cache."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.wire: CDPSession = page.context.new_cdp_session(page)
        self.wire.send("Network.enable")
        self.wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
        self._sizes: dict[str, float] = {}
        self._asked: dict[str, str] = {}
        self.wire.on("Network.requestWillBeSent", self._ask)
        self.wire.on("Network.loadingFinished", self._come)

    def weigh(self, address: str) -> Weight:
        """Opens a page, waits until nothing more comes, and says what it cost."""
        self._sizes.clear()
        self._asked.clear()
        self.page.goto(address, wait_until="networkidle")
        first = next(iter(self._asked))
        return Weight(
            sum(self._sizes.values()), self._sizes.get(first, 0), tuple(self._asked.values())
        )

    def _ask(self, event: dict[str, Any]) -> None:
        self._asked.setdefault(event["requestId"], event["request"]["url"])

    def _come(self, event: dict[str, Any]) -> None:
        self._sizes[event["requestId"]] = event["encodedDataLength"]


READ = """
() => new Promise(done => new PerformanceObserver((list, observer) => {
  observer.disconnect();
  const at = list.getEntries().map(entry => entry.startTime);
  const first = performance.getEntriesByName("first-contentful-paint")[0].startTime;
  done({first, largest: Math.max(...at)});
}).observe({type: "largest-contentful-paint", buffered: true}))
"""


def read_over_2g(page: Page, address: str) -> dict[str, float]:
    """Milliseconds until a page shows its first and its largest words, over a slow network."""
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    slow = {"offline": False, "latency": LATE, "downloadThroughput": SLOW / 8,
            "uploadThroughput": SLOW / 8}  # fmt: skip
    wire.send("Network.emulateNetworkConditions", slow)
    page.goto(address, wait_until="load")
    found: dict[str, float] = page.evaluate(READ)
    wire.detach()
    return found
