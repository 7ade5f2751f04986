"""Signatures are those that AWS's own library makes; credentials come from where ECS puts them."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_monitoring.otlp.credentials import CredentialChain, Credentials, NoCredentialsError
from django_monitoring.otlp.sigv4 import signed_headers

URL = "https://monitoring.ap-northeast-1.amazonaws.com/v1/metrics"
NOW = datetime(2026, 11, 26, 17, 30, 5, tzinfo=UTC)


@given(
    body=st.binary(max_size=200),
    key=st.from_regex(r"\A[A-Z0-9]{20}\Z"),
    secret=st.from_regex(r"\A[A-Za-z0-9/+]{40}\Z"),
    token=st.from_regex(r"\A[A-Za-z0-9/+=]{0,50}\Z"),
)
def test_the_signature_is_botocores(body: bytes, key: str, secret: str, token: str) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    request = botocore.awsrequest.AWSRequest("POST", URL, headers=dict(headers), data=body)
    request.context["timestamp"] = NOW.strftime("%Y%m%dT%H%M%SZ")
    signer = botocore.auth.SigV4Auth(
        botocore.credentials.Credentials(key, secret, token or None),
        "monitoring",
        "ap-northeast-1",
    )
    request.headers["X-Amz-Date"] = request.context["timestamp"]
    if token:
        request.headers["X-Amz-Security-Token"] = token
    canonical = signer.canonical_request(request)
    signature = signer.signature(signer.string_to_sign(request, canonical), request)
    signed = signed_headers(
        URL,
        headers,
        body,
        Credentials(key, secret, token),
        region="ap-northeast-1",
        service="monitoring",
        now=NOW,
    )
    assert signed["Authorization"] == (
        f"AWS4-HMAC-SHA256 Credential={key}/20261126/ap-northeast-1/monitoring/aws4_request, "
        f"SignedHeaders={signer.signed_headers(signer.headers_to_sign(request))}, "
        f"Signature={signature}"
    )


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in (
        *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
        *("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"),
        *("AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"),
    ):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_the_environment_comes_first(bare: pytest.MonkeyPatch) -> None:
    bare.setenv("AWS_ACCESS_KEY_ID", "key")
    bare.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    bare.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/")
    found = CredentialChain().get(1)
    assert (found.key, found.secret, found.token) == ("key", "secret", "")
    assert "secret'" not in repr(found)


def test_without_any_the_mistake_says_what_to_do(bare: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoCredentialsError, match="give the task a role"):
        CredentialChain().get(1)


@pytest.fixture
def container(bare: pytest.MonkeyPatch) -> Iterator[list[timedelta]]:
    """The address that ECS gives a task; the credentials last for the first of these each."""
    lasting: list[timedelta] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status = 200 if self.headers["Authorization"] == "open sesame" else 403
            answer = {
                "AccessKeyId": f"key-{len(lasting)}",
                "SecretAccessKey": "secret",
                "Token": "token",
                "Expiration": (datetime.now(UTC) + lasting.pop(0)).strftime("%Y-%m-%dT%H:%M:%SZ"),
            }
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *_: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}/role"
    bare.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", address)
    yield lasting
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_tasks_role_is_kept_until_it_is_about_to_expire(
    container: list[timedelta], bare: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "token").write_text("open sesame\n")
    bare.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", str(tmp_path / "token"))
    container += [timedelta(minutes=4), timedelta(hours=6), timedelta(hours=6)]
    chain = CredentialChain()
    # The first one has less than 5 minutes left, and is replaced at once.
    assert [chain.get(5).key for _ in range(3)] == ["key-3", "key-2", "key-2"]
    assert chain.get(5).token == "token"
