"""The real program on a port of its own, a real browser, and citizens who use it."""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, FrameLocator, Locator, Page, sync_playwright

ROOT = Path(__file__).parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
OPENED = "mở trang hỏi đáp: "
SECONDS_TO_START = 60
SECONDS_TO_STOP = 10


@dataclass
class Citizen:
    """A person before the page; what the browser complained about is kept in `faults`."""

    page: Page
    faults: list[str] = field(default_factory=list)
    chat: FrameLocator | Page = field(init=False)

    def __post_init__(self) -> None:
        self.chat = self.page
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(message.text)

    @property
    def box(self) -> Locator:
        return self.chat.get_by_role("textbox", name="Câu hỏi của ông/bà")

    @property
    def log(self) -> Locator:
        return self.chat.get_by_role("log", name="Cuộc trò chuyện với trợ lý")

    @property
    def answer(self) -> Locator:
        """The newest words of the assistant."""
        return self.log.locator("article.assistant").last

    def ask(self, text: str) -> Locator:
        """Type a question, send it, and return the answer once it is there."""
        self.box.fill(text)
        return self._after(self.chat.get_by_role("button", name="Gửi", exact=True).click)

    def press(self, label: str) -> Locator:
        """Press the newest button of this name and return the answer once it is there."""
        return self._after(self.log.get_by_role("button", name=label, exact=True).last.click)

    def _after(self, act: Callable[[], object]) -> Locator:
        answers = self.log.locator("article.assistant:not(.typing)")
        before = answers.count()
        act()
        answers.nth(before).wait_for()
        return self.answer


@pytest.fixture(scope="session")
def portal() -> Iterator[str]:
    """The commune's portal: an ordinary page that carries the chat by one script tag; `?` and the chat's address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Portal)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


class _Portal(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        _, _, chat = self.path.partition("?")
        page = '<!doctype html><title>Cổng xã</title><link rel="icon" href="data:,"><h1>Cổng thông tin xã</h1>'
        self.send_response(200)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(f'{page}<script src="{chat}/nhung.js"></script>'.encode())

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Keep the tests' output clean."""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, portal: str) -> Iterator[str]:
    """The program as an operator starts it, on an empty database; its address."""
    home = tmp_path_factory.mktemp("site")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")} | {
        "MOTCUA_DATABASE__URL": f"sqlite:///{home}/motcua.db",
        "MOTCUA_FILES__FOLDER": f"{home}/tep",
        "MOTCUA_BACKUP__FOLDER": "",
        "MOTCUA_WEB__PORT": "0",
        "MOTCUA_WEB__EMBED_ON": portal,
    }
    command = [str(Path(sys.executable).with_name("motcua")), "run", "--only", "web"]
    with (home / "stderr").open("wb") as stderr:
        program = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=stderr)
    try:
        yield address_of(program, home / "stderr")
    finally:
        program.terminate()
        program.wait(SECONDS_TO_STOP)


def address_of(program: subprocess.Popen[bytes], stderr: Path) -> str:
    late = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < late and program.poll() is None:
        for line in stderr.read_text(encoding="utf-8").splitlines():
            if OPENED in line:
                return line.partition(OPENED)[2]
        time.sleep(0.05)
    pytest.fail(f"motcua run did not open its page:\n{stderr.read_text(encoding='utf-8')[-2000:]}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium as installed. Not for the whole run: Playwright's loop must be gone before other asynchronous tests."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip(f"no Chromium on this machine: none of {', '.join(BROWSERS)} is on the PATH")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield chromium
        chromium.close()


Visit = Callable[..., Citizen]


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Visit]:
    """Open the page as a new person; at the end nothing may be left that the browser complained about."""
    contexts: list[BrowserContext] = []
    citizens: list[Citizen] = []

    def opened(width: int = 360, height: int = 740, *, address: str = site, **options: Any) -> Citizen:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        citizens.append(Citizen(context.new_page()))
        citizens[-1].page.goto(address)
        return citizens[-1]

    yield opened
    for context in contexts:
        context.close()
    assert [fault for citizen in citizens for fault in citizen.faults] == []


@pytest.fixture
def on_phone(visit: Visit) -> Visit:
    """Open the page on a phone 360 pixels wide."""
    return partial(visit, is_mobile=True, has_touch=True)
