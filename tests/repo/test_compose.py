"""compose.yaml: a server behind a TLS proxy, with one volume. No Docker engine is needed to read it."""

import re
from typing import Any

import yaml

from milepost_server.config import SETTINGS, load
from tests.repo.tree import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVER: dict[str, Any] = COMPOSE["services"]["server"]
PROXY: dict[str, Any] = COMPOSE["services"]["proxy"]
DOCKERFILE = (ROOT / "server/Dockerfile").read_text(encoding="utf-8")
CADDYFILE = (ROOT / "server/Caddyfile").read_text(encoding="utf-8")


def test_one_named_volume_holds_the_servers_data():
    assert list(COMPOSE["volumes"]) == ["milepost"]
    (mount,) = SERVER["volumes"]
    assert mount == f"milepost:{SERVER['environment']['MILEPOST_SERVER_DATA']}"
    assert f"VOLUME {SERVER['environment']['MILEPOST_SERVER_DATA']}\n" in DOCKERFILE


def test_only_the_proxy_is_reached_from_outside():
    assert "ports" not in SERVER
    assert {published.split(":")[0] for published in PROXY["ports"]} == {"80", "443"}


def test_the_proxy_waits_for_a_healthy_server_and_passes_its_port_on():
    assert PROXY["depends_on"]["server"]["condition"] == "service_healthy"
    port = SERVER["environment"]["MILEPOST_SERVER_PORT"]
    assert f"reverse_proxy server:{port}\n" in CADDYFILE
    assert SERVER["expose"] == [port]
    assert f"EXPOSE {port}\n" in DOCKERFILE
    assert f"http://127.0.0.1:{port}/health/ready" in SERVER["healthcheck"]["test"][-1]


def test_the_proxy_keeps_the_metrics_from_the_outside():
    assert CADDYFILE.index("respond /metrics 404\n") < CADDYFILE.index("reverse_proxy")


def test_the_proxys_name_is_the_address_that_the_server_gives_out():
    assert PROXY["environment"]["MILEPOST_HOST"] == "${MILEPOST_HOST:-localhost}"
    assert SERVER["environment"]["MILEPOST_SERVER_URL"] == "https://${MILEPOST_HOST:-localhost}"
    assert "{$MILEPOST_HOST:localhost} {" in CADDYFILE


def test_every_variable_of_the_server_is_one_of_its_settings():
    ours = {name for name in SERVER["environment"] if name.startswith("MILEPOST_")}
    assert ours <= {setting.env for setting in SETTINGS}
    assert set(SERVER["environment"]) - ours == {"FORWARDED_ALLOW_IPS"}


def test_the_server_takes_the_values_it_is_given():
    given = {
        name: value.replace("${MILEPOST_HOST:-localhost}", "pods.example.org")
        for name, value in SERVER["environment"].items()
    }
    settings = load(given)
    assert settings.host == "0.0.0.0"  # noqa: S104  # inside the container, published to nobody
    assert str(settings.port) == SERVER["expose"][0]
    assert "pods.example.org" in settings.names
    assert settings.key_path.is_relative_to(SERVER["environment"]["MILEPOST_SERVER_DATA"])


def test_docker_waits_longer_than_the_server_takes_to_stop():
    assert int(SERVER["stop_grace_period"].removesuffix("s")) > load({}).shutdown_seconds


def test_the_server_runs_without_rights():
    assert SERVER["read_only"] is True
    assert SERVER["cap_drop"] == ["ALL"]
    assert re.search(r"^USER \d+$", DOCKERFILE, re.MULTILINE)


def test_every_file_that_is_built_or_mounted_exists():
    assert (ROOT / SERVER["build"]["dockerfile"]).is_file()
    mounts = [source for source, *_ in (mount.split(":") for mount in PROXY["volumes"]) if source.startswith("./")]
    assert mounts == ["./server/Caddyfile"]
    copied = re.findall(r"^COPY (?!--)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    assert copied
    assert all((ROOT / source).exists() for line in copied for source in line.split())


def test_the_build_context_holds_what_the_image_copies():
    ignore = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    kept = {line.removeprefix("!") for line in ignore if line.startswith("!")}
    sources = {
        source for line in re.findall(r"^COPY (?!--)(.+) \S+$", DOCKERFILE, re.MULTILINE) for source in line.split()
    }
    assert {source.split("/")[0] for source in sources} == kept
