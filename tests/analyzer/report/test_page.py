"""Pages: what comes from a capture is escaped, and the policy allows the page's own scripts alone."""

import json
import re

from analyzer.report.assets import hash_source
from analyzer.report.page import page_of, page_of_folder

HOSTILE = "</script><script>alert(1)</script><!-- & \" ' \u2028"


def policy_of(page: str) -> str:
    found = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert found is not None
    return found[1].replace("&#39;", "'")


def test_data_cannot_end_its_script() -> None:
    page = page_of("title", {"part": {"text": HOSTILE}}, ["1;"], "")
    part = re.search(r'data-part="part">(.*?)</script>', page, re.DOTALL)
    assert part is not None
    assert json.loads(part[1]) == {"text": HOSTILE}
    assert page.count("<script") == 2  # the data and the one script


def test_the_title_is_text() -> None:
    assert "<title>&lt;b&gt;x&lt;/b&gt;</title>" in page_of("<b>x</b>", {}, [], "")


def test_the_policy_names_every_script_by_its_hash_and_nothing_else() -> None:
    policy = policy_of(page_of("title", {}, ["first();", "second();"], ""))
    assert policy.split("; ") == [
        "default-src 'none'",
        f"script-src {hash_source('first();')} {hash_source('second();')}",
        "style-src 'unsafe-inline'",
        "img-src data: blob:",
        "base-uri 'none'",
        "form-action 'none'",
    ]


def test_a_page_of_a_folder_loads_what_stands_beside_it() -> None:
    page = page_of_folder("title", {}, ["assets/one.js"], "assets/one.css")
    assert '<script src="assets/one.js"></script>' in page
    assert "script-src 'self' file:;" in policy_of(page)
    assert "unsafe-eval" not in page
