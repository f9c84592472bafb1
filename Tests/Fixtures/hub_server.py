"""A stand-in for the Hugging Face hub, on loopback only, for tests of downloads.

usage: hub_server.py FOLDER LOG BEHAVIOUR

FOLDER holds the files of one repository. LOG gets a line of JSON for every request, after its
answer has begun. BEHAVIOUR is a JSON object; every key may be left out:

  repository   its name, "organisation/name"
  commit       40 hex digits
  laterCommit  told in the place of the commit by answers to questions about it
  cdn          true: weights are on another host, to which the hub redirects
  relative     true: the hub redirects once on its own host before it answers
  cut          bytes of weights after which the connection is cut
  stall        bytes of weights after which nothing more comes
  times        how many answers are cut or stalled; all unless given
  rate         bytes of weights per second
  ranges       false: ranges are not known
  contentRange what Content-Range says instead of the truth
  status       {"file": status} instead of the file
  errorCode    X-Error-Code of such answers
  longHead     bytes of a field of every answer
  failures     how many requests for weights are answered with 503 first
  etag, size   {"file": value} told instead of the truth
  length       Content-Length of weights instead of the truth
  token        requests without this token are answered with 401

Prints two ports, of the hub and of the other host. Ends when it is killed.
"""

import hashlib
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

folder, log_path, behaviour = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
repository = behaviour["repository"]
commit = behaviour.get("commit", "c0ffee" + "0" * 34)
counts = {"spoiled": 0, "failed": 0}
mutex = threading.Lock()
digests = {}


def count(name, limit):
    """Whether this is one of the first answers; counts it."""
    with mutex:
        counts[name] += 1
        return counts[name] <= limit


def etag(name, data):
    """The hub names small files as git does, and large ones by their SHA-256."""
    if name not in digests:
        blob = b"blob %d\0" % len(data) + data
        large = name.endswith(".safetensors")
        digests[name] = (hashlib.sha256(data) if large else hashlib.sha1(blob)).hexdigest()
    return digests[name]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_HEAD(self):
        self.answer()

    def do_GET(self):
        self.answer()

    def log_message(self, *_):
        pass

    def note(self, status):
        line = {
            "host": self.server.kind,
            "method": self.command,
            "path": self.path,
            "status": status,
            "range": self.headers.get("Range"),
            "authorization": self.headers.get("Authorization"),
            "encoding": self.headers.get("Accept-Encoding"),
        }
        with mutex, open(log_path, "a") as log:
            log.write(json.dumps(line) + "\n")

    def begin(self, status, fields=(), length=0):
        self.note(status)
        self.send_response(status)
        if "longHead" in behaviour:
            self.send_header("X-Long", "a" * behaviour["longHead"])
        for name, value in fields:
            self.send_header(name, value)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def answer(self):
        prefixes = [f"/{repository}/resolve/main/", f"/{repository}/resolve/{commit}/"]
        if self.server.kind == "cdn":
            return self.send_file(self.path.split("?")[0].rsplit("/", 1)[-1])
        if behaviour.get("relative"):
            if not self.path.startswith("/moved"):
                return self.begin(307, [("Location", "/moved" + self.path)])
            prefixes = ["/moved" + prefix for prefix in prefixes]
        token = behaviour.get("token")
        if token and self.headers.get("Authorization") != "Bearer " + token:
            return self.begin(401, [("X-Error-Code", behaviour.get("errorCode", "GatedRepo"))])
        name = next((self.path[len(p):] for p in prefixes if self.path.startswith(p)), None)
        if name is None:
            return self.begin(404, [("X-Error-Code", "RepoNotFound")])
        status = behaviour.get("status", {}).get(name)
        if status:
            return self.begin(status, [("X-Error-Code", behaviour.get("errorCode", ""))])
        if not os.path.isfile(os.path.join(folder, name)):
            return self.begin(404, [("X-Error-Code", "EntryNotFound"), ("X-Repo-Commit", commit)])
        if behaviour.get("cdn") and name.endswith(".safetensors"):
            with open(os.path.join(folder, name), "rb") as file:
                data = file.read()
            place = f"http://localhost:{self.server.cdn_port}/store/{name}?signed=\"a\"&b=c"
            fields = self.facts(name, data, "X-Linked-") + [("Location", place.replace('"', "%22"))]
            return self.begin(302, fields)
        self.send_file(name)

    def facts(self, name, data, prefix=""):
        told = behaviour.get("etag", {}).get(name, etag(name, data))
        size = behaviour.get("size", {}).get(name, len(data))
        later = behaviour.get("laterCommit", commit)
        state = later if f"/resolve/{commit}/" in self.path else commit
        fields = [("X-Repo-Commit", state), (prefix + "ETag", f'"{told}"')]
        if prefix or size != len(data):
            fields.append(("X-Linked-Size", str(size)))
        return fields

    def send_file(self, name):
        with open(os.path.join(folder, name), "rb") as file:
            data = file.read()
        is_weights = name.endswith(".safetensors")
        if self.command == "GET" and is_weights and behaviour.get("failures"):
            if count("failed", behaviour["failures"]):
                return self.begin(503, [("Retry-After", "1")])
        fields = self.facts(name, data) if self.server.kind == "hub" else []
        start, status = 0, 200
        asked = self.headers.get("Range")
        if asked and behaviour.get("ranges", True):
            start, status = int(asked.removeprefix("bytes=").split("-")[0]), 206
            if start >= len(data):
                return self.begin(416, [("Content-Range", f"bytes */{len(data)}")])
            truth = f"bytes {start}-{len(data) - 1}/{len(data)}"
            fields.append(("Content-Range", behaviour.get("contentRange", truth)))
        length = behaviour.get("length", len(data) - start) if is_weights else len(data) - start
        self.begin(status, fields, length)
        if self.command == "HEAD":
            return
        if is_weights:
            self.send_weights(data[start:])
        else:
            self.wfile.write(data)

    def send_weights(self, data):
        limit = behaviour.get("cut", behaviour.get("stall"))
        spoils = limit is not None and count("spoiled", behaviour.get("times", 1 << 30))
        end = min(limit, len(data)) if spoils else len(data)
        rate = behaviour.get("rate")
        step = max(1, rate // 50) if rate else 1 << 16
        try:
            for place in range(0, end, step):
                self.wfile.write(data[place : min(place + step, end)])
                if rate:
                    time.sleep(step / rate)
            self.wfile.flush()
            if spoils and "stall" in behaviour:
                time.sleep(120)
            if spoils:
                self.close_connection = True
        except OSError:
            self.close_connection = True


servers = []
for kind in ["hub", "cdn"]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.kind = kind
    servers.append(server)
for server in servers:
    server.cdn_port = servers[1].server_port
print(servers[0].server_port, servers[1].server_port, flush=True)
threading.Thread(target=servers[1].serve_forever, daemon=True).start()
servers[0].serve_forever()
