from dataclasses import fields
from pathlib import Path

import pytest

from kb.settings import SETTINGS, BadSetting, Settings, load_settings


def test_an_empty_environment_gives_the_defaults() -> None:
    assert load_settings({}) == Settings()


def test_every_field_is_a_row_of_the_table_and_every_default_can_be_read() -> None:
    assert [row.field for row in SETTINGS] == [field.name for field in fields(Settings)]
    assert load_settings({row.name: row.default for row in SETTINGS}) == Settings()


def test_values_are_read_by_their_type() -> None:
    read = load_settings(
        {
            "KB_CONTENT": "/srv/content",
            "PORT": "9000",
            "LANGUAGES": "fr, en ar",
            "TRUSTED_PROXIES": "10.0.0.0/8 ::1",
            "BASE_URL": "https://library.example.org/",
        }
    )
    assert read.content == Path("/srv/content")
    assert read.port == 9000
    assert read.languages == ("fr", "en", "ar")
    assert len(read.trusted_proxies) == 2
    assert read.origin == "https://library.example.org"
    assert read.secure


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("WORKERS", "0"),
        ("BASE_URL", "library.example.org"),
        ("BASE_URL", "https://example.org/library"),
        ("TRUSTED_PROXIES", "my-proxy"),
        ("LANGUAGES", "en;fr"),
        ("SITE_LOGO", "https://elsewhere.example/logo.png"),
        ("DATABASE_URL", "mysql://host/name"),
        ("REGISTRATION", "maybe"),
        ("MAIL_SECURITY", "ssl"),
        ("MAIL_FROM", "the library"),
        ("METRICS_ADDRESS", "9100"),
        ("METRICS_ADDRESS", "localhost"),
        ("METRICS_ADDRESS", "::1:9100"),
        ("METRICS_ADDRESS", "127.0.0.1:0"),
        ("LOG_FORMAT", "xml"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_with_what_is_right(name: str, value: str) -> None:
    with pytest.raises(BadSetting) as told:
        load_settings({name: value})
    assert name in str(told.value)
    assert "needed" in str(told.value)


def test_without_a_base_url_the_address_is_that_of_host_and_port() -> None:
    assert load_settings({"PORT": "8123"}).origin == "http://127.0.0.1:8123"
    assert load_settings({"HOST": "0.0.0.0"}).origin == "http://127.0.0.1:8000"
    assert load_settings({"HOST": "::1"}).origin == "http://[::1]:8000"


def test_secrets_are_not_told_when_settings_are_printed() -> None:
    read = load_settings(
        {"DATABASE_URL": "postgresql+psycopg://me:hidden@host/desk", "MAIL_PASSWORD": "hidden"}
    )
    assert read.database.endswith("hidden@host/desk")
    assert "hidden" not in repr(read)


def test_without_an_address_the_database_is_a_file_among_the_data() -> None:
    assert load_settings({"KB_DATA": "/srv/data"}).database == "sqlite:////srv/data/sankofa.sqlite"
