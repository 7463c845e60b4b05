"""A comparison as one HTML page: both years side by side, words marked, filters; works offline."""

from __future__ import annotations

from collections import Counter
from html import escape
from typing import TYPE_CHECKING

from pipeline.compare.views.changes import FIELDS, KINDS, ROLES, heading, indexed, notes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.comparison import Comparison, Link, Side
    from pipeline.model import Item, Notice

_CHANGES = ("leaders", "host_units", "co_host_units", "deadline", "figures", "renamed", "path")
_CHANGE_NAMES = FIELDS | {"figures": "数字指标", "renamed": "机构更名"}
_CLOSE = 0.3


def to_page(comparison: Comparison, previous: Notice, current: Notice) -> str:
    """The page; it holds all it needs and asks for nothing."""
    before, after = indexed(previous, current)
    cards = [*_cards(comparison, before, after)]
    units = Counter(name for item in (*before.values(), *after.values()) for name in _units([item]))
    title = " → ".join(str(one.year or one.title or one.notice_id) for one in comparison.plans)
    return _PAGE.format(
        title=escape(f"{title} {comparison.plans[1].title or ''}".strip()),
        style=_STYLE, script=_SCRIPT,
        plans="<span class='arrow' aria-hidden='true'>→</span>".join(
            _plan(one, name) for one, name in zip(comparison.plans, ("上年", "本年"), strict=True)
        ),
        zh=escape(comparison.summary.zh), en=escape(comparison.summary.en),
        warnings="".join(f"<p class='warning'>{escape(one)}</p>" for one in comparison.warnings),
        kinds="".join(_kind_box(kind, comparison) for kind in KINDS),
        changes="".join(
            f"<option value='{key}'>{_CHANGE_NAMES[key]}（{many}）</option>"
            for key in _CHANGES
            if (many := sum(key in _changed(link) for link in comparison.links))
        ),
        units="".join(
            f"<option value='{escape(name, quote=True)}'>{escape(name)}（{many}）</option>"
            for name, many in sorted(units.items(), key=lambda row: (-row[1], row[0]))
        ),
        years="".join(f"<div>{escape(_year(one))}</div>" for one in comparison.plans),
        cards="\n".join(cards), total=len(cards),
    )  # fmt: skip


def _plan(side: Side, name: str) -> str:
    about = " · ".join(filter(None, (side.issuing_body, f"{side.items} 项")))
    title = side.title or side.notice_id
    return (
        f"<div class='plan'><small>{name} {side.year or ''}</small>"
        f"<strong>{escape(title)}</strong><small>{escape(about)}</small></div>"
    )


def _year(side: Side) -> str:
    return f"{side.year}年" if side.year else (side.title or side.notice_id)


def _kind_box(kind: str, comparison: Comparison) -> str:
    many = comparison.counts.get(kind, 0)
    return (
        f"<label class='kind {kind}'><input type='checkbox' value='{kind}' checked>"
        f"<span>{KINDS[kind]} <b>{many}</b></span></label>"
    )


def _changed(link: Link) -> set[str]:
    found: set[str] = {change.field for change in link.changes}
    found |= {"figures"} if any(change.figures for change in link.changes) else set()
    return found | ({"renamed"} if link.renames else set())


def _units(items: Iterable[Item]) -> list[str]:
    names = (n for item in items for n in (*item.host_units, *item.co_host_units))
    return list(dict.fromkeys(name.name for name in names))


# Cards


def _cards(
    comparison: Comparison, before: dict[str, Item], after: dict[str, Item]
) -> Iterator[str]:
    """Links and added items in the current plan's order; a dropped one after its neighbour."""
    order = {item_id: n for n, item_id in enumerate(after)}
    rows = [
        (order[link.current[0]], 0, _link_card(link, before, after)) for link in comparison.links
    ]
    home = {one: order[link.current[0]] for link in comparison.links for one in link.previous}
    rows += [
        (order[one], 0, _card("added", [], [_item(after[one], "")], _units([after[one]]), set()))
        for one in comparison.added
    ]
    place, dropped = -1, set(comparison.dropped)
    for n, item_id in enumerate(before):
        place = home.get(item_id, place)
        if item_id in dropped:
            item = before[item_id]
            card = _card("dropped", [_item(item, "")], [], _units([item]), set())
            rows.append((place, n + 1, card))
    yield from (card for _, _, card in sorted(rows, key=lambda row: row[:2]))


def _link_card(link: Link, before: dict[str, Item], after: dict[str, Item]) -> str:
    ours, theirs = [before[n] for n in link.previous], [after[n] for n in link.current]
    left, right = _marked(link, ours, theirs)
    told = "".join(f"<li><b>{escape(name)}</b> {escape(words)}</li>" for name, words in notes(link))
    head = f"<ul class='notes'>{told}</ul>" if told else ""
    doubt = f"相似度 {link.score:.2f}" if link.kind != "same" else ""
    if link.score < _CLOSE:
        doubt += " · 请核对"
    sides = [
        [_item(*pair) for pair in zip(items, marks, strict=True)]
        for items, marks in ((ours, left), (theirs, right))
    ]
    return _card(
        link.kind, sides[0], sides[1], _units([*ours, *theirs]), _changed(link), head, doubt
    )


def _card(  # noqa: PLR0913, PLR0917 - the parts of a card
    kind: str,
    left: Sequence[str],
    right: Sequence[str],
    units: Sequence[str],
    changed: set[str],
    head: str = "",
    doubt: str = "",
) -> str:
    empty = {"added": "上年没有", "dropped": "本年没有"}.get(kind, "")
    sides = ("".join(side) or f"<p class='none'>{empty}</p>" for side in (left, right))
    cells = "".join(
        f"<div class='side {name}'>{cell}</div>"
        for name, cell in zip(("previous", "current"), sides, strict=True)
    )
    return (
        f"<article class='{kind}' data-kind='{kind}' data-fields='{' '.join(sorted(changed))}' "
        f"data-units='{escape('|'.join(units), quote=True)}'>"
        f"<header><span class='badge {kind}'>{KINDS[kind]}</span>"
        f"<span class='doubt'>{doubt}</span>{head}</header>"
        f"<div class='sides'>{cells}</div></article>"
    )


def _item(item: Item, marked: str) -> str:
    path = " / ".join(item.path)
    people = "".join(
        f"<dt>{FIELDS[role]}</dt><dd>{escape('、'.join(n.name for n in names))}</dd>"
        for role in ROLES
        if (names := getattr(item, role))
    )
    if item.deadline:
        people += f"<dt>{FIELDS['deadline']}</dt><dd>{escape(item.deadline.text)}</dd>"
    body = marked or escape(item.content)
    label = f"<b class='label'>{escape(item.label)}</b> " if item.label else ""
    return (
        f"<section class='item' title='{escape(heading(item), quote=True)}'>"
        + (f"<p class='path'>{escape(path)}</p>" if path else "")
        + f"<p class='text'>{label}{body or '（无内容）'}</p>"
        + (f"<dl>{people}</dl>" if people else "")
        + "</section>"
    )


def _marked(
    link: Link, ours: Sequence[Item], theirs: Sequence[Item]
) -> tuple[list[str], list[str]]:
    """Each item's content with its words marked; unmarked where nothing changed."""
    words = [one for change in link.changes for one in change.words]
    if not words:
        return [""] * len(ours), [""] * len(theirs)
    return (
        list(_cut([(one.text, one.fate) for one in words if one.fate != "added"], "del", ours)),
        list(_cut([(one.text, one.fate) for one in words if one.fate != "removed"], "ins", theirs)),
    )


def _cut(runs: Sequence[tuple[str, str]], tag: str, items: Sequence[Item]) -> Iterator[str]:
    """The runs of several items' joined contents, item by item, as HTML."""
    marks = [(ch, fate != "kept") for text, fate in runs for ch in text]
    at = 0
    for item in items:
        part, at = marks[at : at + len(item.content)], at + len(item.content) + 1
        found, open_ = [], False
        for ch, changed in part:
            if changed != open_:
                found.append(f"<{tag}>" if changed else f"</{tag}>")
                open_ = changed
            found.append(escape(ch))
        yield "".join(found) + (f"</{tag}>" if open_ else "")


_STYLE = """
:root{--ink:#1f2328;--soft:#5c6670;--line:#d9dee3;--paper:#fff;--back:#f4f5f7;--blue:#1d5fa8;
--same:#5c6670;--reworded:#8a5a00;--split:#6a3fa0;--merged:#6a3fa0;--added:#17693a;--dropped:#a8261c}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--ink);
font:16px/1.7 "Noto Sans CJK SC","Source Han Sans SC","PingFang SC","Microsoft YaHei",sans-serif}
main,.top{max-width:1280px;margin:0 auto;padding:0 20px}
.top{padding-top:24px}
.plans{display:flex;gap:16px;align-items:center;flex-wrap:wrap}
.plan{flex:1 1 260px;display:flex;flex-direction:column}
.plan strong{font-size:20px;line-height:1.4}
small,.en{color:var(--soft)}small{font-size:13px}
.arrow{font-size:24px;color:var(--soft)}
.zh{margin:16px 0 4px}.en{margin:0 0 12px;font-size:14px;line-height:1.5}
.warning{background:#fff4d6;border-left:4px solid #d29922;padding:8px 12px;margin:8px 0}
.filters{position:sticky;top:0;z-index:2;background:var(--back);border-bottom:1px solid var(--line);
margin-top:8px}
form{max-width:1280px;margin:0 auto;padding:10px 20px;display:flex;gap:8px 10px;flex-wrap:wrap;
align-items:center}
fieldset{border:0;margin:0;padding:0;display:flex;gap:6px;flex-wrap:wrap}
legend,.aside{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.kind input{position:absolute;opacity:0}
.kind span{display:block;border:1px solid var(--line);background:var(--paper);border-radius:16px;
padding:4px 12px;font-size:14px;line-height:1.5;cursor:pointer;color:var(--soft);
text-decoration:line-through}
.kind input:checked+span{text-decoration:none;color:#fff;background:var(--c);border-color:var(--c)}
.kind input:focus-visible+span,select:focus-visible,input:focus-visible,button:focus-visible{
outline:3px solid #7db4f0;outline-offset:1px}
.same{--c:var(--same)}.reworded{--c:var(--reworded)}.split{--c:var(--split)}
.merged{--c:var(--merged)}.added{--c:var(--added)}.dropped{--c:var(--dropped)}
select,input[type=search],button{font:inherit;font-size:14px;padding:5px 10px;
border:1px solid var(--line);border-radius:8px;background:var(--paper);color:var(--ink);min-height:34px}
select{max-width:220px}input[type=search]{width:160px}
output{font-size:14px;color:var(--soft);margin-left:auto}
.years{display:grid;grid-template-columns:1fr 1fr;gap:16px;padding:14px 16px 4px;color:var(--soft);
font-weight:600}
article{background:var(--paper);border:1px solid var(--line);border-left:4px solid var(--c);
border-radius:8px;margin:0 0 12px;overflow-wrap:anywhere}
article>header{display:flex;gap:4px 12px;flex-wrap:wrap;align-items:baseline;padding:10px 16px 0}
.badge{background:var(--c);color:#fff;border-radius:4px;padding:0 8px;font-size:13px}
.doubt{font-size:13px;color:var(--soft)}
.notes{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:2px 16px;font-size:14px}
.notes b{color:var(--soft);font-weight:500}
.sides{display:grid;grid-template-columns:1fr 1fr}
.side{padding:8px 16px 12px;min-width:0}
.side+.side{border-left:1px solid var(--line)}
.item+.item{border-top:1px dashed var(--line);margin-top:10px;padding-top:10px}
.path{margin:0;font-size:13px;color:var(--soft)}
.text{margin:2px 0 6px;white-space:pre-line}
.none{color:var(--soft);font-size:14px;margin:4px 0}
dl{display:grid;grid-template-columns:max-content 1fr;gap:0 10px;margin:0;font-size:14px}
dt{color:var(--soft)}dd{margin:0}
del{background:#ffe1de;color:#8c1d14;text-decoration:line-through;text-decoration-thickness:1px}
ins{background:#d8f3df;color:#0f5429;text-decoration:underline;text-underline-offset:3px}
[hidden]{display:none!important}
footer{color:var(--soft);font-size:13px;padding:8px 0 32px}
@media(max-width:700px){body{font-size:16px}.top,main,form{padding-left:12px;padding-right:12px}
.plan{flex-basis:100%}.plan strong{font-size:18px}.arrow,.years{display:none}
.filters{position:static}main{padding-top:12px}select,input[type=search]{flex:1 1 45%;max-width:none}
output{margin-left:0;width:100%}
.sides{grid-template-columns:1fr}.side+.side{border-left:0;border-top:1px solid var(--line)}
.side::before{font-size:13px;font-weight:600;color:var(--soft)}
.previous::before{content:"上年"}.current::before{content:"本年"}
.added .previous,.dropped .current{display:none}.added .side{border-top:0}article>header,.side{padding-left:12px;padding-right:12px}}
@media print{body{background:#fff;font-size:10.5pt;line-height:1.5}.filters{display:none}
article{break-inside:avoid;border-radius:0}.top,main{max-width:none;padding:0}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
"""

_SCRIPT = """
(function(){
var form=document.querySelector('form'),cards=[].slice.call(document.querySelectorAll('article')),
shown=document.querySelector('output');
function apply(){
var kinds=[].slice.call(form.querySelectorAll('.kind input:checked')).map(function(b){return b.value}),
unit=form.unit.value,field=form.field.value,words=form.words.value.trim(),n=0;
cards.forEach(function(card){
var d=card.dataset,
ok=kinds.indexOf(d.kind)>=0&&(!unit||d.units.split('|').indexOf(unit)>=0)
&&(!field||d.fields.split(' ').indexOf(field)>=0)&&(!words||card.textContent.indexOf(words)>=0);
card.hidden=!ok;if(ok)n++;});
shown.textContent='显示 '+n+' / '+cards.length+' 组';}
form.addEventListener('input',apply);form.addEventListener('submit',function(e){e.preventDefault()});
form.addEventListener('reset',function(){setTimeout(apply,0)});apply();
})();
"""

_PAGE = """<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<div class="top">
<h1 class="aside">{title}</h1>
<div class="plans">{plans}</div>
<p class="zh">{zh}</p>
<p class="en" lang="en">{en}</p>
{warnings}
</div>
<div class="filters"><form>
<fieldset><legend>关系</legend>{kinds}</fieldset>
<select name="unit" aria-label="单位"><option value="">全部单位</option>{units}</select>
<select name="field" aria-label="变动"><option value="">全部变动</option>{changes}</select>
<input type="search" name="words" placeholder="查找文字" aria-label="查找文字">
<button type="reset">重置</button>
<output aria-live="polite">{total} 组</output>
</form></div>
<main>
<div class="years">{years}</div>
{cards}
<footer><del>删去的文字</del>　<ins>新增的文字</ins>　相似度低的配对请核对原文。</footer>
</main>
<script>{script}</script>
</body>
</html>
"""
