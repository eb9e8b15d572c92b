"""The signature ACS3-HMAC-SHA256 of Aliyun's OpenAPI (V3), made from its public description.

Source: 阿里云 SDK:V3版本请求体&签名机制, https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature
(the same text under document_detail/159972). Its worked example is one of our tests.
"""

import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import quote

ALGORITHM = "ACS3-HMAC-SHA256"


def canonical_query(parameters: Mapping[str, str]) -> str:
    """The query as it is signed and sent: sorted by name, encoded as RFC 3986 has it."""
    return "&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in sorted(parameters.items()))


def authorization(
    key_id: str, secret: str, method: str, query: str, headers: Mapping[str, str], body: bytes = b""
) -> str:
    """The header Authorization for a request to ``/``. *headers* (lower-case names) are all that are signed."""
    names = sorted(headers)
    signed = ";".join(names)
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in names)
    canonical = "\n".join((method, "/", query, lines, signed, hashlib.sha256(body).hexdigest()))
    to_sign = f"{ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    return f"{ALGORITHM} Credential={key_id},SignedHeaders={signed},Signature={signature}"


def _encoded(text: str) -> str:
    return quote(text, safe="-_.~")
