"""Who gets in, and to what: the token on every route, no files, no lists, nobody else's kernel."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import uuid

import pytest
import websockets

pytestmark = pytest.mark.xdist_group("serve")

FILES = ["picture.png", "drawing.svg", "page.html", "table.csv", "code.py", "environment.ipynb"]
PROGRAM = ["/voila/static/voila.js", "/voila/templates/prmkit/static/app.css", "/voila/templates/prmkit/static/app.js"]
KERNEL = "/api/kernels/00000000-0000-4000-8000-000000000000"
ROUTES = ["/", "/voila/render/environment.ipynb", KERNEL, f"{KERNEL}/channels", *PROGRAM, "/nothing"]
GONE = ["/voila/tree", "/voila/tree/", "/voila/api/contents", "/voila/api/contents/environment.ipynb", "/voila/api/themes/x", "/logout"]
GONE += ["/api/kernels", "/api/contents", "/api/terminals", "/api/sessions", "/api/kernelspecs", "/tree", "/lab", "/metrics"]
GONE += [f"/voila/files/{name}" for name in FILES]


@pytest.mark.parametrize("path", [*ROUTES, *GONE])
@pytest.mark.parametrize("token", [None, "wrong", ""])
def test_nothing_is_answered_without_the_token(served, path, token):
    visitor = served.visitor
    visitor.token = token
    answer = visitor.ask(path)
    assert answer.status in {302, 403}, answer
    assert answer.status != 302 or answer.headers["Location"].startswith("/login?next=")
    assert "CANARY" not in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_no_other_method_gets_past_the_door(served, method):
    visitor = served.visitor
    visitor.token = None
    for path in ROUTES:
        assert visitor.ask(path, method).status in {302, 403, 405}, path


@pytest.mark.parametrize("path", [*GONE, "/voila/render/page.html", "/voila/render/../../share/kernels/python3/kernel.json"])
def test_what_no_page_needs_is_not_there_even_with_the_token(served, path):
    answer = served.visitor.ask(path)
    assert answer.status in {302, 404}
    assert answer.status != 302 or served.visitor.ask(answer.headers["Location"]).status == 404
    assert "CANARY" not in answer.text


def test_the_routes_are_exactly_these():
    program = """
import json, sys
from traitlets.config import Config
from prmkit.serve.server import AppServer
app = AppServer.instance(config=Config({"VoilaConfiguration": {"template": "lab"}}))
app.initialize([]); app.settings_given = None; app.init_settings = super(AppServer, app).init_settings
app.connection_dir = "."; app.init_settings()
print(json.dumps([[rule[0], rule[1].__name__] for rule in app.init_handlers()]))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    kernel = r"/api/kernels/(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)"
    assert json.loads(done.stdout.splitlines()[-1]) == [
        ["/", "GalleryPage"],
        ["/login", "GuardedLoginPage"],
        [kernel, "GuardedKernelHandler"],
        [f"{kernel}/channels", "Channel"],
        ["/voila/templates/(.*)", "GuardedTemplateStaticFileHandler"],
        ["/voila/static/(.*)", "GuardedMultiStaticFileHandler"],
        ["/voila/api/shutdown/(.*)", "GuardedVoilaShutdownKernelHandler"],
        ["/voila/labextensions/(.*)", "GuardedFileFindHandler"],
        ["/voila/render/(.*)", "AppPage"],
    ]


def test_the_link_exchanges_the_token_for_a_cookie_and_takes_it_out_of_the_address(served):
    visitor = served.visitor
    visitor.token = None
    answer = visitor.ask("/?token=the-team-key&x=1")
    assert (answer.status, answer.headers["Location"]) == (302, "/")
    assert "HttpOnly" in answer.headers["Set-Cookie"] + str(answer.headers)
    assert visitor.ask("/").status == 200


def test_the_form_takes_the_token_and_nothing_else(served):
    visitor = served.visitor
    visitor.token = None
    assert 'name="password"' in visitor.ask("/login").text
    xsrf = visitor.cookies["_xsrf"]
    assert visitor.ask(f"/login?password=wrong&_xsrf={xsrf}", "POST").status == 401
    assert visitor.ask("/login?password=the-team-key", "POST").status == 403, "a form of another site"
    come = visitor.ask(f"/login?password=the-team-key&_xsrf={xsrf}&next=//elsewhere.example/", "POST")
    assert (come.status, come.headers["Location"]) in {(302, "/"), (302, "/elsewhere.example/")}
    assert visitor.ask("/").status == 200


def test_another_name_for_this_machine_is_refused(served):
    for host in ("evil.example", "evil.example:8866"):
        assert served.visitor.ask("/", headers={"Host": host}).status == 403
    assert served.visitor.ask("/", headers={"Host": "localhost:1"}).status == 200


def test_a_kernel_belongs_to_the_visitor_who_started_it(served):
    owner, other = served.visitor.come_in(), served.visitor.come_in()
    _, kernel = owner.open("environment", keep=True)
    assert owner.ask(f"/api/kernels/{kernel}").status == 200
    xsrf = {"X-XSRFToken": other.cookies["_xsrf"], "Referer": other.address + "/"}
    for path, method in (("api/kernels", "GET"), ("api/kernels", "DELETE"), ("voila/api/shutdown", "POST")):
        assert other.ask(f"/{path}/{kernel}", method, xsrf).status == 404
    assert served.visitor.ask(f"/api/kernels/{kernel}").status == 404, "the token alone is nobody"
    assert owner.ask(f"/api/kernels/{kernel}", "DELETE").status == 403, "without the cross-site proof"
    assert owner.ask(f"/api/kernels/{kernel}").status == 200
    assert owner.close(kernel) == 204
    assert owner.ask(f"/api/kernels/{kernel}").status == 404


def _channel(served, visitor, kernel: str, origin: str) -> websockets.ClientConnection:
    cookie = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    address = f"{served.running.address.replace('http', 'ws')}/api/kernels/{kernel}/channels?session_id=s"
    return websockets.connect(address, additional_headers={"Cookie": cookie}, origin=origin, open_timeout=20)


def test_a_channel_opens_for_the_owner_on_the_same_site_only_and_executes_nothing(served, tmp_path):
    owner, other = served.visitor.come_in(), served.visitor.come_in()
    _, kernel = owner.open("environment", keep=True)
    here = served.running.address

    async def refused(visitor, origin: str) -> int:
        with pytest.raises(websockets.InvalidStatus) as caught:
            async with _channel(served, visitor, kernel, origin):
                pass
        return caught.value.response.status_code

    def message(kind: str, content: dict) -> str:
        header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "username": "", "session": "s", "date": "", "version": "5.3"}
        return json.dumps({"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell", "buffers": []})

    async def talk() -> None:
        code = f"open({str(tmp_path / 'written')!r}, 'w').close()"
        async with _channel(served, owner, kernel, here) as channel:
            await channel.send(message("execute_request", {"code": code, "silent": False}))
            await channel.send(message("kernel_info_request", {}))
            while json.loads(await asyncio.wait_for(channel.recv(), 20))["header"]["msg_type"] != "kernel_info_reply":
                pass

    visitor = served.visitor
    visitor.token = None
    assert asyncio.run(refused(owner, "http://evil.example")) == 403
    assert asyncio.run(refused(visitor, here)) == 403
    assert asyncio.run(refused(other, here)) == 404
    asyncio.run(talk())
    assert owner.close(kernel) == 204
    assert not (tmp_path / "written").exists()
