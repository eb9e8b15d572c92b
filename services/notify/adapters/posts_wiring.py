"""Puts the ways out to one person together: short messages, mail, WeChat; what comes back from them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import eventlet
import structlog

from chassis.address_filter import Trust
from chassis.clock import elapsed_seconds
from chassis.ids import derived_id
from chassis.metrics import SMS_REPLIES
from chassis.outgoing import Outgoing
from chassis.resources import Resources
from chassis.secrets import require_strong_key
from chassis.settings import PRODUCTION, Settings
from contracts.events import AnyReceived
from services.notify.adapters.account_budget import Counted, of_the_account
from services.notify.adapters.aliyun_answers import WAY as SMS
from services.notify.adapters.aliyun_answers import received
from services.notify.adapters.aliyun_sms import Access, AliyunSms, read_templates
from services.notify.adapters.budgets import BlindBudgets, MongoBudgets
from services.notify.adapters.console import ConsolePost
from services.notify.adapters.keyed import Keyed, blind, keyed_by
from services.notify.adapters.mail_post import WAY as MAIL
from services.notify.adapters.mail_post import MailPost, read_server
from services.notify.adapters.receipts import MongoReceipts
from services.notify.adapters.stop_mail import StopTokens, stop_page
from services.notify.adapters.told_offers import MongoToldOffers, RemembersOffers
from services.notify.adapters.trial_recipients import TrialPost
from services.notify.adapters.wechat_answers import WAY as WECHAT
from services.notify.adapters.wechat_consents import MongoConsents
from services.notify.adapters.wechat_post import WechatPost, read_subscribed
from services.notify.adapters.wechat_token import App, WechatToken
from services.notify.application.codes import TEMPLATE as CODE
from services.notify.application.consents import ConsentCommands
from services.notify.application.ports import Templates
from services.notify.application.receipts import TakeReceipts
from services.notify.application.replies import Replies
from services.notify.application.sending_ports import Budgets, Post, Receipts
from services.notify.domain.replies import TEMPLATES

CONNECT_SECONDS = 5.0


@dataclass(frozen=True)
class PostParts:
    """What the service needs of it. ``posts`` by way, ``at_once`` the same for what waits for no budget; ``follow``
    hears which offers are over.
    """

    posts: Mapping[str, Post]
    at_once: Mapping[str, Post]
    replies: Replies
    receipts: TakeReceipts
    consents: ConsentCommands
    stop: StopTokens
    follow: Callable[[Sequence[AnyReceived]], None]


def post_parts(resources: Resources, budgets: Budgets, templates: Templates) -> PostParts:
    """For the service; raises SettingsError where a post is set up and cannot work."""
    settings, db = resources.settings, resources.db
    if settings.sms_url or settings.wechat_url or settings.mail_url:
        require_strong_key("SHILIU_TOKEN_KEY", settings.token_key)
    keyed, hashed = keyed_by(settings.token_key), blind(resources.vault)
    told, receipts = MongoToldOffers(db, hashed), MongoReceipts(db)
    subscribed = read_subscribed(settings.wechat_templates)
    ledger = MongoConsents(db, hashed, settings.wechat_long_term)
    posts = _posts(resources, ledger, told, receipts, keyed)
    communities = settings.by_system(settings.sms_communities)
    at_once = _at_once(resources, posts)
    return PostParts(
        posts=posts,
        at_once=at_once,
        replies=Replies(
            told, resources.rpc, lambda: at_once.get(SMS), templates, budgets, communities, derived_id, _count
        ),
        receipts=TakeReceipts(receipts, received, {CODE, *TEMPLATES.values()}),
        consents=ConsentCommands(ledger, {one.id for one in subscribed.values()}, settings.wechat_long_term),
        stop=StopTokens(keyed),
        follow=told.follow,
    )


def _at_once(resources: Resources, posts: Mapping[str, Post]) -> Mapping[str, Post]:
    """Short messages are counted in the account's budgets, whatever they wait for."""
    limits = of_the_account(resources.settings)
    if SMS not in posts or not limits:
        return posts
    budgets = BlindBudgets(MongoBudgets(resources.db), resources.vault)
    return {**posts, SMS: Counted(posts[SMS], budgets, limits)}


def _posts(
    resources: Resources, ledger: MongoConsents, told: MongoToldOffers, receipts: Receipts, keyed: Keyed
) -> Mapping[str, Post]:
    """Those that are set up; in development the console stands in for the others."""
    settings = resources.settings
    made: dict[str, Post] = {}
    if settings.environment != PRODUCTION:
        console = structlog.get_logger("notify.console")
        for way in (SMS, MAIL, WECHAT):
            made[way] = ConsolePost(lambda line: console.info("console.message", line=line), way=way)
    http = Outgoing(Trust.OPERATOR, connect=CONNECT_SECONDS, read=settings.post_timeout, whole=settings.post_timeout)
    if settings.sms_url:
        made[SMS] = _sms(settings, http, lambda: _now(resources))
    if settings.mail_url:
        server = read_server(settings.mail_url, settings.mail_password, settings.mail_from)
        page = stop_page(settings.public_url, StopTokens(keyed))
        made[MAIL] = MailPost(server, settings.post_timeout, page, lambda: _now(resources))
    if settings.wechat_url:
        app = App(url=settings.wechat_url, id=settings.wechat_app_id, secret=settings.wechat_app_secret)
        token = WechatToken(http, app, elapsed_seconds)
        subscribed = read_subscribed(settings.wechat_templates)
        made[WECHAT] = WechatPost(http, app, token, ledger, subscribed, settings.wechat_page)
    if settings.test_recipients or settings.environment != PRODUCTION:
        made = {way: TrialPost(post, receipts, eventlet.spawn_after, eventlet.sleep) for way, post in made.items()}
    if SMS in made:
        made[SMS] = RemembersOffers(made[SMS], told.note)
    return made


def _sms(settings: Settings, http: Outgoing, now: Callable[[], datetime]) -> Post:
    access = Access(
        url=settings.sms_url,
        key_id=settings.sms_key_id,
        key_secret=settings.sms_key_secret,
        sign_name=settings.sms_sign_name,
    )
    return AliyunSms(http, access, read_templates(settings.sms_templates), now)


def _count(outcome: str) -> None:
    SMS_REPLIES.labels(outcome).inc()


def _now(resources: Resources) -> datetime:
    return datetime.fromtimestamp(resources.real.now(), UTC)
