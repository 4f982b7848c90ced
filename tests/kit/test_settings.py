"""Settings come from the environment, and only a secret is kept."""

import stat
from multiprocessing.pool import ThreadPool
from pathlib import Path

import pytest

from tracker.kit.settings import Settings, kept_secret


def settings(tmp_path: Path, **environment: str) -> Settings:
    return Settings.from_env({"RECTIFY_DATA": str(tmp_path / "data"), **environment})


def test_without_any_setting_everything_lives_in_the_data_folder(tmp_path: Path) -> None:
    found = settings(tmp_path, PORT="8123")
    data = tmp_path / "data"
    assert found.database_url == f"sqlite:///{data}/rectify.db"
    assert found.queue_url == f"sqlite:///{data}/queue.db"
    assert found.public_url == "http://127.0.0.1:8123"
    assert (found.smtp_url, found.now, found.secure_cookies, found.trusted_proxies) == ("", "", False, 0)


def test_cookies_are_secure_wherever_the_address_is_https(tmp_path: Path) -> None:
    assert settings(tmp_path, RECTIFY_PUBLIC_URL="https://zg.example.cn/").secure_cookies
    assert settings(tmp_path, RECTIFY_PUBLIC_URL="https://zg.example.cn/").public_url == "https://zg.example.cn"
    assert not settings(tmp_path, RECTIFY_PUBLIC_URL="https://x.cn", RECTIFY_SECURE_COOKIES="0").secure_cookies


def test_the_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    first, second = settings(tmp_path), settings(tmp_path)
    file = tmp_path / "data" / "secret-key"
    assert first.secret_key == second.secret_key == file.read_text()
    assert len(first.secret_key) >= 64
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(path.name for path in file.parent.iterdir()) == ["secret-key"]


def test_processes_that_start_at_once_agree_on_one_whole_secret(tmp_path: Path) -> None:
    for n in range(20):
        with ThreadPool(8) as pool:
            found = set(pool.map(kept_secret, [tmp_path / f"secret-{n}"] * 8))
        assert [len(secret) for secret in found] == [64]


@pytest.mark.parametrize(
    "wrong",
    [
        {"RECTIFY_SCAN_MODE": "on"},
        {"RECTIFY_SCAN_MODE": "require"},
        {"RECTIFY_FILES_URL": "https://store.example.cn/b"},
    ],
)
def test_an_impossible_setting_stops_the_start_with_its_name(tmp_path: Path, wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        settings(tmp_path, **wrong)


def test_a_scanner_and_a_bucket_may_be_named(tmp_path: Path) -> None:
    named = {"RECTIFY_SCAN_MODE": "warn", "RECTIFY_CLAMD_URL": "tcp://av:3310", "RECTIFY_FILES_URL": "s3://files/a"}
    found = settings(tmp_path, **named)
    assert (found.scan_mode, found.clamd_url, found.files_url) == tuple(named.values())
