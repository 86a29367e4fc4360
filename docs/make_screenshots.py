"""Takes the pictures of the report for the documentation: `python docs/make_screenshots.py`, from the project's root.

Needs Debian's chromium and playwright. Each picture is of a report on one of the project's own captures.
"""

import base64
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from palette import png_of

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs" / "images"
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
TRANSFER, ACCEPT = "loss/timeout-then-loss-state.pcap", "opening/accept-queue-full.pcap"
SACKED = "loss/reordering.pcap"
DRAWINGS, REPLAY, LISTENERS = ".tools", ".replay", "#listeners"
# Name: the capture, the address within its report, the screen, light or dark, and what stands at the top.
PICTURES: dict[str, tuple[str, str, dict[str, int], str, str]] = {
    "report-overview.png": (ACCEPT, "", DESKTOP, "light", ""),
    "report-overview-dark.png": (ACCEPT, "", DESKTOP, "dark", LISTENERS),
    "report-connection.png": (TRANSFER, "#flow=0&frame=26", DESKTOP, "light", ""),
    "report-connection-dark.png": (SACKED, "#flow=0", DESKTOP, "dark", DRAWINGS),
    "report-drawings.png": ("window/zero-window.pcap", "#flow=0", DESKTOP, "light", DRAWINGS),
    "report-replay.png": (TRANSFER, "#flow=0&frame=26", DESKTOP, "light", REPLAY),
    "report-phone.png": (TRANSFER, "#flow=0&frame=26", PHONE, "light", ""),
    "report-phone-dark.png": (SACKED, "#flow=0", PHONE, "dark", DRAWINGS),
    "report-phone-overview.png": (ACCEPT, "", PHONE, "light", ""),
    "report-phone-replay.png": (TRANSFER, "#flow=0&frame=26", PHONE, "dark", REPLAY),
}
# Decodes a picture, which only browsers do here without another package.
READ = """async (picture) => {
    const image = new Image();
    image.src = "data:image/png;base64," + picture;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.width, image.height];
    const pen = canvas.getContext("2d");
    pen.drawImage(image, 0, 0);
    const bytes = pen.getImageData(0, 0, image.width, image.height).data;
    let text = "";
    for (let at = 0; at < bytes.length; at += 32768) {
        text += String.fromCharCode(...bytes.subarray(at, at + 32768));
    }
    return btoa(text);
}"""


def shoot(browser: Any, report: Path, name: str) -> None:
    """Open a report as its picture asks for, and take it."""
    _, address, screen, scheme, top = PICTURES[name]
    page = browser.new_page(viewport=screen, color_scheme=scheme, reduced_motion="reduce")
    page.goto(report.as_uri() + address)
    page.wait_for_selector("html[data-ready=true]", state="attached")
    if top:
        page.eval_on_selector(top, "(part) => part.scrollIntoView({ block: 'start' })")
    page.wait_for_timeout(500)  # the strips are painted in the next frame
    taken = base64.b64encode(page.screenshot()).decode("ascii")
    pixels = base64.b64decode(page.evaluate(READ, taken))
    (IMAGES / name).write_bytes(png_of(pixels, screen["width"], screen["height"]))
    page.close()


def main() -> int:
    """Take every picture."""
    from playwright.sync_api import sync_playwright

    sys.path.insert(0, str(ROOT))  # the report of this tree, not of what is installed
    import analyzer
    from analyzer.report.report import write_report

    chromium = shutil.which("chromium")
    if chromium is None:
        print("make_screenshots: chromium is not installed", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, (capture, *_) in PICTURES.items():
            report = Path(folder) / f"{name}.html"
            write_report(analyzer.analyze(ROOT / "fixtures" / "pcaps" / capture), report)
            shoot(browser, report, name)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
