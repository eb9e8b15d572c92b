"""HTTP to the application in this process, as somebody."""

import json
from typing import Any

from flask.testing import FlaskClient
from marshmallow import Schema

from contracts.actor import Actor
from gateway.api.desk import Desk


class Api:
    """A client that signs its requests for whoever acts."""

    def __init__(self, client: FlaskClient, desk: Desk) -> None:
        self.client = client
        self._desk = desk
        self._number = 0

    def headers(self, actor: Actor) -> dict[str, str]:
        """A token, and a key that was never used."""
        self._number += 1
        token, _ = self._desk.tokens.issue(actor)
        return {"Authorization": f"Bearer {token}", "Idempotency-Key": f"key-{self._number}"}

    def get(self, actor: Actor, path: str, status: int = 200, schema: Schema | None = None) -> Any:
        """Read, and hold the answer against its schema."""
        response = self.client.get(f"/api/v1{path}", headers=self.headers(actor))
        assert response.status_code == status, response.text
        return _checked(json.loads(response.data), schema)

    def post(self, actor: Actor, path: str, body: Any = None, status: int = 200, schema: Schema | None = None) -> Any:
        """Command, and hold the answer against its schema."""
        response = self.client.post(f"/api/v1{path}", json=body or {}, headers=self.headers(actor))
        assert response.status_code == status, response.text
        return _checked(json.loads(response.data), schema)


def _checked(body: Any, schema: Schema | None) -> Any:
    if schema is not None:
        assert schema.validate(body) == {}
        unknown = body.keys() - {field.data_key or name for name, field in schema.fields.items()}
        assert not unknown, f"not described: {unknown}"
    return body
