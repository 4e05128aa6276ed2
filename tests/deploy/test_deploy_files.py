"""What is deployed: container, compose file, unit and proxies, checked by their own tools; no engine is needed."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from depesche.config import Config

ROOT = Path(__file__).parents[2]
FILES = ["Dockerfile", "compose.yaml", "deploy/depesche.service", "docs/deploy.md"]


def tool(name: str) -> str:
    """Return the path of a tool: one that the development tools brought, else the system's."""
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        pytest.skip(f"no {name} here")
    return found


def run(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_dockerfile_passes_hadolint() -> None:
    run(tool("hadolint"), "Dockerfile")


def test_the_compose_file_has_the_documented_shape() -> None:
    run(tool("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", "compose.yaml")


def test_the_unit_passes_systemd_analyze(tmp_path: Path) -> None:
    unit = (ROOT / "deploy/depesche.service").read_text().replace("/opt/depesche/bin/depesche", "/bin/true")
    (tmp_path / "depesche.service").write_text(unit)
    run(tool("systemd-analyze"), "verify", "--man=no", str(tmp_path / "depesche.service"))


def test_nginx_takes_its_configuration(tmp_path: Path) -> None:
    nginx = tool("nginx")
    key, certificate = tmp_path / "privkey.pem", tmp_path / "fullchain.pem"
    new = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x", "-keyout", str(key)]
    run(*new, "-out", str(certificate))
    site = (ROOT / "deploy/nginx.conf").read_text().replace("/etc/ssl/depesche/", f"{tmp_path}/")
    site = site.replace("listen 443", "listen 127.0.0.1:65443")
    whole = f"pid {tmp_path}/pid; error_log {tmp_path}/log; events {{}} http {{ {site} }}"
    (tmp_path / "nginx.conf").write_text(whole)
    run(nginx, "-t", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf"))


def test_caddy_takes_its_configuration() -> None:
    run(tool("caddy"), "adapt", "--config", "deploy/Caddyfile", "--validate")


@pytest.mark.parametrize("name", FILES)
def test_every_setting_that_is_named_exists(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    for section, field in re.findall(r"\bDEPESCHE_([A-Z]+)__([A-Z_]+)", text):
        part: type[BaseModel] = Config.model_fields[section.lower()].annotation  # type: ignore[assignment]
        assert field.lower() in part.model_fields, f"{section}__{field}"


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    return loaded


@pytest.mark.parametrize("service", ["depesche", "database"])
def test_no_container_may_more_than_it_needs(service: str) -> None:
    found = compose()["services"][service]
    assert found["read_only"] is True
    assert found["cap_drop"] == ["ALL"]
    assert found["security_opt"] == ["no-new-privileges:true"]
    assert found["restart"] == "unless-stopped"


def test_the_database_is_reached_from_inside_only_and_no_password_is_written_down() -> None:
    services = compose()["services"]
    assert "ports" not in services["database"]
    assert all(port.startswith("127.0.0.1:") for port in services["depesche"]["ports"])
    for service in services.values():
        secrets = {name: value for name, value in service["environment"].items() if "PASSWORD" in name}
        assert all(value.startswith("${DATABASE_PASSWORD:?") for value in secrets.values())
        assert secrets


def test_shutting_down_has_the_time_that_the_settings_give_it() -> None:
    grace = Config.model_fields["serve"].default.grace_seconds
    assert int(compose()["services"]["depesche"]["stop_grace_period"].removesuffix("s")) > grace
    unit = (ROOT / "deploy/depesche.service").read_text()
    assert int(re.findall(r"TimeoutStopSec=(\d+)", unit)[0]) > grace


def test_what_the_proxy_lets_through_is_what_the_service_takes() -> None:
    serve = Config.model_fields["serve"].default
    nginx = (ROOT / "deploy/nginx.conf").read_text()
    sizes = [int(size) * 1_000_000 for size in re.findall(r"client_max_body_size (\d+)m", nginx)]
    assert sizes == [serve.max_body_bytes, serve.max_job_bytes]
    assert int(re.findall(r"proxy_read_timeout (\d+)s", nginx)[0]) > serve.deadline_seconds


def test_the_image_serves_and_runs_every_other_command_too() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert 'ENTRYPOINT ["depesche"]' in dockerfile
    assert 'CMD ["serve", "--host", "0.0.0.0"]' in dockerfile
    assert re.search(r"^USER 10001", dockerfile, re.MULTILINE)
