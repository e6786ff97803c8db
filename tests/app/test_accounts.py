"""Who may open the live page."""

import stat

import pytest
from cryptography.fernet import Fernet

from voicebot.app.accounts import SESSION_S, Accounts, open_accounts
from voicebot.errors import Faulty


@pytest.fixture
def opened(tmp_path):
    return open_accounts(tmp_path)


async def test_the_first_password_is_told_once_and_works_ever_after(opened, tmp_path):
    accounts, password = opened
    cookie = await accounts.log_in("secretariat", password, "10.0.0.1")
    again, told = open_accounts(tmp_path)
    assert told is None
    assert again.session(cookie).user == "secretariat"
    assert await again.log_in("secretariat", password, "10.0.0.1")


async def test_neither_a_wrong_password_nor_an_unknown_user(opened):
    accounts, password = opened
    assert await accounts.log_in("secretariat", "azerty", "10.0.0.1") is None
    assert await accounts.log_in("quelqu’un", password, "10.0.0.1") is None


def test_the_password_is_not_in_the_file_and_nobody_else_may_read_it(opened, tmp_path):
    [path] = tmp_path.iterdir()
    assert opened[1] not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_a_session_ends_after_a_working_day(opened):
    accounts, password = opened
    cookie = await accounts.log_in("secretariat", password, "10.0.0.1")
    started = accounts.now()
    accounts.now = lambda: started + SESSION_S - 60
    assert accounts.session(cookie)
    accounts.now = lambda: started + SESSION_S + 60
    assert accounts.session(cookie) is None


async def test_a_cookie_sealed_elsewhere_opens_nothing(opened):
    accounts, password = opened
    elsewhere = Accounts(accounts.hashes, Fernet(Fernet.generate_key()))
    cookie = await elsewhere.log_in("secretariat", password, "10.0.0.1")
    assert accounts.session(cookie) is None


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"users": {}, "seal": "x"}'])
def test_a_damaged_file_is_named_with_what_to_do(tmp_path, content):
    (tmp_path / "accounts.json").write_text(content)
    with pytest.raises(Faulty, match=r"accounts\.json.*delete it"):
        open_accounts(tmp_path)
