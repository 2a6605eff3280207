"""nginx and Caddy with the examples of docs/deploy before a real `run.sh`; where one is missing the run says so."""

import contextlib
import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import orjson
import pytest
from websockets.sync.client import connect

from scripts import environment
from scripts.common import BACKEND, ROOT, free_port, spawn, stop, wait_until
from scripts.pytest_services import need
from scripts.tests.production import HOST, Production, running_production

DEPLOY = ROOT / "docs" / "deploy"
PROXIES = ("nginx", "caddy")
ADMIN = {"username": "root", "password": "by the light of the moon"}
SUPERUSER = {f"DJANGO_SUPERUSER_{name.upper()}": value for name, value in ADMIN.items()}
pytestmark = [pytest.mark.long, pytest.mark.timeout(570)]


@dataclass
class Places:
    """Where the proxy listens and what it stands before."""

    folder: Path
    http: int
    https: int
    production_http: int = 1
    production_gateway: int = 1
    # Of the people before it: no two proxies are asked by the same.
    network: str = "127.0.1"


def nginx_example(places: Places) -> list[str | Path]:
    """The example with ports, certificate and folders of this machine; all else is as it stands there."""
    certificate = places.folder / "certificate.pem"
    make_certificate(certificate)
    text = (DEPLOY / "nginx.conf").read_text()
    for old, new in {
        "127.0.0.1:8080": f"127.0.0.1:{places.production_http}",
        "127.0.0.1:8081": f"127.0.0.1:{places.production_gateway}",
        "listen 80;": f"listen 127.0.0.1:{places.http};",
        "listen 443 ": f"listen 127.0.0.1:{places.https} ",
        "/etc/letsencrypt/live/play.example/fullchain.pem": str(certificate),
        "/etc/letsencrypt/live/play.example/privkey.pem": str(certificate),
        "/srv/rod/backend/static_collected/": f"{places.folder}/static/",
        "/srv/rod/backend/media/": f"{places.folder}/media/",
    }.items():
        assert old in text, old
        text = text.replace(old, new)
    text = re.sub(r"^\s*listen \[::\]:.*$", "", text, flags=re.MULTILINE)  # not every machine speaks IPv6
    whole = places.folder / "nginx.conf"
    temporary = "".join(
        f"{kind}_temp_path {places.folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole.write_text(
        f"daemon off;\nuser {user_name()};\npid {places.folder}/pid;\nerror_log stderr;\nevents {{}}\n"
        f"http {{\ninclude /etc/nginx/mime.types;\naccess_log off;\n{temporary}{text}\n}}\n"
    )
    return ["nginx", "-e", "stderr", "-p", places.folder, "-c", whole]


def caddy_example(places: Places) -> list[str | Path]:
    """The example with what a container gives it, and a certificate of its own."""
    ports = f"http_port {places.http}\nhttps_port {places.https}\ndefault_bind 127.0.0.1"
    quiet = "admin off\nlocal_certs\nskip_install_trust\nlog {\nlevel ERROR\n}"
    whole = places.folder / "Caddyfile"
    whole.write_text(f"{{\n{ports}\n{quiet}\n}}\n{(DEPLOY / 'Caddyfile').read_text()}")
    return ["caddy", "run", "--adapter", "caddyfile", "--config", whole]


def environment_of(places: Places) -> dict[str, str]:
    """For Caddy: the variables of compose.yaml, and folders of its own."""
    own = {"HOME": str(places.folder), "XDG_DATA_HOME": str(places.folder / "caddy")}
    where = {
        "GATEWAY": f"127.0.0.1:{places.production_gateway}",
        "HTTP": f"127.0.0.1:{places.production_http}",
    }
    return os.environ | own | where | {"MEDIA": str(places.folder / "media")}


EXAMPLES: dict[str, Callable[[Places], list[str | Path]]] = {"nginx": nginx_example, "caddy": caddy_example}


def user_name() -> str:
    import pwd

    return pwd.getpwuid(os.geteuid()).pw_name


def make_certificate(file: Path) -> None:
    subject = ["-subj", f"/CN={HOST}", "-days", "2", "-addext", f"subjectAltName=DNS:{HOST}"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *subject]
    subprocess.run([*command, "-keyout", file, "-out", file], check=True, capture_output=True)


@pytest.mark.parametrize("name", PROXIES)
def test_the_proxy_itself_accepts_its_example(name: str, tmp_path: Path) -> None:
    need(shutil.which(name), f"{name} is not installed")
    places = Places(tmp_path, 8080, 8443)
    command = EXAMPLES[name](places)
    command = [*command, "-t"] if name == "nginx" else ["caddy", "validate", *command[2:]]
    done = subprocess.run(
        command, env=environment_of(places), capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    with running_production(tmp_path_factory.mktemp("behind"), TRUST_PROXY="1") as running:
        command = [environment.python(), BACKEND / "manage.py", "createsuperuser", "--noinput"]
        who = SUPERUSER | {"DJANGO_SUPERUSER_EMAIL": "root@example.org"}
        subprocess.run(command, env=running.env | who, check=True, capture_output=True)
        yield running


@pytest.fixture(params=PROXIES)
def proxy(request: pytest.FixtureRequest, production: Production) -> Iterator[Places]:
    """A proxy that answers, in front of the running production."""
    need(shutil.which(request.param), f"{request.param} is not installed")
    folder = production.output.parent
    places = Places(folder, free_port(), free_port(), production.port, production.gateway_port)
    places.network = f"127.0.{PROXIES.index(request.param) + 2}"
    log = folder / f"{request.param}.log"
    with log.open("w") as output:
        process = spawn(EXAMPLES[request.param](places), env=environment_of(places), output=output)
        try:
            up = wait_until(lambda: process.poll() is not None or answers(places), 60)
            assert up, log.read_text()
            assert process.poll() is None, log.read_text()
            yield places
        finally:
            stop(process)


def answers(places: Places) -> bool:
    with contextlib.suppress(httpx.TransportError), browser(places) as person:
        return person.get("/healthz").status_code == 200
    return False


def browser(places: Places, address: str = "127.0.0.1") -> httpx.Client:
    """Somebody at this address who asks for play.example."""

    def name_the_host(request: httpx.Request) -> None:
        request.extensions["sni_hostname"] = HOST

    return httpx.Client(
        base_url=f"https://127.0.0.1:{places.https}",
        headers={"Host": HOST},
        transport=httpx.HTTPTransport(verify=False, local_address=address),
        event_hooks={"request": [name_the_host]},
        timeout=60,
    )


def sign_in(person: httpx.Client) -> None:
    """By the form, which over https is taken only from the address that the browser shows."""
    page = person.get("/admin/login/")
    token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)[0]
    form = {**ADMIN, "csrfmiddlewaretoken": token, "next": "/admin/"}
    answer = person.post("/admin/login/", data=form, headers={"Referer": f"https://{HOST}/admin/login/"})
    assert answer.status_code == 302, answer.text[:500]


@pytest.mark.redis
@pytest.mark.req("S004-63", "S004-81")
def test_everything_goes_through_the_proxy(proxy: Places) -> None:
    plain = http.client.HTTPConnection("127.0.0.1", proxy.http, timeout=60)
    plain.request("GET", "/", headers={"Host": HOST})
    moved = plain.getresponse()
    assert moved.status in (301, 308)
    assert moved.headers["Location"].startswith(f"https://{HOST}")
    plain.close()
    with browser(proxy) as person:
        page = person.get("/")
        assert page.status_code == 200
        assert "https://" not in page.headers.get("Location", "")
        _static_files_are_served(person, page.text)
        _uploads_are_bounded_and_served(person, proxy)
        sign_in(person)
        assert person.get("/api/characters/").status_code == 200
        cookie = person.cookies["sessionid"]
    _the_gateway_is_reached(proxy, cookie)
    _each_address_counts_alone(proxy)


def _static_files_are_served(person: httpx.Client, page: str) -> None:
    found = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"', page)
    assert found
    answer = person.get(found[0])
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith(
        ("text/css", "text/javascript", "application/javascript")
    )
    assert "max-age" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] in ("br", "gzip", "zstd")


def _uploads_are_bounded_and_served(person: httpx.Client, places: Places) -> None:
    """What is too large is refused before the application reads it all; what the proxy serves is no program."""
    large = person.put(
        "/api/characters/0b6f5d3c-9a3f-4d0e-8e5f-3f6b8d1c2a10/portrait/", content=b"x" * 13_000_000
    )
    assert large.status_code in (401, 403, 413), large.status_code
    (places.folder / "media" / "portraits").mkdir(parents=True, exist_ok=True)
    (places.folder / "media" / "portraits" / "owl.webp").write_bytes(b"RIFF")
    picture = person.get("/media/portraits/owl.webp")
    assert picture.content == b"RIFF"
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert person.get("/media/../.env").status_code in (400, 404)


def _the_gateway_is_reached(places: Places, session: str) -> None:
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    line = socket.create_connection(("127.0.0.1", places.https), 60)
    cookie = {"Cookie": f"sessionid={session}"}
    with connect(
        f"wss://{HOST}/ws/gateway/",
        sock=line,
        ssl=trusting,
        origin=f"https://{HOST}",  # type: ignore[arg-type]  # a new type of str
        additional_headers=cookie,
    ) as gateway:
        assert orjson.loads(gateway.recv(60))["type"] == "hello"


def _each_address_counts_alone(places: Places) -> None:
    """Who guesses is stopped, whatever address they claim to have; the neighbour signs in."""
    with (
        browser(places, f"{places.network}.2") as guesser,
        browser(places, f"{places.network}.3") as neighbour,
    ):
        statuses = [
            guesser.post(
                "/api/token/",
                json={"username": f"nobody{number}", "password": "guess"},
                headers={"X-Forwarded-For": f"192.0.2.{number}", "X-Forwarded-Proto": "http"},
            ).status_code
            for number in range(40)
        ]
        assert set(statuses) == {401, 429}
        assert statuses[:29] == [401] * 29
        assert neighbour.post("/api/token/", json=ADMIN).status_code == 200
