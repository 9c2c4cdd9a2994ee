"""Checks AWS signatures with botocore, from nothing but what went over the wire.

As a program: reads requests as JSON lines {method, target, headers: [[name, value]], body (base 64), service, region,
secret} and prints, for each, "ok" or what was expected instead.
"""

import base64
import json
import sys

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials


def expected(method, target, headers, body, service, region, secret):
    """The Authorization that botocore makes of the request, with the fields that the request says are signed."""
    values = {}
    for name, value in headers:
        values.setdefault(name.lower(), []).append(value)
    given = values["authorization"][0]
    signed = given.partition("SignedHeaders=")[2].partition(",")[0].split(";")
    key = given.partition("Credential=")[2].partition("/")[0]
    token = values.get("x-amz-security-token", [None])[0]
    auth = {True: S3SigV4Auth, False: SigV4Auth}[service == "s3"](Credentials(key, secret, token), service, region)
    request = AWSRequest(method=method, url="http://" + values["host"][0] + target, data=body)
    for name in signed:
        for value in values[name]:
            request.headers[name] = value  # appends
    request.context["timestamp"] = values["x-amz-date"][0]
    del request.headers["X-Amz-Content-SHA256"]  # so that the hash is that of the body
    digest = auth.payload(request)
    if values.get("x-amz-content-sha256", [digest])[0] != digest:
        return "x-amz-content-sha256 is not that of the body"
    if "x-amz-content-sha256" in signed:
        request.headers["x-amz-content-sha256"] = digest
    signature = auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request)
    return (
        f"AWS4-HMAC-SHA256 Credential={auth.scope(request)}, SignedHeaders={';'.join(sorted(signed))}, "
        f"Signature={signature}"
    )


def unsigned(headers):
    """Fields that AWS wants signed, and are not."""
    given = next(value for name, value in headers if name.lower() == "authorization")
    signed = given.partition("SignedHeaders=")[2].partition(",")[0].split(";")
    names = {name.lower() for name, _ in headers}
    return [n for n in names if n not in signed and (n == "host" or n == "content-type" or n.startswith("x-amz-"))]


def main():
    for line in sys.stdin:
        request = json.loads(line)
        headers = request["headers"]
        given = next(value for name, value in headers if name.lower() == "authorization")
        wanted = expected(
            request["method"], request["target"], headers, base64.b64decode(request["body"]), request["service"],
            request["region"], request["secret"])
        missing = unsigned(headers)
        print("ok" if given == wanted and not missing else f"{given} is not {wanted}; unsigned: {missing}")


if __name__ == "__main__":
    main()
