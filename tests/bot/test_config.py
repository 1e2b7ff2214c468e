"""Settings: read from file and environment; a wrong one is told with key, value and remedy."""

from pathlib import Path

import pytest

from bot import config
from bot.config import ConfigError
from bot.settings import Config


def load(tmp_path: Path, text: str = "", **environment: str) -> Config:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    return config.load({"MOTCUA_CONFIG": str(path), **environment})


def test_the_shipped_file_is_sound_and_names_every_setting() -> None:
    settings = config.load({})
    assert settings.unit.name == "xã Trung Dũng"
    assert settings.unit.address == ""
    shipped = Path("config.toml").read_text(encoding="utf-8")
    for section in (
        "unit",
        "web",
        "database",
        "files",
        "telegram",
        "zalo_bot",
        "zalo_oa",
        "privacy",
        "cases",
        "console",
        "backup",
    ):
        for name, declared in getattr(settings, section).__dataclass_fields__.items():
            assert declared.metadata["secret"] or f"\n{name} = " in shipped, f"{section}.{name}"


def test_the_environment_wins(tmp_path: Path) -> None:
    changed = {"MOTCUA_WEB__PORT": "9000", "MOTCUA_WEB__DEMO": "true", "MOTCUA_TELEGRAM__TOKEN": "1:a"}
    settings = load(tmp_path, "[web]\nport = 80\n", **changed)
    assert settings.web.port == 9000
    assert settings.web.demo is True
    assert settings.telegram.token == "1:a"


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("1:xyz\n", encoding="utf-8")
    assert load(tmp_path, MOTCUA_TELEGRAM__TOKEN_FILE=str(tmp_path / "token")).telegram.token == "1:xyz"


@pytest.mark.parametrize(
    ("text", "environment", "told"),
    [
        ('[web]\nport = "tám mươi"', {}, "web.port = 'tám mươi': không hợp lệ; cần số cổng"),
        ("[web]\nport = true", {}, "web.port = True"),
        ("[web]\nport = 70000", {}, "web.port = 70000"),
        ("[web]\ncong = 80", {}, "web.cong: không có khóa này"),
        ("[mau]\nx = 1", {}, "[mau] trong config.toml: không có phần này"),
        ('[telegram]\nmode = "push"', {}, "chọn một trong polling, webhook"),
        ('[telegram]\ntoken = "1:a"', {}, "telegram.token: là bí mật"),
        ('[telegram]\nmode = "webhook"', {"MOTCUA_TELEGRAM__TOKEN": "1:a"}, "web.public_url"),
        ("[telegram]\nrate = 0", {}, "telegram.rate = 0.0"),
        ('[telegram]\nstaff_chat = "nhom"', {}, "telegram.staff_chat = 'nhom': không hợp lệ; cần số của nhóm"),
        ('[telegram]\nusername = "@xa"', {}, "telegram.username = '@xa': không hợp lệ; cần tên bot"),
        ('[unit]\nzalo = "javascript:alert(1)"', {}, "unit.zalo = 'javascript:alert(1)'"),
        ('[database]\nurl = "mysql://x"', {}, "database.url"),
        ("[privacy]\nkeep_messages_days = 0", {}, "privacy.keep_messages_days = 0"),
        ("[files]\nphoto_mb = 0", {}, "files.photo_mb = 0"),
        ("[files]\nvideo_mb = 51", {}, "files.video_mb = 51"),
        ('[files]\nfolder = ""', {}, "files.folder = ''"),
        ('[unit]\nname = ""', {}, "unit.name = ''"),
        ('[console]\nrequire_second_factor = "có"', {}, "console.require_second_factor = 'có': không hợp lệ; cần true"),
        ("[web]\ndemo = 1", {}, "web.demo = 1: không hợp lệ; cần true hoặc false"),
        ('[web]\nmetrics_token = "bi-mat"', {}, "web.metrics_token: là bí mật"),
        ("[backup]\nkeep = 0", {}, "backup.keep = 0"),
        ("[web", {}, "không đọc được"),
        ('[zalo_oa]\napp_id = "241"', {}, "zalo_oa.oa_secret: thiếu; đặt biến MOTCUA_ZALO_OA__OA_SECRET"),
        ("", {"MOTCUA_ZALO_OA__SECRET": "x"}, "zalo_oa.app_id: thiếu; đặt biến MOTCUA_ZALO_OA__APP_ID"),
        ('[zalo_oa]\nrefresh_token = "x"', {}, "zalo_oa.refresh_token: là bí mật"),
        ('[zalo_oa]\npaid = "có"', {}, "zalo_oa.paid = 'có': không hợp lệ; cần true hoặc false"),
        ('[zalo_oa]\napi_url = "zalo.me"', {}, "zalo_oa.api_url = 'zalo.me'"),
        ('[zalo_oa]\nbutton = "nút"', {}, "chọn một trong oa.query.show, oa.query.hide"),
        ("[zalo_oa]\nfree_hours = -1", {}, "zalo_oa.free_hours = -1"),
        ("[zalo_oa]\nquiet_from = 24", {}, "zalo_oa.quiet_from = 24"),
        ("[zalo_bot]\nrate = 0", {}, "zalo_bot.rate = 0.0"),
        ('[zalo_bot]\nmode = "webhook"', {"MOTCUA_ZALO_BOT__TOKEN": "1:a"}, "zalo_bot.secret: thiếu"),
        ('[zalo_bot]\nmode = "webhook"', {"MOTCUA_ZALO_BOT__TOKEN": "1:a"}, "web.public_url: thiếu"),
        ("", {"MOTCUA_ZALO_BOT__SECRET": "ngắn"}, "zalo_bot.secret = (bí mật): không hợp lệ"),
        ("", {"MOTCUA_TELEGRAM__TOKEN_FILE": "/khong/co"}, "không đọc được /khong/co"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str, environment: dict[str, str], told: str) -> None:
    with pytest.raises(ConfigError) as error:
        load(tmp_path, text, **environment)
    assert told in str(error.value)


def test_all_faults_are_told_at_once_and_a_password_is_not_shown(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        load(tmp_path, '[web]\nport = -1\n[database]\nurl = "mysql://an:mat-khau@may/co"\n')
    assert len(str(error.value).splitlines()) == 2
    assert "mat-khau" not in str(error.value)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="không thấy tệp cấu hình"):
        config.load({"MOTCUA_CONFIG": str(tmp_path / "khong-co.toml")})
