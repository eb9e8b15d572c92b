"""``python -m tests.bench match [--quick] [--json FILE] [--chart FILE]``, cooperative as the services are."""

import sys

from tests import green

green.patch()

from tests.bench.command import main  # noqa: E402  what it imports is to be patched

sys.exit(main(sys.argv[1:]))
