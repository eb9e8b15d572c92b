"""What a person reads beside a one-time code: what it is for, how long it is good, and that nobody may ask for it."""

from collections.abc import Mapping

from contracts.words import CodePurpose, Text

_PURPOSES: Mapping[CodePurpose, Text] = {
    CodePurpose.SIGN_IN: Text("登录", "signing in"),
    CodePurpose.ACTIVATE: Text("启用账号", "activating your account"),
    CodePurpose.RESET: Text("重设密码", "setting a new password"),
    CodePurpose.CONFIRM_EMAIL: Text("确认邮箱", "confirming your e-mail address"),
}
_TITLE = Text("验证码 {code}", "Code {code}")
_BODY = Text(
    "【石榴】验证码 {code},用于{purpose},{minutes} 分钟内有效。社区工作人员不会向您要验证码,请不要告诉任何人。",
    "[Shiliu] {code} is your code for {purpose}, good for {minutes} minutes. Nobody of the community will ever ask"
    " for it: tell it to nobody.",
)


def code_words(purpose: CodePurpose, locale: str, code: str, minutes: int) -> tuple[str, str]:
    """Title and body; an unknown locale is answered in zh-CN."""
    english = locale.partition("-")[0] == "en"
    values = {"code": code, "minutes": minutes}
    said = _PURPOSES[purpose]
    values["purpose"] = said.en if english else said.zh
    title, body = (_TITLE.en, _BODY.en) if english else (_TITLE.zh, _BODY.zh)
    return title.format(**values), body.format(**values)
