"""The vendor's Python client, driven by a test: reads one JSON object from standard input.

{"endpoint": "127.0.0.1:PORT", "accessKey", "secretKey", "calls": [[ACTION, {parameters}], ...]}
    makes the calls, and prints the list of what the cloud answered;
{"accessKey", "secretKey", "service", "sign": [{method, url, region, headers, body}, ...]}
    calls nothing, and prints the headers that the client would send with each request.
"""

import contextlib
import importlib
import json
import os
import sys

given = json.load(sys.stdin)
results = []
# The client prints headers, with their signatures.
with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
    from jdcloud_sdk.core.config import Config
    from jdcloud_sdk.core.const import SCHEME_HTTP
    from jdcloud_sdk.core.credential import Credential
    from jdcloud_sdk.core.logger import FATAL, Logger
    from jdcloud_sdk.core.signer import Signer
    from jdcloud_sdk.services.edcps.client.EdcpsClient import EdcpsClient

    credential = Credential(given["accessKey"], given["secretKey"])
    for request in given.get("sign", []):
        headers = dict(request["headers"])
        Signer(Logger(FATAL)).sign(
            request["method"], given["service"], request["region"], request["url"],
            headers, request["body"], credential, None)
        results.append(headers)
    if "calls" in given:
        client = EdcpsClient(credential, Config(given["endpoint"], SCHEME_HTTP), Logger(FATAL))
    for action, parameters in given.get("calls", []):
        module = importlib.import_module("jdcloud_sdk.services.edcps.apis.%sRequest" % action)
        answer = client.send(getattr(module, action + "Request")(parameters))
        results.append({
            "requestId": answer.request_id,
            "error": answer.error and {"code": answer.error.code, "status": answer.error.status},
            "result": answer.result,
        })
json.dump(results, sys.stdout)
