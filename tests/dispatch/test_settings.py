"""Settings come from the environment, and what is wrong is said with how to mend it, all at once."""

import secrets
import stat

import pytest

from dispatch.db import make_engine
from dispatch.errors import SettingsError
from dispatch.settings import Settings


def test_an_empty_environment_has_defaults(tmp_path, monkeypatch):
    """Data lives in ./var, in a SQLite file."""
    monkeypatch.chdir(tmp_path)
    settings = Settings.from_env({})
    assert settings.home == tmp_path / "var"
    assert settings.database_url == f"sqlite:///{tmp_path}/var/wrenchtime.sqlite3"


def test_the_secret_key_is_made_once_and_only_its_owner_may_read_it(tmp_path):
    """Sessions survive a restart; other users of the machine cannot forge them."""
    first = Settings.from_env({"WRENCHTIME_HOME": str(tmp_path)}).secret_key
    second = Settings.from_env({"WRENCHTIME_HOME": str(tmp_path)}).secret_key
    assert first == second
    assert len(first) == 64
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_a_process_that_starts_while_another_makes_the_secret_key_shares_it_whole(tmp_path, monkeypatch):
    """The second starts in the middle of the first one's start."""
    keys, make_key = [], secrets.token_hex

    def make_key_slowly(size):
        monkeypatch.setattr(secrets, "token_hex", make_key)
        keys.append(Settings.from_env({"WRENCHTIME_HOME": str(tmp_path)}).secret_key)
        return make_key(size)

    monkeypatch.setattr(secrets, "token_hex", make_key_slowly)
    keys.append(Settings.from_env({"WRENCHTIME_HOME": str(tmp_path)}).secret_key)
    assert keys[0] == keys[1]
    assert [file.name for file in tmp_path.iterdir()] == ["secret_key"]


def test_a_secret_key_from_the_environment_is_not_written_down(tmp_path):
    """Whoever sets it keeps it elsewhere."""
    key = "a key of thirty-two characters or more"
    assert Settings.from_env({"WRENCHTIME_HOME": str(tmp_path), "SECRET_KEY": key}).secret_key == key
    assert not (tmp_path / "secret_key").exists()


def test_an_emptied_secret_key_is_refused(tmp_path):
    """An empty key would let anybody sign in as anybody."""
    (tmp_path / "secret_key").write_text("\n")
    with pytest.raises(SettingsError, match="Delete the file"):
        Settings.from_env({"WRENCHTIME_HOME": str(tmp_path)})


@pytest.mark.parametrize("weak", ["secret", "0" * 64, "abc" * 20])
def test_a_secret_key_that_can_be_guessed_is_refused(tmp_path, weak):
    """In the demo too: it makes a good one by itself."""
    with pytest.raises(SettingsError, match="SECRET_KEY is too easy to guess"):
        Settings.from_env({"WRENCHTIME_HOME": str(tmp_path), "SECRET_KEY": weak})


@pytest.mark.parametrize("short", ["postgres://u@h/n", "postgresql://u@h/n"])
def test_the_usual_spellings_of_a_postgresql_url_work(tmp_path, short):
    """Hosting services hand them out."""
    environment = {"WRENCHTIME_HOME": str(tmp_path), "DATABASE_URL": short}
    assert Settings.from_env(environment).database_url == "postgresql+psycopg://u@h/n"


def test_all_wrong_settings_are_told_at_once(tmp_path):
    """Each with what would be right."""
    wrong = {"NIGHTLY_PLAN_AT": "late", "REPLAN_EVERY_S": "1", "PLAN_HORIZON_DAYS": "x", "PLAN_TIME_LIMIT_S": "0"}
    with pytest.raises(SettingsError) as refused:
        Settings.from_env({"WRENCHTIME_HOME": str(tmp_path), **wrong})
    assert all(name in str(refused.value) for name in wrong)


@pytest.mark.parametrize("url", ["nonsense", "sqlite://", "mysql://h/n"])
def test_a_database_that_cannot_be_used_is_refused_in_words(url):
    """Before anything else goes wrong because of it."""
    with pytest.raises(SettingsError):
        make_engine(url)


def test_a_telephone_that_nobody_can_dial_is_refused(tmp_path):
    home = {"WRENCHTIME_HOME": str(tmp_path)}
    assert Settings.from_env(home | {"COMPANY_PHONE": " +56 51 221 0000 "}).company_phone == "+56 51 221 0000"
    with pytest.raises(SettingsError, match="COMPANY_PHONE: 'call Ana' is no telephone number"):
        Settings.from_env(home | {"COMPANY_PHONE": "call Ana"})


def test_a_company_gives_its_name_and_the_zone_of_its_head_office(tmp_path):
    """Nothing is said of either where nothing is set."""
    home = {"WRENCHTIME_HOME": str(tmp_path)}
    given = {"COMPANY_NAME": "  Lifts\n& Co ", "COMPANY_ZONE": " America/Santiago "}
    named, unnamed = Settings.from_env(home | given), Settings.from_env(home)
    assert (named.company_name, named.company_zone) == ("Lifts & Co", "America/Santiago")
    assert (unnamed.company_name, unnamed.company_zone) == ("", None)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", "UTC+3"])
def test_a_zone_that_is_none_is_refused(tmp_path, zone):
    with pytest.raises(SettingsError, match=r"COMPANY_ZONE is '.*'; give an IANA name such as America/Santiago"):
        Settings.from_env({"WRENCHTIME_HOME": str(tmp_path), "COMPANY_ZONE": zone})


def test_a_language_that_nobody_has_written_is_refused(tmp_path):
    """English where nothing is said."""
    home = {"WRENCHTIME_HOME": str(tmp_path)}
    given = ({}, {"COMPANY_LANGUAGE": "es"})
    assert [Settings.from_env(home | one).company_language for one in given] == ["en", "es"]
    with pytest.raises(SettingsError, match="COMPANY_LANGUAGE is 'fr'; give one of: en, es"):
        Settings.from_env(home | {"COMPANY_LANGUAGE": "fr"})
