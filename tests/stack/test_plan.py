"""What a stack is to be: ports, environment, addresses."""

from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from chassis.process import gear_of
from chassis.secrets import require_strong_password
from chassis.settings import Secret, Settings
from deploy.stack.brokers import BrokerPorts, Brokers
from deploy.stack.failure import StackError
from deploy.stack.outside import require_amqp, require_mongo, without_password
from deploy.stack.plan import Plan
from deploy.stack.rabbit import definitions, password_hash
from deploy.stack.readiness import ask
from deploy.stack.services import SERVICES, Service, instances


def test_the_password_hash_is_the_broker_s() -> None:
    # The worked example of RabbitMQ's own manual (www.rabbitmq.com/docs/passwords).
    expected = "kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR"
    assert password_hash("test12", bytes.fromhex("908DC60A")) == expected


def test_every_virtual_host_has_its_permission() -> None:
    made = definitions(["shiliu", "test-0"], "made for this stack")
    assert [row["vhost"] for row in made["permissions"]] == ["shiliu", "test-0"]  # type: ignore[attr-defined]


def test_the_broker_has_no_password_that_is_known_beforehand(tmp_path: Path) -> None:
    here, there = (Brokers(tmp_path / name, BrokerPorts(1, 2, 3, 4)).amqp_url() for name in ("here", "there"))
    passwords = {str(urlsplit(url).password) for url in (here, there)}
    assert len(passwords) == 2
    assert min(len(password) for password in passwords) >= 32
    assert Brokers(tmp_path / "here", BrokerPorts(1, 2, 3, 4)).amqp_url() == here, "it is kept"
    require_strong_password("SHILIU_AMQP_URL", here)


def test_further_instances_have_names_and_ports_of_their_own(tmp_path: Path) -> None:
    plan = Plan(root=tmp_path, counts={"gateway": 2, "tickets": 2}, env={})
    ports = plan.default_ports()
    assert (ports["http"], ports["http.2"], ports["tickets"], ports["tickets.2"]) == (8700, 8710, 8701, 8711)
    assert len(set(ports.values())) == len(ports)
    assert [i.name for i in instances(SERVICES, {"notify": 0})] == ["tickets", "volunteers", "dispatcher", "gateway"]


@pytest.mark.parametrize("service", SERVICES, ids=[service.name for service in SERVICES])
def test_only_a_role_is_left_to_another_service_s_migration(service: Service) -> None:
    gear = gear_of(import_module(service.module).SERVICE)
    assert (gear.database or "") == service.role_of


def test_brokers_from_outside_need_no_ports(tmp_path: Path) -> None:
    plan = Plan(root=tmp_path, amqp_url="amqp://h/v", mongo_url="mongodb://h/", env={})
    assert not {"amqp", "dist", "epmd", "mongo"} & set(plan.default_ports())


def test_a_child_gets_the_plan_s_settings_and_no_others(tmp_path: Path) -> None:
    env = {"SHILIU_LOG_LEVEL": "DEBUG", "SHILIU_HTTP_PORT": "9999", "SHILIU_TEST_COUNTS": "x", "LANG": "C.UTF-8"}
    plan = Plan(root=tmp_path, env=env, settings={"rpc_timeout": 2.0})
    child = plan.environment(plan.service_settings(http_port=8700, master_key=Secret("k")))
    read = Settings.from_env(child)
    assert (read.log_level, read.http_port, read.rpc_timeout, read.master_key) == ("DEBUG", 8700, 2.0, "k")
    assert "SHILIU_TEST_COUNTS" not in child
    assert child["LANG"] == "C.UTF-8"


def test_a_wrong_setting_is_one_sentence(tmp_path: Path) -> None:
    plan = Plan(root=tmp_path, env={"SHILIU_RPC_TIMEOUT": "soon"})
    with pytest.raises(StackError, match=r"SHILIU_RPC_TIMEOUT='soon'.* a number is needed"):
        plan.service_settings()


def test_an_unknown_port_name_is_refused(tmp_path: Path) -> None:
    plan = Plan(root=tmp_path, env={})
    assert plan.with_ports({"http": 1}).ports == {"http": 1}
    with pytest.raises(StackError, match="no port is called 'htp'"):
        plan.with_ports({"htp": 1})


def test_the_command_line_s_plan_follows_the_environment(tmp_path: Path) -> None:
    env = {"SHILIU_FOLDER": str(tmp_path / "x"), "SHILIU_AMQP_URL": "amqp://h/v", "SHILIU_HTTP_PORT": "8800"}
    plan = Plan.for_command_line(env)
    assert (plan.root, plan.amqp_url, plan.mongo_url, plan.ports) == (tmp_path / "x", "amqp://h/v", "", {"http": 8800})


@pytest.mark.parametrize(
    ("variable", "check", "url"),
    [
        ("SHILIU_AMQP_URL", require_amqp, "amqp://me:sesame@127.0.0.1:1/x"),
        ("SHILIU_AMQP_URL", require_amqp, "amqp://me:sesame@127.0.0.1:port/x"),
        ("SHILIU_MONGO_URL", require_mongo, "mongodb://me:sesame@127.0.0.1:1/"),
        ("SHILIU_MONGO_URL", require_mongo, "mongodb://me:sesame@127.0.0.1:port/"),
    ],
)
def test_a_wrong_url_names_its_variable_and_hides_the_password(variable, check, url) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(StackError) as raised:
        check(url)
    assert variable in raised.value.text.en
    assert variable in raised.value.text.zh
    assert "127.0.0.1" in raised.value.text.en
    assert "sesame" not in str(raised.value)


def test_addresses_are_shown_without_password() -> None:
    assert without_password("amqp://a:b@h:1/v") == "amqp://h:1/v"


def test_nobody_there_is_not_ready() -> None:
    answer = ask("http://127.0.0.1:1/readyz", 0.5)
    assert not answer.ready
    assert answer.reasons


@pytest.mark.parametrize("port", [0, 65_536, 99_999_999])
def test_what_is_no_port_is_refused_before_it_is_remembered(tmp_path: Path, port: int) -> None:
    with pytest.raises(StackError, match=f"{port} is no port"):
        Plan(root=tmp_path, env={}).with_ports({"http": port})


@pytest.mark.parametrize(
    "odd",
    [
        {"counts": {"gatway": 2}},
        {"clock_origin": "yesterday"},
        {"clock_origin": "2026-11-21T08:00:00"},
        {"clock_speed": 0.0},
        {"clock_speed": -3.0},
        {"clock_speed": float("nan")},
        {"clock_speed": float("inf")},
    ],
    ids=str,
)
def test_what_cannot_be_is_no_plan(tmp_path: Path, odd: dict[str, Any]) -> None:
    """It is refused before a start stops what runs, or keeps a clock that no later start could use."""
    with pytest.raises(StackError):
        Plan(root=tmp_path, env={}, **odd)
