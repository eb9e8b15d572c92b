"""All settings of a process, read once from the environment into one frozen object.

Every name in the environment carries the prefix ``SHILIU_``; this is the only module that reads it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from os import environ
from typing import Any, Self, get_type_hints
from urllib.parse import urlsplit

from chassis.post_settings import PostSettings, check_posts
from chassis.robot_settings import RobotSettings, check_robots
from chassis.secrets import NO_SECRET, Secret, SettingsError, require_strong_password, with_files
from chassis.webhook_settings import WebhookSettings

PREFIX = "SHILIU_"
LONGEST_DAYS = 36_525
"""Of any period: a hundred years, before which there was nobody to forget."""
PRODUCTION = "production"
_SWITCH = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}

__all__ = ["NO_SECRET", "PREFIX", "PRODUCTION", "Secret", "Settings", "SettingsError"]


@dataclass(frozen=True, kw_only=True)
class Settings(PostSettings, RobotSettings, WebhookSettings):
    """What one process needs to know. Durations are seconds of real time unless said otherwise."""

    amqp_url: str = "amqp://shiliu@127.0.0.1:5673/shiliu"
    """The password belongs into it; there is none that would be known beforehand."""
    mongo_url: str = "mongodb://127.0.0.1:27018/?replicaSet=shiliu"
    db_prefix: str = ""
    """Put before each service's database name; a parallel test worker has its own."""
    environment: str = "development"
    """``production`` refuses weak broker passwords and tells no one-time code at the console."""

    http_host: str = "127.0.0.1"
    http_port: int = 8700
    public_url: str = ""
    """Where people reach this installation (https://shiliu.example.org): printed as a QR code on what is checked by
    scanning. Empty: none is printed."""
    http_concurrency: int = 200
    """Requests in work at once (streams apart); one more is answered 503."""
    http_stop_grace: float = 10.0
    http_body_limit: int = 1_048_576
    """Bytes of one request's body; where files are sent (Parts.uploads) http_upload_limit. One more: 413, unread."""
    http_upload_limit: int = 10_485_760
    http_body_budget: int = 67_108_864
    """Bytes of bodies that are on their way or in work at once; what would be more is answered 503, unread."""
    http_head_seconds: float = 30.0
    """How long a request's head may take; also how long one read or write may, and an idle connection stays."""
    http_body_seconds: float = 15.0
    http_body_rate: float = 20_480.0
    """A body, or an answer, may take http_body_seconds, and as long as it takes at so many bytes a second."""
    http_untaken_per_address: int = 8_388_608
    """Bytes of answers that one address asked for and has not read yet; from there on it is answered 429."""
    http_connections_per_address: int = 512
    """Of one peer that is no trusted proxy; a whole neighbourhood may share an address."""
    http_streams: int = 4_000
    """Streams and waiting polls of one gateway process."""
    http_streams_per_address: int = 256
    http_streams_per_account: int = 20
    trusted_proxies: tuple[str, ...] = ()
    """Networks (10.0.0.0/8, ::1) whose X-Forwarded-For says from where a request comes; nobody else's is believed."""
    unlimited_addresses: tuple[str, ...] = ()
    """Networks that no limit per address and no rate holds for: where a load test runs, for example."""
    cors_origins: tuple[str, ...] = ()
    """Web pages of these origins (https://pages.example.org) may use the API; empty: none but our own."""
    rate_account: str = "read=1200/60 write=300/60 upload=60/60 stream=120/60 similar=60/600 places=4/86400"
    """What one account may ask for: class=requests/seconds of each route class; "off": without limits."""
    rate_address: str = "read=12000/60 write=3000/60 upload=600/60 stream=1200/60 sign_in=60/60 similar=600/600"
    """What may come from one address (an IPv6 network of 64 bits), signed in or not."""
    rate_share_interval: float = 1.0
    """Between two exchanges of the counts with the other instances."""
    ops_port: int = 0
    """Health, readiness and metrics of this process; 0 opens none."""

    rpc_timeout: float = 5.0
    rpc_workers: int = 40
    inbox_prefetch: int = 200
    inbox_batch: int = 50
    retry_delays: tuple[float, ...] = (2.0, 15.0, 120.0)
    depth_interval: float = 5.0
    """Between two looks at how much lies in the service's queues."""
    inbox_alarm: int = 10_000
    retry_alarm: int = 1_000
    """Messages in the inbox, or in one retry queue, beyond which a warning says so."""
    confirm_timeout: float = 5.0
    sweep_interval: float = 3.0
    lease_ttl: float = 10.0
    due_interval: float = 0.2
    match_tick: float = 1.0
    """Between two ticks of the dispatcher, which finds people for all waiting orders of a community together; 0: they
    are found at once, in the write that wants them, and no dispatcher is needed. Emergencies never wait."""
    match_most: int = 200
    """Orders of one community that a tick looks at together; the oldest and most urgent first."""
    stop_grace: float = 20.0
    outbox_bound: int = 200
    """Events that may wait in one document's outbox; a change beyond is refused with 503."""
    backlog_bound: int = 10_000
    """Documents of one service with events that are not out, past which its new commands are refused with 503."""

    clock_origin: str = ""
    """Business time at the stack's start, ISO 8601 with zone; empty: real time."""
    clock_started: str = ""
    """Real time at which business time was clock_origin."""
    clock_speed: float = 1.0

    master_key: Secret = NO_SECRET
    """32 random bytes in base64: wraps the key of each person. Needed by the services that hold vaults."""
    master_keys_retired: tuple[Secret, ...] = ()
    """Other master keys, with commas between: they only unwrap, and read what an older version sealed."""
    token_key: Secret = NO_SECRET
    """Signs access tokens and command ids."""
    token_minutes: float = 15.0
    """How long an access token is good."""
    refresh_days: float = 30.0
    """A session that nobody used for so long has ended."""
    session_days: float = 180.0
    """How long a session lasts at most, however much it is used."""
    refresh_grace: float = 10.0
    """For so long a refresh token that was just used gives the same successor again: the first answer may be lost."""
    revocation_interval: float = 1.0
    """How often a gateway looks for sessions that were ended at another: so long can an ended one still be used."""
    cookie_secure: bool = True
    """Cookies go over HTTPS only (browsers take localhost for safe)."""
    code_minutes: float = 5.0
    """How long a one-time code is good."""
    codes_per_day: int = 20
    """One-time codes that are sent to one account within a day, to addresses it never signed in from."""
    argon2_time_cost: int = 3
    argon2_memory_kib: int = 65_536

    picture_pixels: int = 40_000_000
    """The most that is decoded of a JPEG, and two fifths of it of other pictures; 360 MB at worst, one at a time."""
    picture_side: int = 2_048
    """Longest side of what is kept of a picture, in pixels."""
    picture_small_side: int = 320
    pictures_of_order: int = 20
    pictures_of_requester: int = 6
    """Of these, what who ordered may add."""

    hours_unended_minutes: float = 240.0
    """Business time that counts at most for somebody who checked in and never out, until their order was done."""
    hours_stars: tuple[float, ...] = (100, 300, 600, 1000, 1500)
    """Hours at which a volunteer has one star, two and so on; source: 民函〔2012〕340号 (志愿服务记录办法). What
    followed it, 民政部令第67号, names no hours: an installation may set its own."""

    erasure_log: str = ""
    """The file that keeps who was erased, apart from the databases and their backups; empty: in the stack's folder.

    A service that is given it does not serve while its database knows nothing of one of them."""
    retention_interval: float = 300.0
    """Between two looks for what is kept too long."""
    retention_address_days: float = 30.0
    """Exact place and a served person's phone and address, after the (last) order is over. Days of all periods are
    those of the clock that wrote the times: business time for orders, real time for logs."""
    retention_words_days: float = 180.0
    """What was typed about an order, and the name of a person served, after the (last) order is over."""
    retention_reporter_days: float = 365.0
    """Who made a complaint, after it ended."""
    retention_harm_days: float = 1_096.0
    """What a report of suspected harm says and who made it, after it was closed: three years."""
    retention_pictures_days: float = 90.0
    retention_uploads_days: float = 1.0
    """What an upload of a picture left behind that broke off."""
    retention_messages_days: float = 180.0
    retention_stream_days: float = 30.0
    retention_reveals_days: float = 1_096.0
    """Who has seen what is private: three years."""
    retention_operator_log_days: float = 1_096.0

    upstreams: tuple[str, ...] = ()
    """Where results go back to: ``12345=https://hotline.example.org/results`` for each system that passes orders on."""
    upstream_secrets: tuple[Secret, ...] = ()
    """``12345=secret`` for each: signs what is sent there."""
    upstream_retry_delays: tuple[float, ...] = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
    """Before each further try, with a fifth more or less; after the last it stands on the reconciliation list."""
    upstream_timeout: float = 15.0
    upstream_interval: float = 1.0
    """Between two looks for what is to be sent."""

    outgoing_loopback: bool = False
    """For development alone: what people have sent to addresses of theirs (webhooks, robots) may go to this machine."""
    family_week: str = "7 18:00"
    """Day of the week (1: Monday) and time there, at which delegates are told of the card of that week."""
    slip_hours: float = 24.0
    """Business time in which a print slip has to reach whom it is for; then staff are told, once."""
    slip_urgent_hours: float = 2.0
    """The same of what is urgent."""

    match_weights: tuple[str, ...] = ()
    """What weighs how much when whom to ask is chosen: ``recent=30,hand=120`` (services/volunteers/domain/costs.py)."""

    log_level: str = "INFO"
    access_log: bool = True
    """One line of every answer over HTTP: by which account's id, for which kind of thing, how it ended."""
    log_format: str = "json"
    """json, or text for a person at a terminal."""
    instance: str = "1"
    """Tells instances of one service apart in logs and leases."""

    @classmethod
    def from_env(cls, env: Mapping[str, str] = environ, **overrides: Any) -> Self:
        """Read the settings from *env*; raises SettingsError naming the variable that is wrong.

        What is long or secret may lie in a file: ``SHILIU_TOKEN_KEY_FILE`` names it.
        """
        hints = get_type_hints(cls)
        known = {PREFIX + field.name.upper(): field.name for field in fields(cls)}
        env = with_files(env, known)
        values = {
            name: _parse(variable, env[variable], hints[name]) for variable, name in known.items() if variable in env
        }
        settings = replace(cls(**values), **overrides)
        _check_url("SHILIU_AMQP_URL", settings.amqp_url, ("amqp", "amqps"))
        _check_url("SHILIU_MONGO_URL", settings.mongo_url, ("mongodb", "mongodb+srv"))
        if settings.public_url:
            _check_url("SHILIU_PUBLIC_URL", settings.public_url, ("https", "http"))
        _check_periods(settings)
        _check_upstreams(settings)
        check_robots(settings, production=settings.environment == PRODUCTION)
        check_posts(settings, production=settings.environment == PRODUCTION)
        if settings.environment == PRODUCTION:
            require_strong_password("SHILIU_AMQP_URL", settings.amqp_url)
            if settings.outgoing_loopback:
                raise SettingsError("SHILIU_OUTGOING_LOOPBACK:只能用于开发环境 / is for development alone")
        return settings

    @staticmethod
    def by_system(pairs: Sequence[str]) -> dict[str, str]:
        """``12345=value`` for each system, as a table."""
        return {system: value for system, _, value in (pair.partition("=") for pair in pairs)}

    def to_env(self) -> dict[str, str]:
        """The environment that gives these settings to a child process."""
        return {
            PREFIX + field.name.upper(): _print(getattr(self, field.name))
            for field in fields(self)
            if getattr(self, field.name) != field.default
        }


def _parse(variable: str, text: str, kind: Any) -> Any:
    try:
        if kind is bool:
            return _SWITCH[text.strip().lower()]
        if kind in (int, float):
            return kind(text)
        if kind == tuple[float, ...]:
            return tuple(float(part) for part in text.split(","))
        if kind == tuple[Secret, ...]:
            return tuple(Secret(part.strip()) for part in text.split(",") if part.strip())
        if kind == tuple[str, ...]:
            return tuple(part.strip() for part in text.split(",") if part.strip())
    except ValueError:
        raise SettingsError(f"{variable}={text!r}:要写数字 / a number is needed") from None
    except KeyError:
        raise SettingsError(f"{variable}={text!r}:要写 true 或 false / it has to be true or false") from None
    return kind(text)


def _print(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _check_url(variable: str, url: str, schemes: tuple[str, ...]) -> None:
    parts = urlsplit(url)
    if parts.scheme not in schemes or not parts.hostname:
        looks = f"{schemes[0]}://host:port/name"
        raise SettingsError(
            f"{variable} 不是可用的地址,要像 {looks} / is not a usable address: it has to look like that"
        )


def _check_upstreams(settings: Settings) -> None:
    """Each has an address and a secret; over a network they are spoken to by TLS alone."""
    secrets = settings.by_system(settings.upstream_secrets)
    for system, url in settings.by_system(settings.upstreams).items():
        _check_url("SHILIU_UPSTREAMS", url, ("https", "http"))
        parts = urlsplit(url)
        if settings.environment == PRODUCTION and parts.scheme != "https":
            raise SettingsError("SHILIU_UPSTREAMS:正式环境只能用 https / in production https alone")
        if not secrets.get(system):
            raise SettingsError(f"SHILIU_UPSTREAM_SECRETS:缺少 {system} 的密钥 / the secret of {system} is missing")


def _check_periods(settings: Settings) -> None:
    for field in fields(settings):
        if field.name.startswith("retention_") and not 0 < getattr(settings, field.name) <= LONGEST_DAYS:
            variable, value = PREFIX + field.name.upper(), getattr(settings, field.name)
            needed = (
                f"要大于 0、至多 {LONGEST_DAYS},不能永久保留 / above 0 and at most {LONGEST_DAYS}, nothing for ever"
            )
            raise SettingsError(f"{variable}={value}:{needed}")
