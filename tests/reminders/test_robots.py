"""Robots and webhook against a real server that checks their signatures by code of its own."""

import logging
import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.reminders.cases import free_port
from tests.reminders.robot_server import HOOK, KEY, SECRETS, TOKEN, robot_server
from tracker.kit.settings import Settings
from tracker.org.operations.reach import CALLED
from tracker.reminders.channels import web
from tracker.reminders.channels.port import Later, Letter, Line, Never
from tracker.reminders.channels.robots import LINES, ROBOTS
from tracker.reminders.channels.webhook import Webhook

WAYS = {channel.name: channel for channel in (*ROBOTS, Webhook())}
HIDDEN = (KEY, TOKEN, HOOK, *SECRETS.values())


@pytest.fixture(scope="module")
def robots():
    with robot_server() as robots:
        yield robots


@pytest.fixture(scope="module")
def settings(tmp_path_factory, robots):
    data = tmp_path_factory.mktemp("data")
    plain = Settings.from_env({"RECTIFY_DATA": str(data), "RECTIFY_PUBLIC_URL": "https://zg.example.cn"})
    return replace(plain, **robots.settings())


@pytest.fixture(autouse=True)
def empty(robots):
    for kept in (robots.taken, robots.keys, robots.answers, robots.moments):
        kept.clear()
    robots.hang = 0


def letter(n=1, count=1, **values):
    rows = tuple(
        Line(f"{k}号 内容", f"/assignments/T{k}", "2022年1月10日", "内容", f"阜政办公开改〔2021〕{k}号")
        for k in range(count)
    )
    usual = {
        "key": f"key-{n}",
        "day": date(2022, 1, 7),
        "person_name": f"王{n}",
        "address": f"wang{n}",
        "subject": "待办",
        "lines": rows,
        "office": "市政府办公室",
        "locale": "zh_Hans_CN",
        "at": datetime(2022, 1, 7, 1, tzinfo=UTC),
    }
    return Letter(**{**usual, **values})


@pytest.mark.parametrize("name", WAYS)
def test_a_letter_is_taken_with_its_signature_and_says_number_day_and_link_only(robots, settings, name):
    WAYS[name].send(letter(), settings)
    ((platform, body),) = robots.taken
    assert platform == name
    said = str(body)
    assert all(
        part in said for part in ("阜政办公开改〔2021〕0号", "2022年1月10日", "https://zg.example.cn/assignments/T0")
    )
    assert "wang1" in said
    assert ("内容" in said) == (name == "webhook")  # others listen in a group
    assert not [secret for secret in HIDDEN if secret in said]


@pytest.mark.parametrize("name", ["dingtalk", "feishu", "webhook"])
def test_a_wrong_secret_is_refused_for_good(settings, name):
    with pytest.raises(Never) as refused:
        WAYS[name].send(letter(), replace(settings, **{f"{name}_secret": "another"}))
    assert refused.value.reason in {
        "errcode 310000: sign not match",
        "code 19021: sign match fail or timestamp is not within one hour from current time",
        web.REFUSED,
    }


@pytest.mark.parametrize("robot", ROBOTS, ids=lambda robot: robot.name)
def test_many_peoples_letters_fit_into_one_message_and_never_more_than_the_platform_takes(robots, settings, robot):
    waiting = [letter(n, 12) for n in range(40)]
    count = robot.fitting(waiting, settings)
    assert 2 <= count <= robot.together
    robot.send_all(waiting[:count], settings)
    assert len(robots.taken) == 1
    said = str(robots.taken[0][1])
    assert [name for name in (f"王{n}" for n in range(40)) if re.search(rf"{name}\D", said)] == [
        f"王{n}" for n in range(count)
    ]
    assert "另有4件" in said
    assert said.count("/assignments/") == LINES * count


def test_wecom_calls_by_mobile_in_plain_text_and_by_account_in_markdown(robots, settings):
    robot = WAYS["wecom"]
    robot.send_all([letter(1, address="13904180001"), letter(2)], settings)
    robot.send(letter(3), settings)
    text, markdown = (body for _name, body in robots.taken)
    assert text["text"]["mentioned_mobile_list"] == ["13904180001"]
    assert text["text"]["mentioned_list"] == ["wang2"]
    assert "<@wang3>" in markdown["markdown"]["content"]


def test_a_letter_too_long_for_the_platform_shows_fewer_lines(robots, settings):
    rows = tuple(Line("", f"/assignments/T{n}", "2022年1月10日", number="很长的字号" * 30) for n in range(8))
    WAYS["wecom"].send(letter(lines=rows, address="13904180001"), settings)
    said = robots.taken[0][1]["text"]["content"]
    assert len(said.encode()) <= 2048
    assert (said.count("/assignments/"), "另有6件" in said or "另有4件" in said) == (said.count("\n") - 2, True)


def test_nobody_is_called_by_a_word_that_calls_the_whole_group():
    odd = ("all", "ALL", "everyone", "@all", "all\n", "a> <@all", "a](http://x.example)", "a|b", "")
    assert [word for word in odd if CALLED.fullmatch(word)] == []
    assert all(CALLED.fullmatch(word) for word in ("allen", "ou_4f2b", "13904180001", "w.li@example"))


def test_no_name_and_no_title_becomes_markup(robots, settings):
    WAYS["wecom"].send(letter(person_name="<@all>\n**", lines=(Line("", "/a", number="[x](http://evil)"),)), settings)
    said = robots.taken[0][1]["markdown"]["content"]
    assert "<@all>" not in said
    assert "](http://evil)" not in said
    assert said.splitlines()[1].endswith("<@wang1>")


CODES = [
    ("wecom", {"errcode": 45009, "errmsg": "api freq out of limit"}, Later),
    ("wecom", {"errcode": -1, "errmsg": "system busy"}, Later),
    ("wecom", {"errcode": 93000, "errmsg": f"invalid webhook url key={KEY}"}, Never),
    ("dingtalk", {"errcode": 130101, "errmsg": "send too fast"}, Later),
    ("dingtalk", {"errcode": 310000, "errmsg": "keywords not in content"}, Never),
    ("dingtalk", {"errcode": 999999, "errmsg": "a code of tomorrow"}, Later),
    ("feishu", {"code": 11232, "msg": "frequency limited"}, Later),
    ("feishu", {"code": 19024, "msg": f"Key Words Not Found {HOOK}"}, Never),
]


@pytest.mark.parametrize(("name", "answer", "end"), CODES)
def test_an_errcode_means_later_or_never(robots, settings, name, answer, end):
    robots.answers = [(200, answer)]
    with pytest.raises(end) as told:
        WAYS[name].send(letter(), settings)
    assert told.value.reason.startswith(f"{'code' if name == 'feishu' else 'errcode'} {next(iter(answer.values()))}: ")
    assert not [secret for secret in HIDDEN if secret in told.value.reason]


@pytest.mark.parametrize("name", ["wecom", "webhook"])
@pytest.mark.parametrize(
    ("status", "end", "reason"),
    [
        (500, Later, web.BUSY),
        (429, Later, web.BUSY),
        (404, Never, web.REFUSED),
        (302, Never, web.MOVED),
        (307, Never, web.MOVED),
    ],
)
def test_a_status_means_later_or_never_and_no_redirect_is_followed(robots, settings, name, status, end, reason):
    robots.answers = [(status, b"<html>")]
    with pytest.raises(end) as told:
        WAYS[name].send(letter(), settings)
    assert told.value.reason == reason
    assert (len(robots.moments), robots.taken) == (1, [])


def test_who_cannot_be_reached_stops_the_channel_and_who_does_not_answer_leaves_it_unsure(
    robots, settings, monkeypatch, caplog
):
    caplog.set_level(logging.DEBUG)
    nowhere = f"http://127.0.0.1:{free_port()}/robot/send?access_token={TOKEN}"
    with pytest.raises(Later) as told:
        WAYS["dingtalk"].send(letter(), replace(settings, dingtalk_url=nowhere))
    assert (told.value.reason, told.value.unreachable, told.value.unsure) == (web.UNREACHABLE, True, False)
    monkeypatch.setattr(web, "READ", 0.05)
    robots.hang, robots.answers = 0.2, [(200, {"errcode": 0})]
    with pytest.raises(Later) as told:
        WAYS["wecom"].send(letter(), settings)
    assert (told.value.reason, told.value.unreachable, told.value.unsure) == (web.NO_ANSWER, False, True)
    assert not [secret for secret in HIDDEN if secret in caplog.text]


def test_the_webhook_sends_each_letter_under_its_own_key(robots, settings):
    for n in (1, 2, 1):
        WAYS["webhook"].send(letter(n, address="contact-xihe"), settings)
    assert robots.keys == ["key-1", "key-2", "key-1"]
    body = robots.taken[0][1]
    assert (body["account"], body["key"], body["lines"][0]["due"]) == ("contact-xihe", "key-1", "2022年1月10日")


@pytest.mark.parametrize(
    "wrong",
    [
        {"RECTIFY_WECOM_URL": "qyapi.example/send?key=hidden"},
        {"RECTIFY_FEISHU_URL": "file:///etc/passwd"},
        {"RECTIFY_WEBHOOK_URL": "https://oa.example.cn/letters"},
    ],
)
def test_an_address_that_is_none_stops_the_start_and_is_not_repeated(tmp_path, wrong):
    (name, value), *_rest = wrong.items()
    with pytest.raises(ValueError, match=name) as refused:
        Settings.from_env({"RECTIFY_DATA": str(tmp_path), **wrong})
    assert value not in str(refused.value)
