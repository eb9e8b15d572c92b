"""mongod as a private process: a journaled replica set of one, whose address stays the same from start to start."""

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from deploy.stack.failure import StackError
from deploy.stack.ports import HOST
from deploy.stack.processes import Processes, Record

REPLICA_SET = "shiliu"
OLDEST = 6
NOT_YET_INITIATED = 94
PROBE_MS = 1000
LONGEST_TRANSACTION_SECONDS = 5
FILES_KEPT_OPEN_SECONDS = 20


def url(port: int) -> str:
    """The address of the private replica set."""
    return f"mongodb://{HOST}:{port}/?replicaSet={REPLICA_SET}"


def find_server() -> str:
    """The mongod on PATH if it is new enough, else the one in the wheel; StackError when there is none that runs."""
    on_path = shutil.which("mongod")
    if on_path and (_version(on_path) or 0) >= OLDEST:
        return on_path
    in_wheel = _wheel_server()
    if in_wheel is None:
        raise StackError(
            f"没有找到 mongod {OLDEST} 或更新的版本:请安装 MongoDB,或设置 SHILIU_MONGO_URL 使用现有的数据库",
            f"no mongod {OLDEST} or newer was found: install MongoDB, or set SHILIU_MONGO_URL to a database you have",
        )
    if not os.access(in_wheel, os.X_OK):
        in_wheel.chmod(in_wheel.stat().st_mode | 0o111)
    if _version(str(in_wheel)) is None:
        raise StackError(
            "这台机器运行不了自带的 mongod(需要 libcurl4、OpenSSL 3 和支持 AVX 的处理器):"
            "请运行 apt-get install --no-install-recommends libcurl4,或设置 SHILIU_MONGO_URL",
            "the bundled mongod does not run here (it needs libcurl4, OpenSSL 3 and a processor with AVX):"
            " run apt-get install --no-install-recommends libcurl4, or set SHILIU_MONGO_URL",
        )
    return str(in_wheel)


def _wheel_server() -> Path | None:
    spec = importlib.util.find_spec("fiftyone")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / "db" / "bin" / "mongod"
        if path.is_file():
            return path
    return None


def _version(server: str) -> int | None:
    try:
        answer = subprocess.run([server, "--version"], capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r"db version v(\d+)", answer.stdout)
    return int(found[1]) if found else None


def start(processes: Processes, data: Path, port: int) -> Record:
    """Start mongod with its data under *data*; returns at once, `elect` waits for it."""
    server = find_server()
    (data / "db").mkdir(parents=True, exist_ok=True)
    command = [
        server,
        f"--dbpath={data / 'db'}",
        f"--port={port}",
        f"--bind_ip={HOST}",
        f"--replSet={REPLICA_SET}",
        "--wiredTigerCacheSizeGB=0.25",
        "--oplogSize=512",
        "--nounixsocket",
        "--quiet",
        "--setParameter=diagnosticDataCollectionEnabled=false",
        # What a killed process had locked is free again soon; its transactions take milliseconds.
        f"--setParameter=transactionLifetimeLimitSeconds={LONGEST_TRANSACTION_SECONDS}",
        # By default the files of a collection stay open for minutes after it was used, or dropped: thousands that came
        # and went soon are more than a process may have open, and mongod ends itself.
        f"--setParameter=minSnapshotHistoryWindowInSeconds={LONGEST_TRANSACTION_SECONDS}",
        f"--setParameter=wiredTigerSessionCloseIdleTimeSecs={FILES_KEPT_OPEN_SECONDS}",
        f"--setParameter=wiredTigerFileHandleCloseIdleTime={FILES_KEPT_OPEN_SECONDS}",
        "--setParameter=wiredTigerFileHandleCloseScanInterval=5",
        # Nobody else of the set has to be waited for, and every second of a stop is a second of the next start.
        "--setParameter=shutdownTimeoutMillisForSignaledShutdown=100",
    ]
    env = {name: os.environ[name] for name in ("PATH", "LANG", "TZ", "TMPDIR") if name in os.environ}
    return processes.start("mongod", command, env | {"HOME": str(data)}, cwd=data, port=port)


def elect(port: int) -> bool:
    """Make the node the primary of its set of one; True once it is. PyMongoError while it does not answer."""
    with _direct(port) as client:
        host = f"{HOST}:{port}"
        config = _configuration(client)
        if config is None:
            fresh = {"_id": REPLICA_SET, "members": [{"_id": 0, "host": host}]}
            client.admin.command("replSetInitiate", fresh)
        elif config["members"][0]["host"] != host:
            # The data came from another port: the set must answer to the address that clients use now.
            config["members"][0]["host"] = host
            config["version"] += 1
            client.admin.command("replSetReconfig", config, force=True)
        return bool(client.admin.command("hello").get("isWritablePrimary"))


def _configuration(client: MongoClient[dict[str, Any]]) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = client.admin.command("replSetGetConfig")["config"]
    except OperationFailure as refusal:
        if refusal.code == NOT_YET_INITIATED:
            return None
        raise
    return found


def reachable(mongo_url: str, timeout: float = 3.0) -> None:
    """Ask *mongo_url* for its primary; raises PyMongoError where there is none or it is no replica set."""
    ms = int(timeout * 1000)
    with MongoClient[dict[str, Any]](mongo_url, serverSelectionTimeoutMS=ms, connectTimeoutMS=ms) as client:
        if "setName" not in client.admin.command("hello"):
            raise PyMongoError("not a replica set")


def _direct(port: int) -> MongoClient[dict[str, Any]]:
    return MongoClient(
        HOST,
        port,
        directConnection=True,
        serverSelectionTimeoutMS=PROBE_MS,
        connectTimeoutMS=PROBE_MS,
    )
