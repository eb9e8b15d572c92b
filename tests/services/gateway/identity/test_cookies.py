"""The refresh token in a cookie: out of reach of scripts, of other sites, and of their forms."""

from typing import Any

import pytest

from tests.services.gateway.identity.conftest import PASSWORD, Door

BODY = {"login": "lin", "password": PASSWORD, "cookie": True}


def cookies_of(door: Door) -> dict[str, str]:
    return {line.partition("=")[0]: line for line in door.last.headers.getlist("Set-Cookie")}


@pytest.fixture
def session(browser: Door, lin: str) -> Any:
    return browser.post("/sessions", BODY, base_url="https://shiliu.example")


def refresh(browser: Door, status: int = 201, **headers: str) -> Any:
    return browser.post("/sessions/refresh", {}, status, headers=headers, base_url="https://shiliu.example")


def test_the_cookie_is_for_no_script_and_no_other_site(browser: Door, session: Any) -> None:
    assert session["refresh_token"] is None
    cookie = cookies_of(browser)["shiliu_refresh"]
    for mark in ("HttpOnly", "Secure", "SameSite=Strict", "Path=/api/v1/sessions"):
        assert mark in cookie
    form = cookies_of(browser)["shiliu_csrf"]
    assert "HttpOnly" not in form
    assert "Secure" in form
    assert "SameSite=Strict" in form
    assert session["csrf_token"] in form


def test_it_refreshes_with_the_header_that_only_our_page_knows(browser: Door, session: Any) -> None:
    first = refresh(browser, **{"X-CSRF-Token": session["csrf_token"]})
    assert first["refresh_token"] is None
    refresh(browser, **{"X-CSRF-Token": first["csrf_token"], "Origin": "https://shiliu.example"})


@pytest.mark.parametrize(
    "headers",
    [{}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": "0" * 64}, {"X-CSRF-Token": "石榴".encode().decode("latin-1")}],
)
def test_without_it_nothing_is_done(browser: Door, session: Any, headers: dict[str, str]) -> None:
    assert refresh(browser, 403, **headers)["code"] == "csrf"
    refresh(browser, **{"X-CSRF-Token": session["csrf_token"]})


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "https://shiliu.example.evil.example", "null", "", "https://[", "https://shiliu.example℀"],
)
def test_a_page_of_somebody_else_is_refused_even_with_the_header(browser: Door, session: Any, origin: str) -> None:
    refresh(browser, 403, **{"X-CSRF-Token": session["csrf_token"], "Origin": origin})


def test_the_header_of_another_session_does_not_do(browser: Door, session: Any, lin: str) -> None:
    other = browser.desk.tokens.form_token("another session")
    refresh(browser, 403, **{"X-CSRF-Token": other})


def test_signing_out_takes_the_cookies_away(browser: Door, session: Any) -> None:
    browser.send("DELETE", "/sessions/current", 200, session["access_token"], base_url="https://shiliu.example")
    assert "Max-Age=0" in cookies_of(browser)["shiliu_refresh"]
    refresh(browser, 401)


def test_a_client_without_cookies_gets_none(door: Door, lin: str) -> None:
    assert door.sign_in()["refresh_token"]
    assert cookies_of(door) == {}
    assert door.post("/sessions/refresh", {}, 401)["code"] == "session-over"
