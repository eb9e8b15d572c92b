"""RabbitMQ as a private process: own ports, own data, own epmd, virtual hosts made at its start."""

import base64
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import amqp

from deploy.stack.failure import StackError
from deploy.stack.folder import write_json
from deploy.stack.ports import HOST
from deploy.stack.processes import Processes, Record

BROKER_ERRORS = (amqp.AMQPError, OSError)
"""What a connection raises that is not possible now, or breaks."""
CONNECT_SECONDS = 10.0
USER = "shiliu"
SALT = b"\x53\x4c\x4c\x49"
"""Fixed, so that the definitions stay the same from start to start; the broker listens on the loopback address only."""

SERVERS = ("/usr/lib/rabbitmq/bin/rabbitmq-server", "/opt/homebrew/sbin/rabbitmq-server")
"""Debian's `rabbitmq-server` on PATH changes user and folder; the script behind it does not."""

ERLANG_FLAGS = "+sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}"
"""Schedulers that wait without burning the processor, and distribution on the loopback address."""


@dataclass(frozen=True)
class RabbitPorts:
    """The three ports of one node."""

    amqp: int
    dist: int
    epmd: int


def password_hash(password: str, salt: bytes = SALT) -> str:
    """RabbitMQ's rabbit_password_hashing_sha256: base64 of salt and sha256(salt + password)."""
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


def definitions(vhosts: Sequence[str], password: str) -> dict[str, object]:
    """What the broker holds from its start: the virtual hosts, and one user who may do everything in them."""
    return {
        "users": [
            {
                "name": USER,
                "password_hash": password_hash(password),
                "hashing_algorithm": "rabbit_password_hashing_sha256",
                "tags": "administrator",
            }
        ],
        "vhosts": [{"name": name} for name in vhosts],
        "permissions": [
            {"user": USER, "vhost": name, "configure": ".*", "write": ".*", "read": ".*"} for name in vhosts
        ],
    }


def url(ports: RabbitPorts, vhost: str, password: str) -> str:
    """The address of *vhost* on the private broker."""
    return f"amqp://{USER}:{quote(password, safe='')}@{HOST}:{ports.amqp}/{quote(vhost, safe='')}"


def find_server() -> str:
    """The broker's start script; raises StackError when RabbitMQ is not installed."""
    for path in SERVERS:
        if os.access(path, os.X_OK):
            return path
    found = shutil.which("rabbitmq-server")
    if found:
        return found
    raise StackError(
        "没有找到 rabbitmq-server:请运行 apt-get install --no-install-recommends rabbitmq-server,"
        "或设置 SHILIU_AMQP_URL 使用现有的消息服务器",
        "rabbitmq-server is not installed: run apt-get install --no-install-recommends rabbitmq-server,"
        " or set SHILIU_AMQP_URL to a broker you have",
    )


def start(processes: Processes, data: Path, ports: RabbitPorts, vhosts: Sequence[str], password: str) -> list[Record]:
    """Start epmd and the broker with their data under *data*; returns at once, the broker needs seconds."""
    server = find_server()
    data.mkdir(parents=True, exist_ok=True)
    env = _environment(data, ports)
    write_json(data / "definitions.json", definitions(vhosts, password), mode=0o600)
    (data / "plugins").write_text("[].\n", encoding="utf-8")
    (data / "env.conf").write_text("", encoding="utf-8")
    (data / "rabbitmq.conf").write_text(
        "\n".join(
            [
                f"listeners.tcp.default = {HOST}:{ports.amqp}",
                f"load_definitions = {data / 'definitions.json'}",
                "log.console = true",
                "log.console.level = warning",
                "log.file = false",
                "raft.wal_max_size_bytes = 67108864",
                "disk_free_limit.absolute = 200MB",
                "",
            ]
        ),
        encoding="utf-8",
    )
    started = []
    epmd = shutil.which("epmd", path=env["PATH"])
    if epmd:
        command = [epmd, "-port", str(ports.epmd), "-address", HOST, "-relaxed_command_check"]
        started.append(processes.start("epmd", command, env, cwd=data, port=ports.epmd))
    started.append(processes.start("rabbitmq", [server], env, cwd=data, port=ports.amqp))
    return started


def control(data: Path, ports: RabbitPorts, *arguments: str) -> str:
    """What `rabbitmqctl` answers about the broker that runs with *data*; raises StackError when it refuses."""
    program = Path(find_server()).with_name("rabbitmqctl")
    done = subprocess.run(
        [str(program), "-q", *arguments], env=_environment(data, ports), capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip()[-300:]
        raise StackError(f"rabbitmqctl {arguments[0]} 没有成功:{said}", f"rabbitmqctl {arguments[0]} failed: {said}")
    return done.stdout


def _environment(data: Path, ports: RabbitPorts) -> dict[str, str]:
    keep = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "TZ") if name in os.environ}
    keep["PATH"] = keep.get("PATH", "") + os.pathsep + "/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
    return keep | {
        "HOME": str(data),
        "ERL_EPMD_PORT": str(ports.epmd),
        "ERL_EPMD_ADDRESS": HOST,
        "ERL_CRASH_DUMP_SECONDS": "0",
        "RABBITMQ_NODENAME": "shiliu@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": HOST,
        "RABBITMQ_NODE_PORT": str(ports.amqp),
        "RABBITMQ_DIST_PORT": str(ports.dist),
        "RABBITMQ_MNESIA_BASE": str(data / "mnesia"),
        "RABBITMQ_LOG_BASE": str(data / "log"),
        "RABBITMQ_CONF_ENV_FILE": str(data / "env.conf"),
        "RABBITMQ_CONFIG_FILE": str(data / "rabbitmq.conf"),
        "RABBITMQ_ADVANCED_CONFIG_FILE": str(data / "advanced.config"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(data / "plugins"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": ERLANG_FLAGS,
        # Makes the script become the Erlang machine instead of staying as a shell around it: one process, one signal.
        "RUNNING_UNDER_SYSTEMD": "true",
    }


@contextmanager
def connected(amqp_url: str, timeout: float = CONNECT_SECONDS) -> Iterator[amqp.Connection]:
    """A blocking connection to *amqp_url* that confirms what is published; *timeout* bounds each read and write.

    Raises one of BROKER_ERRORS while that is not possible, or when it breaks.
    """
    parts = urlsplit(amqp_url)
    connection = amqp.Connection(
        host=f"{parts.hostname}:{parts.port or 5672}",
        userid=unquote(parts.username or "guest"),
        password=unquote(parts.password or "guest"),
        virtual_host=unquote(parts.path[1:]) or "/",
        connect_timeout=timeout,
        read_timeout=timeout,
        write_timeout=timeout,
        confirm_publish=True,
        ssl=parts.scheme == "amqps",
    )
    try:
        connection.connect()
        yield connection
    finally:
        with suppress(*BROKER_ERRORS):
            connection.close()


def login(amqp_url: str, timeout: float = 2.0) -> None:
    """Log in to *amqp_url* and leave; raises one of BROKER_ERRORS while that is not possible."""
    with connected(amqp_url, timeout):
        pass
