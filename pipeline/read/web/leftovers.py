"""Recognise lines that belong to the machinery of a site: scripts shown as text, buttons, empty heads."""

from __future__ import annotations

import re

# Matches: var a = 1;  $(function(){  });  {{ item.title }}  document.write("甲");
# Does not match: (一)建设社区食堂  2024年  A、B牵头
_CODE = re.compile(
    r"""(?:var|let|const)\s+[\w$]+\s*[=;].*
    |(?:async\s+)?function\b\s*[\w$]*\s*\(.*
    |(?:\$|jQuery)\s*[.(].*
    |(?:document|window|console|location)\.\w+.*
    |(?:if|for|while|switch)\s*\([\x00-\x7f]*\)\s*\{?[\x00-\x7f]*
    |\}?\s*else\b[\x00-\x7f]*
    |[{}();\s]*[{};][{}();,\s]*
    |(?:\{\{[^{}]*\}\}\s*)+
    |<!--.*|.*-->|<!\[endif\].*|\]\]>
    |//\s?[\x00-\x7f]*[;(){}=].*""",
    re.VERBOSE,
)
# The buttons of a picture viewer: × to close, + and - to zoom.
_BUTTONS = re.compile(r"[\s×✕✖✗✘＋+\-－−↺↻⟲⟳‹›«»↑↓]{1,12}")
_SCAN = re.compile(
    r"""(?:打开|请|使用|用|微信|手机|支付宝|[“”"'\s,，])*
    (?:扫一扫|扫码|扫描(?:上方|下方|右侧)?二维码|二维码扫描|扫二维码)
    (?:(?:在|用|到|至|并|可|即可|上|到手机上|此页|当前页|本页|本文|页面|网页|手机|移动|端|微信|朋友圈|好友
    |分享|关注|打开|浏览|阅读|查看|访问|观看|收藏|官方|公众号|客户端|我们|政府网站?)|[：:“”"'\s,，。!！])*""",
    re.VERBOSE,
)
_FOLLOW = re.compile(
    r"(?:欢迎|请|点击|扫码)?关注[\s·:：]*[“\"]?[^。；，、]{0,16}?"
    r"(?:政府网站?|门户网站?|公众号|微信|微博|客户端|小程序|视频号)[”\"]?"
    r"|(?:添加|搜索|打开|进入)[“\"][^”\"]{1,12}[”\"](?:微信)?(?:小程序|公众号)"
)
_EMPTY_HEAD = re.compile(
    r"(?:相关|下载|文件|正文|政策)?(?:附件|文件下载|相关文件|相关链接|相关解读|相关稿件|政策解读)"
    r"(?:下载|列表|信息)?[\s:：]*(?:无|暂无)?"
)
# The people at the site who put the page there, and its counters.
_EDITOR = re.compile(
    r"[\[(（【]?\s*(?:(?:责任编辑|网站编辑|信息编辑|编\s*辑|责\s*编|校\s*对|初\s*审|复\s*审|终\s*审|录\s*入|供\s*稿|撰\s*稿"
    r"|浏览次数|浏览量|阅读次数|阅读量|点击数|点击量|点击次数|访问量)\s*[:：][^。；]{0,16}\s*)+[\])）】]?"
)


def is_leftover(text: str) -> bool:
    """Whether a line is code, a button, or an invitation to scan or follow."""
    if "。" in text and len(text) > 30:
        return False
    return bool(
        _CODE.fullmatch(text)
        or _BUTTONS.fullmatch(text)
        or _SCAN.fullmatch(text)
        or _FOLLOW.fullmatch(text)
    )


def is_trailing(text: str) -> bool:
    """Whether a line at a page's end is the site's: an editor's name, a head for files without any."""
    return any(one.fullmatch(text) for one in (_EMPTY_HEAD, _EDITOR))
