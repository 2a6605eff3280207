"""The examples under docs/deploy name what there is, and take the steps of the scripts."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from contract import variables
from scripts.common import ROOT
from scripts.pytest_services import need

DEPLOY = ROOT / "docs" / "deploy"
UNITS = ["rod.service", "rod-backup.service", "rod-backup.timer"]


@pytest.mark.parametrize("path", sorted(DEPLOY.iterdir()), ids=lambda path: path.name)
def test_every_example_is_named_in_a_guide_and_names_scripts_that_there_are(path: Path) -> None:
    text = path.read_text()
    if path.suffix != ".dockerignore":
        guides = [(ROOT / "docs" / name).read_text() for name in ("DEPLOY.md", "MONITORING.md")]
        assert f"deploy/{path.name}" in "".join(guides)
    for script in re.findall(r"\bscripts/\w+\.sh", text):
        assert (ROOT / script).exists(), script


def test_the_image_starts_what_run_sh_starts() -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    assert 'CMD ["scripts/run.sh", "--host", "0.0.0.0"]' in text
    assert "RUN python -m scripts.environment" in text
    for name in re.findall(r"\b([A-Z_]+)=", re.findall(r"^ENV (.*)$", text, re.MULTILINE)[0]):
        assert name in {*variables.DECLARED, variables.FILE}


def test_the_composition_sets_variables_that_there_are() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    assert set(services) == {"app", "database", "redis", "proxy"}
    app = services["app"]
    assert set(app["environment"]) <= {*variables.DECLARED, variables.FILE}
    assert app["build"]["dockerfile"] == "docs/deploy/Dockerfile"
    for dependency in app["depends_on"]:
        assert "healthcheck" in services[dependency]
    used = set(re.findall(r"\{\$(\w+)", (DEPLOY / "Caddyfile").read_text()))
    assert used == set(services["proxy"]["environment"])
    mounted = {volume.split(":")[0] for service in services.values() for volume in service.get("volumes", [])}
    assert mounted - {"./Caddyfile"} == set(yaml.safe_load((DEPLOY / "compose.yaml").read_text())["volumes"])


@pytest.mark.long
def test_the_client_accepts_the_composition(tmp_path: Path) -> None:
    """The first version of it knows neither the name of a composition nor a default within a default."""
    client = shutil.which("docker-compose")
    need(client, "docker-compose is not installed")
    text = (DEPLOY / "compose.yaml").read_text()
    version = subprocess.run([str(client), "version", "--short"], capture_output=True, text=True, check=True)
    is_first = version.stdout.startswith("1.")
    if is_first:
        text = text.replace("\nname: rod\n", "\n")
    file = tmp_path / "docs" / "deploy" / "compose.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(text)
    (tmp_path / ".env").write_text("ENV=production\nDB_PASSWORD=hush\n")
    given = {"PATH": os.environ["PATH"], "DB_PASSWORD": "hush", "ALLOWED_HOSTS": "play.example"}
    command = [str(client), "-f", str(file), "config"]
    done = subprocess.run(command, env=given, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    services = yaml.safe_load(done.stdout)["services"]
    assert services["app"]["environment"]["ENV"] == "production"
    assert is_first or services["proxy"]["environment"]["SITE_HOST"] == "play.example"
    without = {name: value for name, value in given.items() if name != "DB_PASSWORD"}
    refused = subprocess.run(command, env=without, capture_output=True, text=True, check=False, timeout=60)
    assert "scripts/setup.sh asks for DB_PASSWORD" in refused.stderr


@pytest.mark.long
@pytest.mark.parametrize("unit", UNITS)
def test_systemd_reads_the_units(unit: str, tmp_path: Path) -> None:
    need(shutil.which("systemd-analyze"), "systemd-analyze is not installed")
    for name in UNITS:
        here = (DEPLOY / name).read_text().replace("/srv/rod", str(ROOT)).replace("User=rod", "User=root")
        (tmp_path / name).write_text(here)
    command = ["systemd-analyze", "verify", "--man=no", str(tmp_path / unit)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "rod" not in done.stderr, done.stderr
