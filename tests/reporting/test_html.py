import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.reporting.example_findings import finding
from tests.reporting.example_report import example_report, report_of
from vedette.findings.finding import Finding, Suppressed
from vedette.findings.severity import Severity
from vedette.reporting.html import csp_hash, evidence_text, severity_bar, to_html

SSH = "vpc/security_group_closes_ssh_to_the_world"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_a_browser = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")


class Page(HTMLParser):
    """Collects what a page is made of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def values(self, name: str) -> list[str]:
        return [value for attribute, value in self.attributes if attribute == name]


def between(html: str, tag: str) -> str:
    return html.split(f"<{tag}>", 1)[1].split(f"</{tag}>", 1)[0]


def test_the_page_loads_nothing() -> None:
    html = to_html(example_report())
    page = Page(html)
    assert {"link", "img", "iframe", "object", "embed", "base"}.isdisjoint(page.tags)
    assert page.values("src") == []
    assert {value[:1] for value in page.values("href")} == {"#"}
    for asset in (between(html, "style"), between(html, "script")):
        assert re.findall(r"url\(|@import|https?:|fetch|XMLHttp|innerHTML|eval", asset) == []


def test_the_page_allows_its_own_style_and_script_alone() -> None:
    html = to_html(example_report())
    (policy,) = [one for one in Page(html).values("content") if "default-src" in one]
    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src '{csp_hash(between(html, 'style'))}'",
        f"script-src '{csp_hash(between(html, 'script'))}'",
        "base-uri 'none'",
        "form-action 'none'",
    ]


def test_nothing_needs_a_style_or_handler_that_the_policy_forbids() -> None:
    names = {name for name, _ in Page(to_html(example_report(include_passed=True))).attributes}
    assert "style" not in names
    assert not [one for one in names if one.startswith("on")]


def test_every_anchor_leads_somewhere_and_no_id_stands_twice() -> None:
    page = Page(to_html(example_report(include_passed=True)))
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    assert {one[1:] for one in page.values("href")} <= set(ids)


def test_the_page_has_landmarks_labels_and_names_for_its_charts() -> None:
    html = to_html(example_report())
    page = Page(html)
    assert page.tags.count("main") == page.tags.count("h1") == page.tags.count("nav") == 1
    assert page.values("lang") == ["en"]
    assert html.count("<label>") == html.count("<input") + html.count("<select")
    assert len(re.findall(r'<svg [^>]*role="img" aria-label="[^"]+"', html)) == html.count("<svg")


def test_a_rule_stands_once_with_why_and_fix_and_its_findings_below() -> None:
    html = to_html(example_report())
    assert html.count('id="rule-s3/bucket_blocks_public_access"') == 1
    group = html.split('id="rule-s3/bucket_blocks_public_access"')[1].split('<details class="g"')[0]
    assert group.count("<dt>Why") == 1
    assert group.count('<details class="f"') == 16
    assert "<pre>aws s3 put-setting --name NAME \\\n    --enabled</pre>" in group


def test_a_finding_shows_reason_arn_tags_and_evidence() -> None:
    shown = finding(SSH, "sg-1", "Port 22 is open.", tags={"team": "web"}, evidence={"port": 22})
    html = to_html(report_of([shown]))
    for text in (
        "<bdi>sg-1</bdi>",
        "Port 22 is open.",
        "arn:aws:vpc:eu-west-1:111122223333:sg-1",
        "<bdi>team = web</bdi>",
        "<pre>{&#34;port&#34;: 22}</pre>",
    ):
        assert text in html


def test_what_is_unknown_stands_by_reason_and_says_which_rule_could_not_judge() -> None:
    html = to_html(example_report())
    section = html.split('<h2 id="unknown">')[1]
    assert section.count("s3:GetBucketPolicy: AccessDenied</h3>") == 1
    assert section.count("<dt>Rule<dd>s3/bucket_policy_requires_tls") == 7
    assert "Not everything could be looked at." in html


def test_a_complete_report_has_no_warning() -> None:
    assert "Not everything could be looked at." not in to_html(report_of(()))


def test_a_suppressed_finding_stands_apart_with_its_reason() -> None:
    accepted = Suppressed(reason="Sandbox.", expires="2026-12-31")
    html = to_html(report_of([finding(SSH, "sg-1", "x", suppressed=accepted)]))
    assert "<bdi>sg-1</bdi>, until 2026-12-31: Sandbox." in html
    assert 'class="f"' not in html.split("<main>")[1].split("<script>")[0]


def many(count: int) -> list[Finding]:
    return [
        finding(
            SSH,
            f"sg-0a1b2c3d4e5f{number:05}",
            "Port 22 is open to 0.0.0.0/0.",
            tags={"Name": f"web-{number}", "team": "platform"},
            evidence={"open": [{"protocol": "tcp", "from": 22, "to": 22, "cidr": "0.0.0.0/0"}]},
        )
        for number in range(count)
    ]


def test_a_finding_takes_less_than_a_kilobyte() -> None:
    few, more = (len(to_html(report_of(many(count))).encode()) for count in (100, 300))
    assert (more - few) / 200 < 1_000


def test_the_page_lists_five_thousand_findings_and_names_the_rest() -> None:
    mild = finding("sns/topic_is_encrypted", "mild", "No key.")
    html = to_html(report_of([mild, *many(5_000)]))
    assert html.count('<details class="f"') == 5_000
    assert "The 5,000 worst findings are listed; 1 more stand in" in html
    assert "<bdi>mild</bdi>" not in html


def test_long_evidence_is_cut() -> None:
    evidence = {f"entry {number}": "x" * 1_000 for number in range(20)}
    text = evidence_text(finding(SSH, "sg-1", "x", evidence=dict(evidence)))
    assert len(text) < 1_600


def test_the_bar_of_severities_is_full() -> None:
    counts = {Severity.LOW: 1, Severity.CRITICAL: 1, Severity.HIGH: 2}
    segments = [(one.severity.value, one.start, one.width) for one in severity_bar(counts)]
    assert segments == [("critical", 0, 25), ("high", 25, 50), ("low", 75, 25)]


def browser_view(html: str, path: Path, *, width: int) -> str:
    """Return the page as Chromium shows it after its scripts ran."""
    assert CHROMIUM is not None
    path.write_text(html)
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--dump-dom")
    profile = f"--user-data-dir={path.parent / 'profile'}"
    command = (CHROMIUM, *options, profile, f"--window-size={width},900", path.as_uri())
    ran = subprocess.run(command, capture_output=True, check=True, timeout=120)  # noqa: S603
    return ran.stdout.decode()


@needs_a_browser
def test_a_browser_runs_our_script_and_none_that_a_name_brings(tmp_path: Path) -> None:
    hostile = "</script><script>document.title='taken'</script><img src=x onerror=alert(1)>"
    page = browser_view(
        to_html(report_of([finding(SSH, hostile, hostile)])), tmp_path / "a.html", width=1280
    )
    assert re.search(r'<form class="filter" id="filter" role="search">', page)
    assert "<title>Vedette audit of account 111122223333, 8 July 2026</title>" in page
    assert "<img" not in page


DRIVER = """
<script>
const form = document.getElementById("filter");
form.elements.text.value = "SG-0A1B2C3D4E5F60703";
form.dispatchEvent(new Event("submit"));
document.title = [
  form.elements.count.value,
  document.querySelectorAll(".f:not([hidden])").length,
  document.querySelectorAll(".g[data-verdict]:not([hidden])").length,
  document.documentElement.scrollWidth <= innerWidth ? "fits" : "too wide",
].join(" | ");
</script>
"""


@needs_a_browser
@pytest.mark.parametrize("width", [500, 1280])
def test_the_filter_leaves_what_fits_and_the_page_is_not_too_wide(
    tmp_path: Path, width: int
) -> None:
    html = to_html(example_report(include_passed=True))
    open_to_a_driver = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
    page = browser_view(open_to_a_driver + DRIVER, tmp_path / "b.html", width=width)
    assert between(page, "title") == "1 fit the filter. | 1 | 1 | fits"
