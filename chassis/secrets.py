"""Where secrets come from, and which are too weak to keep anything: the environment or a file, never a default."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

FILE = "_FILE"
KEY_BYTES = 32
"""What HS256 asks of its key (RFC 7518, section 3.2)."""
DIFFERENT = 10
"""Characters of which a key holds at least so many different ones: what was typed by leaning on a key holds fewer."""
PASSWORD_CHARACTERS = 12
LARGEST_FILE = 65_536


class Secret(str):
    """Text that does not show itself when printed, logged or put in an error."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret('***')"


NO_SECRET = Secret("")


class SettingsError(Exception):
    """A setting cannot be used; the message names it and says in both languages what would be right.

    The value of a secret is never in it.
    """


def with_files(env: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    """*env* with what the files hold that it names: ``<NAME>_FILE`` gives ``<NAME>`` (without its last line's end).

    Raises SettingsError when both are given, or when the file cannot be read.
    """
    found = dict(env)
    for name in names:
        path = env.get(name + FILE)
        if not path:
            continue
        if env.get(name):
            raise SettingsError(f"{name} 和 {name}{FILE} 都设置了,请只留一个 / are both set: which of them counts?")
        found[name] = _read(name + FILE, path)
    return found


def require_strong_key(variable: str, key: str) -> None:
    """Raises SettingsError where *key* is missing, short, or plainly could be guessed."""
    if len(key.encode()) < KEY_BYTES or len(set(key)) < DIFFERENT or _follows_a_pattern(key):
        raise SettingsError(
            f"{variable} 至少要 {KEY_BYTES} 个字节,而且猜不到 / needs at least {KEY_BYTES} bytes that nobody can guess"
            " (python -c 'import secrets; print(secrets.token_urlsafe(32))')"
        )


def require_strong_password(variable: str, url: str) -> None:
    """Raises SettingsError where the password in *url* is missing, short, a pattern, or the user's own name."""
    parts = urlsplit(url)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if len(password) < PASSWORD_CHARACTERS or password == user or _follows_a_pattern(password):
        raise SettingsError(
            f"{variable} 里的密码至少要 {PASSWORD_CHARACTERS} 个字符,不能是用户名,不能重复或连号"
            f" / needs a password of at least {PASSWORD_CHARACTERS} characters that is not the user's name"
            " and neither repeats itself nor counts up or down"
        )


def _follows_a_pattern(text: str) -> bool:
    """Does it repeat a short piece (``12345678901234567890``), or count up or down (``abcdefgh...``)?"""
    repeats = any(text == (text[:size] * len(text))[: len(text)] for size in range(1, len(text) // 2 + 1))
    in_order = sum(abs(ord(one) - ord(next_one)) <= 1 for one, next_one in pairwise(text))
    return repeats or in_order * 2 > len(text)


def _read(variable: str, path: str) -> str:
    try:
        with Path(path).open(encoding="utf-8") as file:
            text = file.read(LARGEST_FILE)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{variable} 写的文件 {path} 读不了 / names {path}, which cannot be read: {type(error).__name__}"
        ) from None
    return text.rstrip("\r\n")
