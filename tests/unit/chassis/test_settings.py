"""Settings come from the environment once; what is wrong is named."""

from dataclasses import FrozenInstanceError, fields

import pytest

from chassis.settings import PREFIX, Secret, Settings, SettingsError


def test_an_empty_environment_gives_the_defaults() -> None:
    assert Settings.from_env({}) == Settings()


def test_values_are_parsed_by_their_kind() -> None:
    env = {
        "SHILIU_HTTP_PORT": "8710",
        "SHILIU_CLOCK_SPEED": "360",
        "SHILIU_RETRY_DELAYS": "0.1,0.5,2",
        "SHILIU_ENVIRONMENT": "test",
        "UNRELATED": "x",
    }
    settings = Settings.from_env(env)
    assert (settings.http_port, settings.clock_speed, settings.environment) == (8710, 360.0, "test")
    assert settings.retry_delays == (0.1, 0.5, 2.0)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SHILIU_HTTP_PORT", "eighty"),
        ("SHILIU_HTTP_PORT", "80.5"),
        ("SHILIU_RPC_TIMEOUT", ""),
        ("SHILIU_RETRY_DELAYS", "1,,2"),
        ("SHILIU_AMQP_URL", "http://localhost"),
        ("SHILIU_AMQP_URL", "localhost:5672"),
        ("SHILIU_MONGO_URL", "mongodb://"),
    ],
)
def test_what_is_wrong_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_env({name: value})


def test_names_come_as_a_list() -> None:
    settings = Settings.from_env({"SHILIU_TRUSTED_PROXIES": "10.0.0.0/8, ::1,"})
    assert settings.trusted_proxies == ("10.0.0.0/8", "::1")
    assert Settings.from_env(settings.to_env()) == settings


def test_a_child_process_gets_the_same_settings() -> None:
    settings = Settings(http_port=8711, retry_delays=(0.1, 0.2), db_prefix="t1_", token_key=Secret("k"))
    assert Settings.from_env(settings.to_env()) == settings
    assert set(settings.to_env()) == {
        "SHILIU_HTTP_PORT",
        "SHILIU_RETRY_DELAYS",
        "SHILIU_DB_PREFIX",
        "SHILIU_TOKEN_KEY",
    }


def test_secrets_do_not_show_themselves() -> None:
    told = {"SHILIU_MASTER_KEY": "do-not-show", "SHILIU_TOKEN_KEY": "nor-this"}
    settings = Settings.from_env({**told, "SHILIU_MASTER_KEYS_RETIRED": "nor-these, nor-those"})
    assert "do-not-show" not in repr(settings)
    assert "nor-this" not in f"{settings!r}"
    assert "nor-th" not in repr(settings)
    assert settings.master_key == "do-not-show"
    assert settings.master_keys_retired == ("nor-these", "nor-those")
    assert Settings.from_env(settings.to_env()) == settings


def test_settings_do_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().http_port = 1  # type: ignore[misc]


def test_every_setting_has_its_name_in_the_environment() -> None:
    lists = {
        field.name: ",".join(map(str, field.default)) for field in fields(Settings) if type(field.default) is tuple
    }
    everything = {PREFIX + field.name.upper(): lists.get(field.name, str(field.default)) for field in fields(Settings)}
    assert Settings.from_env(everything) == Settings()


@pytest.mark.parametrize("days", ["0", "-1", "nan", "inf", "1000000"])
def test_nothing_is_kept_for_ever(days: str) -> None:
    """A period of a million days would end before the calendar begins."""
    with pytest.raises(SettingsError, match="RETENTION_WORDS_DAYS"):
        Settings.from_env({"SHILIU_RETENTION_WORDS_DAYS": days})


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"SHILIU_UPSTREAMS": "12345=ftp://office"}, "SHILIU_UPSTREAMS"),
        ({"SHILIU_UPSTREAMS": "12345"}, "SHILIU_UPSTREAMS"),
        ({"SHILIU_UPSTREAMS": "12345=http://office/results"}, "secret of 12345 is missing"),
        (
            {
                "SHILIU_UPSTREAMS": "12345=http://office/results",
                "SHILIU_UPSTREAM_SECRETS": "12345=known-to-both",
                "SHILIU_ENVIRONMENT": "production",
            },
            "https",
        ),
    ],
)
def test_results_go_to_an_address_with_a_secret_and_in_production_by_tls_alone(told: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        Settings.from_env(told)


def test_each_upstream_system_has_its_own_address_and_secret() -> None:
    told = {"SHILIU_UPSTREAMS": "12345=https://a/r,board=https://b/r", "SHILIU_UPSTREAM_SECRETS": "12345=x=1,board=y"}
    settings = Settings.from_env(told)
    assert settings.by_system(settings.upstreams) == {"12345": "https://a/r", "board": "https://b/r"}
    assert settings.by_system(settings.upstream_secrets) == {"12345": "x=1", "board": "y"}
    assert Settings.from_env(settings.to_env()) == settings
    assert "x=1" not in repr(settings)


SMS = {
    "SHILIU_SMS_URL": "http://127.0.0.1:1",
    "SHILIU_SMS_KEY_ID": "id",
    "SHILIU_SMS_KEY_SECRET": "s",
    "SHILIU_SMS_SIGN_NAME": "石榴里",
    "SHILIU_SMS_TEMPLATES": "*=SMS_1/body",
}
MAIL = {"SHILIU_MAIL_URL": "smtp+plain://127.0.0.1:25", "SHILIU_MAIL_FROM": "a@b.example"}
WECHAT = {
    "SHILIU_WECHAT_URL": "http://127.0.0.1:1",
    "SHILIU_WECHAT_APP_ID": "wx1",
    "SHILIU_WECHAT_APP_SECRET": "s",
}


@pytest.mark.parametrize("post", [SMS, MAIL, WECHAT])
def test_a_post_is_set_up_whole_or_the_missing_part_is_named(post: dict[str, str]) -> None:
    assert Settings.from_env(post)
    for missing in list(post)[1:]:
        with pytest.raises(SettingsError, match=missing):
            Settings.from_env({name: value for name, value in post.items() if name != missing})


@pytest.mark.parametrize(
    ("post", "name"), [(SMS, "SHILIU_SMS_URL"), (MAIL, "SHILIU_MAIL_URL"), (WECHAT, "SHILIU_WECHAT_URL")]
)
def test_in_production_nothing_goes_out_that_others_could_read(post: dict[str, str], name: str) -> None:
    production = {"SHILIU_ENVIRONMENT": "production", "SHILIU_AMQP_URL": "amqp://shiliu:Tn8-wq-52-xv-91@b/shiliu"}
    with pytest.raises(SettingsError, match=name):
        Settings.from_env(post | production)


def test_a_key_of_callbacks_that_could_be_guessed_is_refused() -> None:
    with pytest.raises(SettingsError, match="SHILIU_SMS_CALLBACK_KEY"):
        Settings.from_env({"SHILIU_SMS_CALLBACK_KEY": "secret"})
