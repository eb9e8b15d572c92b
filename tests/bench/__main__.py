"""``python -m tests.bench match|fanout [--quick] [--json FILE] ...``.

What measures the services' own code in this process is cooperative as they are; what measures a running stack from
outside is not.
"""

import sys
import warnings

warnings.filterwarnings("ignore", r"\s*Eventlet is deprecated")  # known, see docs/adr/0005

NAME = sys.argv[1] if len(sys.argv) > 1 else ""

if NAME != "fanout":
    from tests import green

    green.patch()

    from tests.bench.command import main
else:
    from tests.bench.fanout.command import main

sys.exit(main(sys.argv[1:] if NAME != "fanout" else sys.argv[2:]))
