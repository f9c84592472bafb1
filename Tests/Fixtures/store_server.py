"""A stand-in for an object store, on loopback only: moto's, which checks signatures and policies.

usage: store_server.py LOG BEHAVIOUR

LOG gets a line of JSON for every request, after its answer. BEHAVIOUR is a JSON object; every key
may be left out:

  failures  how many requests are answered with 503 first
  cut       bytes of an object after which the connection is cut
  times     how many answers are cut; all unless given
  delay     seconds before every answer
  session   true: the credentials are those of a role, with a session token
  status    {"METHOD path": status} instead of the answer; the path as it was sent

There are two buckets: "films", and "refused", to which no access is granted.

Prints a line of JSON: port, key, secret, token. Ends when it is killed.
"""

import json
import os
import sys
import threading
import time

# Every request is checked, and parts of uploads may be small.
os.environ |= {"INITIAL_NO_AUTH_ACTION_COUNT": "0", "S3_UPLOAD_PART_MIN_SIZE": "1"}

from moto.backends import get_backend  # noqa: E402
from moto.core import DEFAULT_ACCOUNT_ID  # noqa: E402
from moto.server import DomainDispatcherApplication, create_backend_app  # noqa: E402
from werkzeug.serving import WSGIRequestHandler, make_server  # noqa: E402

log_path, behaviour = sys.argv[1], json.loads(sys.argv[2])
counts = {"failed": 0, "cut": 0}
mutex = threading.Lock()
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
        {"Effect": "Deny", "Action": "s3:*",
         "Resource": ["arn:aws:s3:::refused", "arn:aws:s3:::refused/*"]},
    ],
}


def make_credentials():
    iam = get_backend("iam")[DEFAULT_ACCOUNT_ID]["aws"]
    if not behaviour.get("session"):
        iam.create_user(region_name="us-east-1", user_name="worker")
        iam.put_user_policy("worker", "store", json.dumps(POLICY))
        key = iam.create_access_key("worker")
        return key.access_key_id, key.secret_access_key, None
    trust = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]}
    role = iam.create_role("worker", json.dumps(trust), "/", None, "", [], "3600")
    iam.put_role_policy("worker", "store", json.dumps(POLICY))
    sts = get_backend("sts")[DEFAULT_ACCOUNT_ID]["aws"]
    assumed = sts.assume_role(
        region_name="us-east-1", role_session_name="test", role_arn=role.arn, policy=None,
        duration=3600, external_id=None,
    )
    return assumed.access_key_id, assumed.secret_access_key, assumed.session_token


def count(name, limit):
    """Whether this is one of the first; counts it."""
    with mutex:
        counts[name] += 1
        return counts[name] <= limit


class Store:
    """moto's application, with faults in front of it."""

    def __init__(self):
        self.app = DomainDispatcherApplication(create_backend_app)

    def __call__(self, environ, start_response):
        time.sleep(behaviour.get("delay", 0))
        told = {}

        def start(status, headers, exc_info=None):
            told["status"] = int(status.split()[0])
            return start_response(status, headers, exc_info)

        pieces = list(self.answer(environ, start))
        method = environ["REQUEST_METHOD"]
        is_object = method == "GET" and told["status"] in (200, 206) and len(b"".join(pieces)) > 0
        if "cut" in behaviour and is_object and count("cut", behaviour.get("times", 1 << 30)):
            pieces = [b"".join(pieces)[: behaviour["cut"]]]
        line = {
            "method": method,
            "target": environ["RAW_URI"],
            "status": told["status"],
            "range": environ.get("HTTP_RANGE"),
            "authorization": environ.get("HTTP_AUTHORIZATION"),
            "sent": sum(map(len, pieces)),
        }
        with mutex, open(log_path, "a") as log:
            log.write(json.dumps(line) + "\n")
        return pieces

    def answer(self, environ, start):
        status = behaviour.get("status", {}).get(
            f"{environ['REQUEST_METHOD']} {environ['RAW_URI']}"
        )
        if behaviour.get("failures") and count("failed", behaviour["failures"]):
            status = 503
        if status:
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            start(f"{status} Told", [("Content-Length", "0")])
            return []
        return self.app(environ, start)


class Handler(WSGIRequestHandler):
    def log(self, *_):
        pass


access_key, secret, token = make_credentials()
for bucket in ["films", "refused"]:
    get_backend("s3")[DEFAULT_ACCOUNT_ID]["aws"].create_bucket(bucket, "us-east-1")
server = make_server("127.0.0.1", 0, Store(), threaded=True, request_handler=Handler)
print(json.dumps({"port": server.port, "key": access_key, "secret": secret, "token": token}),
      flush=True)
server.serve_forever()
