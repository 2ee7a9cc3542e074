"""Settings: every fault is named at once, in words that tell what to write."""

from pathlib import Path

import pytest

from bot import settings
from bot.errors import SettingError


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in settings.Settings.model_fields:
        monkeypatch.delenv(f"STORYDESK_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)


def test_all_faults_are_named_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STORYDESK_SENDS_PER_SECOND", "fast")
    monkeypatch.setenv("STORYDESK_MEANING", "perhaps")
    monkeypatch.setenv("STORYDESK_LOG_LEVEL", "loud")
    monkeypatch.setenv("STORYDESK_TOKENN", "42:secret")
    monkeypatch.setenv("STORYDESK_PORT", "tcp://10.0.0.7:80")  # what surroundings set
    monkeypatch.setenv("STORYDESK_SERVICE_HOST", "10.0.0.7")
    (tmp_path / ".env").write_text("STORYDESK_OWNER=7\nOTHER=1\nSTORYDESK_TOKEN=oops\n")
    with pytest.raises(SettingError) as raised:
        settings.load()
    assert str(raised.value).splitlines() == [
        "The setting STORYDESK_TOKEN has the value (hidden): a token looks like 123456:ABC-DEF, "
        "as @BotFather gave it.",
        "The setting STORYDESK_SENDS_PER_SECOND has the value 'fast': write a whole number from 1 "
        "to 1000.",
        "The setting STORYDESK_MEANING has the value 'perhaps': write on or off.",
        "The setting STORYDESK_LOG_LEVEL has the value 'loud': write debug, info, warning or "
        "error.",
        "STORYDESK_OWNER is no setting: did you mean STORYDESK_OWNERS?",
        "STORYDESK_TOKENN is no setting: did you mean STORYDESK_TOKEN?",
    ]


def test_it_is_told_where_a_value_comes_from(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("STORYDESK_KEEP_DAYS", "9")
    (tmp_path / ".env").write_text("STORYDESK_MEANING=off\n")
    assert settings.load().meaning is False
    assert [settings.origin(name) for name in ("keep_days", "meaning", "token")] == [
        "from the environment",
        "from .env",
        "the default",
    ]


def test_what_may_be_a_secret_is_not_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STORYDESK_OWNERS", "123456:ABC-DEF")  # pasted into the wrong one
    monkeypatch.setenv("STORYDESK_PROXY", "ftp://ada:secret@proxy.example")
    with pytest.raises(SettingError) as raised:
        settings.load()
    assert "ABC-DEF" not in str(raised.value)
    assert "secret" not in str(raised.value)
    assert "'ftp://(hidden)@proxy.example'" in str(raised.value)


@pytest.mark.parametrize(
    ("mode", "content", "is_said"),
    [
        (0o600, "STORYDESK_TOKEN=123456:ABC-DEF", False),
        (0o644, "STORYDESK_TOKEN=123456:ABC-DEF", True),
        (0o640, "STORYDESK_PROXY=http://ada:secret@proxy.example", True),
        (0o644, "STORYDESK_TOKEN=", False),
        (0o644, "STORYDESK_MEANING=off", False),
    ],
)
def test_a_file_that_others_may_read_is_named_with_what_mends_it(
    tmp_path: Path, mode: int, content: str, *, is_said: bool
) -> None:
    file = tmp_path / "my.env"
    file.write_text(content)
    file.chmod(mode)
    said = settings.exposed(file)
    assert said == (
        f"Others on this machine may read {file}, which holds a secret: chmod 600 {file}"
        if is_said
        else None
    )


def test_a_file_that_everybody_may_write_is_refused(tmp_path: Path) -> None:
    assert settings.exposed(tmp_path / "none.env") is None
    file = tmp_path / "my.env"
    file.write_text("")
    file.chmod(0o666)
    with pytest.raises(SettingError, match=f"with it run the desk: chmod 600 {file}"):
        settings.exposed(file)
