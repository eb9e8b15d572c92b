"""Secrets: from the environment or a file, never weak, never shown."""

import secrets
from pathlib import Path

import pytest

from chassis.secrets import require_strong_key
from chassis.settings import Settings, SettingsError


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "token-key"
    path.write_text("a secret that lies in a file\n")
    assert Settings.from_env({"SHILIU_TOKEN_KEY_FILE": str(path)}).token_key == "a secret that lies in a file"


def test_two_sources_of_one_secret_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "token-key"
    path.write_text("one")
    with pytest.raises(SettingsError, match="SHILIU_TOKEN_KEY_FILE") as refusal:
        Settings.from_env({"SHILIU_TOKEN_KEY_FILE": str(path), "SHILIU_TOKEN_KEY": "another"})
    assert "another" not in str(refusal.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="SHILIU_MASTER_KEY_FILE"):
        Settings.from_env({"SHILIU_MASTER_KEY_FILE": str(tmp_path / "nothing")})


def test_the_defaults_hold_no_password() -> None:
    settings = Settings()
    assert "@" in settings.amqp_url
    assert ":" not in settings.amqp_url.partition("//")[2].partition("@")[0]
    assert (settings.master_key, settings.token_key) == ("", "")


@pytest.mark.parametrize(
    "key",
    [
        "",
        "changeme",
        "a" * 64,
        "abcabcabc" * 8,
        "0123456789abcdef",
        "12345678901234567890123456789012",
        "abcdefghijklmnopqrstuvwxyz0123456789",
        "9876543210zyxwvutsrqponmlkjihgfedcba",
        "Passw0rd!x" * 4,
    ],
)
def test_a_key_that_could_be_guessed_is_refused_and_not_shown(key: str) -> None:
    with pytest.raises(SettingsError, match="SHILIU_TOKEN_KEY") as refusal:
        require_strong_key("SHILIU_TOKEN_KEY", key)
    assert not key or key not in str(refusal.value)


def test_keys_that_were_drawn_are_taken() -> None:
    for _ in range(200):
        require_strong_key("SHILIU_TOKEN_KEY", secrets.token_urlsafe(32))
        require_strong_key("SHILIU_TOKEN_KEY", secrets.token_hex(32))


@pytest.mark.parametrize(
    "login",
    ["", "shiliu@", "shiliu:shiliu@", "guest:guest@", "shiliu:short@", "shiliu:shiliushiliu@", "shiliu:123456789012@"],
)
def test_production_refuses_weak_broker_passwords(login: str) -> None:
    env = {"SHILIU_ENVIRONMENT": "production", "SHILIU_AMQP_URL": f"amqp://{login}broker:5672/shiliu"}
    with pytest.raises(SettingsError, match="SHILIU_AMQP_URL"):
        Settings.from_env(env)
    env["SHILIU_AMQP_URL"] = "amqp://shiliu:kq0Vb2xQw8a9@broker:5672/shiliu"
    assert Settings.from_env(env).environment == "production"


@pytest.mark.parametrize(("text", "value"), [("true", True), ("False", False), ("0", False), ("1", True)])
def test_switches_are_read_by_their_meaning(text: str, value: bool) -> None:
    assert Settings.from_env({"SHILIU_COOKIE_SECURE": text}).cookie_secure is value


def test_a_switch_that_is_neither_is_refused() -> None:
    with pytest.raises(SettingsError, match="SHILIU_COOKIE_SECURE"):
        Settings.from_env({"SHILIU_COOKIE_SECURE": "maybe"})
