"""A stand-in for Bedrock on this machine: python3 -m upstream --port 8655 --delay 0.25

POST /model/MODEL/invoke answers as the two models do; GET / says that it is up.
"""

import argparse
import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

from .models import answer


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    delay = 0.0

    def do_GET(self):
        self.reply(200, {"ok": True})

    def do_POST(self):
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = self.path.split("/")
        if len(parts) != 4 or parts[1] != "model" or parts[3] != "invoke":
            return self.reply(404, {"message": f"no such path: {self.path}"})
        try:
            found = answer(unquote(parts[2]), json.loads(raw))
        except (ValueError, KeyError, TypeError) as e:
            return self.reply(400, {"message": f"malformed request: {e!r}"})
        time.sleep(self.delay)
        return self.reply(200, found)

    def reply(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args):
        pass


def main():
    p = argparse.ArgumentParser(prog="python3 -m upstream", description=__doc__)
    p.add_argument("--port", type=int, default=8655)
    p.add_argument("--delay", type=float, default=0.25, help="seconds before an answer")
    a = p.parse_args()
    Handler.delay = a.delay
    server = ThreadingHTTPServer(("127.0.0.1", a.port), Handler)
    print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
