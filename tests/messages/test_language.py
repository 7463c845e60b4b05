"""Which language is spoken: that of FENGONG_LANG, else of the locale."""

from __future__ import annotations

import pytest

from pipeline.messages.language import LanguageError, choose_language, parse_language


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_TW.Big5"}, "zh"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "POSIX"}, "en"),
        # LC_ALL counts before LC_MESSAGES, and that before LANG.
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "zh_CN", "LANG": "en_US"}, "zh"),
        ({"LC_MESSAGES": "en_GB", "LANG": "zh_CN"}, "en"),
        ({"FENGONG_LANG": "zh", "LC_ALL": "C"}, "zh"),
        ({"FENGONG_LANG": "en", "LC_ALL": "zh_CN.UTF-8"}, "en"),
        ({"FENGONG_LANG": "zh-Hans", "LC_ALL": "C"}, "zh"),
        ({"FENGONG_LANG": "", "LC_ALL": "zh_CN"}, "zh"),
    ],
)
def test_language(environment: dict[str, str], language: str) -> None:
    assert choose_language(environment) == language


def test_another_language_is_refused() -> None:
    with pytest.raises(LanguageError, match="FENGONG_LANG: 'fr' is no language of fengong"):
        choose_language({"FENGONG_LANG": "fr", "LANG": "zh_CN"})


@pytest.mark.parametrize("word", ["", "z", "zhuang", "english", "français", "c"])
def test_no_language(word: str) -> None:
    assert parse_language(word) is None
