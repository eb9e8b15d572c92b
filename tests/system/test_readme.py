"""What README.md tells a newcomer to type works as it stands there, with the demo's community and nothing else."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from deploy.demo.play import set_stage
from deploy.simulate.stage import Stage
from deploy.stack.services import PROJECT

pytestmark = [pytest.mark.stack, pytest.mark.slow, pytest.mark.timeout(240)]

BLOCK = re.compile(r"<!-- transcript.*?-->\n```bash\n(.*?)```", re.DOTALL)
ADDRESS = "http://127.0.0.1:8700"


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not on this machine")
def test_the_transcript_places_an_order_and_reads_it_back(stage: Stage, tmp_path: Path) -> None:
    set_stage(stage, lambda _: None)
    found = BLOCK.findall((PROJECT / "README.md").read_text(encoding="utf-8"))
    assert len(found) == 1
    assert found[0].count(ADDRESS) == 1
    (tmp_path / ".shiliu").symlink_to(stage.stack.root)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", found[0].replace(ADDRESS, stage.stack.http_url)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r'"number":"NC-\d{6}-\d{4,}"', done.stdout), done.stdout
    assert '"shiliu.ticket.accepted.v1"' in done.stdout
