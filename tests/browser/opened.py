"""One page in the browser, and what tests ask of it."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

READY_MS = 60_000  # a busy machine is slow, and slowness is not what these tests are about
VIEW = "tcpscope.page.shown.view"
PANELS = ("sequence", "windows", "rtt", "rates")


class Opened:
    """A report that is open: `page` is playwright's, `problems` whatever a page must not do."""

    def __init__(
        self, browser: Any, path: Path, address: str, wide: int = 1280, high: int = 800, **options: Any
    ) -> None:
        """Open a file, at an address within it, and wait until it has drawn itself."""
        self.problems: list[str] = []
        self._context = browser.new_context(viewport={"width": wide, "height": high}, **options)
        self.page = self._context.new_page()
        self.page.on("console", lambda message: self.problems.append(f"console: {message.text}"))
        self.page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        self.page.on("request", self._note_request)
        self.page.on("dialog", self._refuse)
        self.go(path, address)

    def go(self, path: Path, address: str = "") -> None:
        """Open another file."""
        self.page.goto(f"{path.as_uri()}{address}")
        self.wait()

    def wait(self) -> None:
        """Wait until the page has drawn what was asked for."""
        self.page.wait_for_selector("html[data-ready='true']", state="attached", timeout=READY_MS)
        self.settle()

    def settle(self) -> None:
        """Wait until what is drawn in the next frames is drawn."""
        self.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))")

    def close(self) -> None:
        """Close the page."""
        self._context.close()

    def _note_request(self, request: Any) -> None:
        if not request.url.startswith(("file:", "data:", "blob:")):
            self.problems.append(f"request: {request.url}")

    def _refuse(self, dialog: Any) -> None:
        self.problems.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def view(self, expression: str) -> Any:
        """Return something of the view of the connection: `view("selected")`."""
        return self.page.evaluate(f"{VIEW}.{expression}")

    def until(self, condition: str) -> None:
        """Wait until something holds of the view; the page's policy forbids the waiting that playwright offers."""
        for _ in range(READY_MS // 50):
            if self.view(condition):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"{condition} never came to hold")

    def restart(self, address: str) -> None:
        """Show what an address asks for as if the page had been opened anew, without reading it again."""
        self.page.mouse.move(0, 0)
        for wanted in ("#overview", address):
            self.page.evaluate(_TURN_TO, wanted)
            self.wait()

    def press(self, key: str) -> None:
        """Press a key and let the page draw."""
        self.page.keyboard.press(key)
        self.settle()

    def text(self, selector: str) -> str:
        """Return what an element says."""
        return str(self.page.text_content(selector))

    def place_of(self, frame: int, panel: str = "sequence") -> tuple[float, float]:
        """Return where on the screen a segment stands in a panel."""
        self.page.eval_on_selector(f".panel.{panel} .sheet", "(sheet) => sheet.scrollIntoView({ block: 'center' })")
        self.settle()
        found = self.page.evaluate(_PLACE, [frame, panel])
        return float(found[0]), float(found[1])

    def count_pixels(self, selector: str, colour: str) -> int:
        """Return how many pixels of an element have a colour of the styles, as nearly as eyes can tell."""
        picture = base64.b64encode(self.page.locator(selector).first.screenshot()).decode("ascii")
        return int(self.page.evaluate(_COUNT, [picture, colour]))


# Resolves when the page has begun to follow, at once where it is there already.
_TURN_TO = """(address) => new Promise((done) => {
    if (location.hash === address) return done();
    addEventListener("hashchange", () => done(), { once: true });
    location.hash = address;
})"""
_PLACE = """([frame, id]) => {
    const view = tcpscope.page.shown.view, c = view.connection;
    const panel = view.panels.byId(id), row = c.rowOfFrame(frame);
    const box = panel.sheet.getBoundingClientRect();
    const value = c.sender[row] === view.side ? (c.seq[row] + c.endOf(row)) / 2 : c.ack[row];
    const y = id === "sequence" ? panel.heightOf(value) : box.height / 2;
    return [box.left + panel.pixelOf(c.time[row]), box.top + y];
}"""
# Decoded by the browser itself: a screenshot is put on a canvas and read back.
_COUNT = """async ([picture, name]) => {
    const read = async (source) => {
        const image = new Image();
        image.src = source;
        await image.decode();
        const canvas = document.createElement("canvas");
        [canvas.width, canvas.height] = [image.width, image.height];
        const pen = canvas.getContext("2d");
        pen.drawImage(image, 0, 0);
        return pen.getImageData(0, 0, image.width, image.height).data;
    };
    const pen = document.createElement("canvas").getContext("2d");
    pen.fillStyle = tcpscope.theme.colour(name);
    pen.fillRect(0, 0, 1, 1);
    const wanted = pen.getImageData(0, 0, 1, 1).data;
    const data = await read("data:image/png;base64," + picture);
    let found = 0;
    for (let at = 0; at < data.length; at += 4) {
        found += [0, 1, 2].every((part) => Math.abs(data[at + part] - wanted[part]) < 24);
    }
    return found;
}"""
