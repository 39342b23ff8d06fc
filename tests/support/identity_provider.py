"""A small identity provider that speaks OpenID Connect over HTTP: one person, who is always signed in there."""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID, CLIENT_SECRET = "nunbit", "a secret of both"


class IdentityProvider(ThreadingHTTPServer):
    """Tests change what it says: `person` of whom, `token_claims` in ID tokens; `error` refuses, and `broken` is a path
    that answers nonsense."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.issuer = f"http://127.0.0.1:{self.server_port}"
        self.person: dict[str, Any] = {
            "sub": "4711",
            "name": "김하늘",
            "email": "haneul@school.example",
            "email_verified": True,
        }
        self.token_claims: dict[str, Any] = {}
        self.error, self.broken = "", ""
        self.tells_in_token = True
        self.key = self.signing_key = RSAKey.generate_key(2048, {"kid": "1", "use": "sig"})
        self.asked: dict[str, dict[str, str]] = {}  # by code: what the browser came with

    def metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is sent back to."""
        assert asked["response_type"] == "code" and "openid" in asked["scope"]
        code = secrets.token_urlsafe()
        self.asked[code] = asked
        said = {"error": self.error} if self.error else {"code": code}
        return f"{asked['redirect_uri']}?{urlencode({**said, 'state': asked['state']})}"

    def token(self, sent: dict[str, str], authorization: str) -> dict[str, Any]:
        """Raises KeyError or AssertionError for what a real one would refuse."""
        asked = self.asked.pop(sent["code"])
        digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == asked["code_challenge"]
        assert sent["redirect_uri"] == asked["redirect_uri"]
        assert (
            base64.b64decode(authorization.removeprefix("Basic ")).decode() == f"{CLIENT_ID}:{CLIENT_SECRET}"
        )
        return {"access_token": "of-this-person", "token_type": "Bearer", "id_token": self.id_token(asked)}

    def id_token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 60, "nonce": asked["nonce"]}
        said = self.person if self.tells_in_token else {"sub": self.person["sub"]}
        return jwt.encode(
            {"alg": "RS256", "kid": "1"}, {**claims, **said, **self.token_claims}, self.signing_key
        )


class Answer(BaseHTTPRequestHandler):
    server: IdentityProvider

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if url.path == self.server.broken:
            self.answer(200, ["nonsense"])
        elif url.path == "/.well-known/openid-configuration":
            self.answer(200, self.server.metadata())
        elif url.path == "/jwks":
            self.answer(200, {"keys": [self.server.key.as_dict(private=False)]})
        elif url.path == "/userinfo" and self.headers["Authorization"] == "Bearer of-this-person":
            self.answer(200, self.server.person)
        elif url.path == "/authorize":
            self.send_response(302)
            self.send_header("Location", self.server.authorize(dict(parse_qsl(url.query))))
            self.end_headers()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        sent = {name: values[0] for name, values in parse_qs(body).items()}
        try:
            said = self.server.token(sent, self.headers["Authorization"] or "")
        except (KeyError, AssertionError):
            return self.answer(400, {"error": "invalid_grant"})
        return self.answer(200, ["nonsense"] if self.server.broken == "/token" else said)

    def answer(self, status: int, said: object) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said: object) -> None:
        """Nothing."""


@contextmanager
def running_provider() -> Iterator[IdentityProvider]:
    with IdentityProvider() as provider:
        Thread(target=provider.serve_forever, daemon=True).start()
        yield provider
        provider.shutdown()
