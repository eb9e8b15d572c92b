"""Service processes: started with their settings, prepared by their migrations, waited for until they are ready."""

import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from deploy.stack import readiness
from deploy.stack.failure import StackError
from deploy.stack.ports import HOST
from deploy.stack.processes import Processes, Record
from deploy.stack.services import PROJECT, Instance, Service

READY_BOUND = 60.0
MIGRATE_BOUND = 120.0
LOOK_EVERY = 0.1


@dataclass(frozen=True)
class ServiceProcesses:
    """The services' share of a stack's processes."""

    processes: Processes

    def launch(self, instance: Instance, ports: Mapping[str, int], env: Mapping[str, str]) -> Record:
        """Start one process and wait for nothing."""
        port = ports[instance.name]
        return self.processes.start(
            instance.name,
            instance.service.command("serve"),
            env,
            cwd=PROJECT,
            port=ports.get(instance.http_name, port),
            ready_url=f"http://{HOST}:{port}/readyz",
        )

    def await_ready(self, records: Sequence[Record], bound: float = READY_BOUND) -> None:
        """Wait until all of *records* are ready; StackError naming the one that ended or took longer than *bound*."""
        deadline = time.monotonic() + bound
        waiting = list(records)
        while waiting:
            waiting = [record for record in waiting if not self._is_ready(record, deadline)]
            if waiting:
                time.sleep(LOOK_EVERY)

    def migrate(self, services: Sequence[Service], env: Mapping[str, str]) -> None:
        """Run all services' migrations side by side; StackError naming one that failed."""
        log = self.processes.log_of("migrate")
        log.parent.mkdir(parents=True, exist_ok=True)
        running: dict[str, subprocess.Popen[bytes]] = {}
        try:
            with log.open("ab") as output:
                for service in services:
                    running[service.name] = subprocess.Popen(
                        service.command("migrate"),
                        cwd=PROJECT,
                        env=dict(env),
                        stdin=subprocess.DEVNULL,
                        stdout=output,
                        stderr=subprocess.STDOUT,
                    )
            failed = [name for name, child in running.items() if child.wait(MIGRATE_BOUND)]
        except subprocess.TimeoutExpired:
            failed = [name for name, child in running.items() if child.poll() is None]
        finally:
            for child in running.values():
                child.kill()
                child.wait()
        if failed:
            last = self.processes.tail("migrate", 1)[:300]
            raise StackError(
                f"{failed[0]} 的数据库或消息队列没有准备好:请看日志 {log}({last})",
                f"the database or the queues of {failed[0]} could not be prepared: read {log} ({last})",
            )

    def _is_ready(self, record: Record, deadline: float) -> bool:
        answer = readiness.ask(record.ready_url)
        if answer.ready:
            return True
        if not self.processes.living(record):
            raise self._failure(record, "自己退出了", "ended by itself", ())
        if time.monotonic() > deadline:
            raise self._failure(record, "没有按时就绪", "was not ready in time", answer.reasons)
        return False

    def _failure(self, record: Record, zh: str, en: str, reasons: Sequence[str]) -> StackError:
        log = self.processes.log_of(record.name)
        why = "; ".join(reasons) or self.processes.tail(record.name, 1)[:300]
        return StackError(
            f"服务 {record.name} {zh}:请看日志 {log}({why})", f"service {record.name} {en}: read {log} ({why})"
        )
