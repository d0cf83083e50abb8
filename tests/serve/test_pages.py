"""What a page says and does not say."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import stat
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("serve")


def test_the_gallery_names_the_apps_by_portfolio_and_escapes_names(served):
    page = served.visitor.ask("/").text
    assert "<title>Smith &amp; &#34;Sons&#34; &lt;script&gt;: playbooks</title>" in page
    for said in ("All partners", "As of 2026-09-30", "What is known?", "2 findings", 'href="/voila/render/environment.ipynb"'):
        assert said in page
    assert "failing" not in page, "what is not on the shelf is not listed"


@pytest.mark.parametrize("path", ["/", "/voila/render/environment.ipynb", "/nothing", "/login"])
def test_headers_of_every_page(served, path):
    headers = served.visitor.ask(path).headers
    policy = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"].startswith("'self' 'sha256-")
    assert "unsafe" not in policy["script-src"]
    assert policy["frame-ancestors"] == "'self'"
    assert policy["connect-src"] == "'self'"
    assert not any("*" in value or "http" in value for value in policy.values())
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in headers["Cache-Control"]
    assert "Access-Control-Allow-Origin" not in headers
    assert "Server" not in headers


def test_the_heartbeat_that_voila_writes_is_the_one_script_allowed_inline(served):
    source = Path(find_spec("voila").origin).with_name("handler.py").read_text(encoding="utf-8")
    written = re.search(r"<script>(.+?)</script>", source)
    assert written is not None
    digest = base64.b64encode(hashlib.sha256(written.group(1).encode()).digest()).decode()
    assert f"'sha256-{digest}'" in served.visitor.ask("/").headers["Content-Security-Policy"]


PAYLOAD = '"><script>alert(1)</script>'


@pytest.mark.parametrize("name", ["theme", "template", "classic-tree", "anything"])
@pytest.mark.parametrize("path", ["/", "/voila/render/environment.ipynb"])
def test_nothing_after_the_question_mark_reaches_a_page(served, path, name):
    answer = served.visitor.ask(f"{path}?{name}=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert (answer.status, answer.headers["Location"]) == (302, path)
    assert PAYLOAD not in answer.text
    assert PAYLOAD not in answer.headers["Location"]


def test_a_template_that_does_not_exist_is_answered_at_once_and_starts_no_kernel(served):
    before, started = served.kernels(), time.monotonic()
    assert served.visitor.ask("/voila/render/environment.ipynb?template=no_such_template", seconds=5).status == 302
    assert time.monotonic() - started < 5
    assert served.kernels() <= before


def test_even_past_the_guard_voila_itself_refuses_theme_and_template():
    from prmkit.serve.hardening import hardened
    from prmkit.serve.settings import ServerSettings

    made = hardened(ServerSettings("/r", "/r/a", "/r/b", "t", None, "", "en", None), sockets=True)
    assert made["VoilaConfiguration"]["allow_theme_override"] == "NO"
    assert made["VoilaConfiguration"]["allow_template_override"] == "NO"


def test_a_kernel_sees_the_short_list_of_variables_and_no_secret(served):
    page, _ = served.visitor.open("environment")
    found = re.search(r"ENV(.*)VNE", html.unescape(page.text), re.DOTALL)
    assert found is not None
    seen = json.loads(found.group(1))
    assert "CANARY" not in found.group(1)
    assert "the-team-key" not in found.group(1), "the token stays with the server"
    assert not {"DB_PASSWORD", "PRMKIT_WAREHOUSE", "AWS_SECRET_ACCESS_KEY", "JUPYTER_TOKEN"} & set(seen)
    assert seen["PRMKIT_NOTE"] == "passes"
    assert seen["QUERY_STRING"] == ""
    assert seen["JUPYTER_CONFIG_DIR"].startswith(str(served.root))


def test_a_failing_part_is_said_plainly_and_the_parts_above_it_stand(served):
    page, _ = served.visitor.open("failing")
    assert page.status == 200
    assert "shown" in page.text
    assert 'role="alert">This part of the page could not be worked out' in page.text
    for hidden in ("CANARY", "ValueError", "Traceback", "secret_value", "a comment nobody should see", str(served.root)):
        assert hidden not in page.text
    log = served.log.read_text(encoding="utf-8")
    assert "could not be made: ValueError: CANARY-9" in log
    assert "Traceback" not in log
    assert "secret_value" not in log


def test_a_kernel_that_dies_ends_the_page_too(served):
    page = served.visitor.ask("/voila/render/dying.ipynb", seconds=30)
    assert page.status == 200
    assert page.text.rstrip().endswith("</html>")
    assert "could not be worked out" in page.text


def test_pages_that_are_not_there_say_what_to_do(served):
    for path, status in (("/voila/render/no_such.ipynb", 404), ("/nothing", 404)):
        answer = served.visitor.ask(path)
        assert answer.status == status
        assert "There is no such page" in answer.text
        assert 'href="/"' in answer.text


def test_a_page_asks_no_other_host_for_anything(served):
    page, _ = served.visitor.open("environment")
    asked = re.findall(r"""(?:src|href|action|data-[\w-]*url)=["']([^"']+)""", page.text)
    assert asked
    assert all(link.startswith(("/", "#", "data:,")) for link in asked), asked
    assert '"fullMathjaxUrl": null' in page.text, "a null makes Voila's front end draw formulas with what it brings along"
    assert "cdn" not in page.text.lower()


def test_kernels_are_reached_by_private_files_not_by_ports(served):
    visitor = served.visitor.come_in()
    _, kernel = visitor.open("environment", keep=True)
    made = list((served.root / "run").glob(f"voila_*/kernel-{kernel}-ipc-*"))
    assert len(made) == 5
    assert all(stat.S_ISSOCK(path.stat().st_mode) for path in made)
    connection = json.loads(next((served.root / "run").glob(f"voila_*/kernel-{kernel}.json")).read_text(encoding="utf-8"))
    assert connection["transport"] == "ipc"
    assert connection["curve_publickey"], "and encrypted on the way"
    visitor.close(kernel)


def test_what_is_made_is_for_this_user_only(served):
    assert stat.S_IMODE(served.root.stat().st_mode) == 0o700
    for path in [*(served.root / "run").rglob("*"), *(served.root / "apps").glob("*.ipynb")]:
        assert not path.lstat().st_mode & (stat.S_IRWXG | stat.S_IRWXO), path
