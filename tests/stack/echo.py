"""A stand-in for a service: answers on its health port, migrates, and fails where it is told to.

Run as `python -m tests.stack.echo tests.stack.echo VERB`, as the runner would be.
"""

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer


class Health(BaseHTTPRequestHandler):
    """Says it is ready, unless ECHO_READY says otherwise."""

    def do_GET(self) -> None:
        """Answer anything."""
        ready = os.environ.get("ECHO_READY", "yes") == "yes"
        body = json.dumps({"reasons": [] if ready else ["still asleep"]}).encode()
        self.send_response(200 if ready else 503)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Stay quiet."""


def main() -> int:
    """Run the verb; ECHO_FAIL names one that fails."""
    verb = sys.argv[2]
    if os.environ.get("ECHO_FAIL") == verb:
        sys.stdout.write(f"{verb} cannot be done today\n")
        return 1
    if verb == "serve":
        HTTPServer(("127.0.0.1", int(os.environ["SHILIU_OPS_PORT"])), Health).serve_forever()
    if verb == "settings":
        found = {name: value for name, value in os.environ.items() if name.startswith("SHILIU_")}
        sys.stdout.write(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
