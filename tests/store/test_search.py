"""Search: what a scan finds, by every road the same; signs are words; ranks; sentences."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from pipeline.batch.source_files import find_jobs
from pipeline.model import Notice
from pipeline.store import Query, Store, grams, load_notices, search
from pipeline.store.index import SEARCHED
from tests.conftest import CORPUS, RAW, need, run_jobs
from tests.stores import place, plan, postgres

__all__ = ["place", "postgres"]


def ids(store: Store, *words: str, **filters: object) -> list[str]:
    query = Query(words, **filters)  # type: ignore[arg-type]
    return [hit.item["item_id"].rpartition("#")[2] for hit in search(store, query, None).hits]


def normalized(store: Store) -> dict[str, list[str]]:
    """The id of each item -> its searched texts as a search compares them."""
    frame = store.frame("items")
    texts = frame[list(SEARCHED)].fillna("").map(grams.normalize)
    return dict(zip(frame["item_id"], texts.to_numpy().tolist(), strict=True))


def scan(texts: dict[str, list[str]], word: str) -> set[str]:
    """The items that hold a word, looked through one by one."""
    sought = grams.normalize(word)
    return {item_id for item_id, own in texts.items() if any(sought in one for one in own)}


def test_short_words_and_signs(place: str) -> None:
    with Store(place) as store:
        load_notices([plan()], store)
        for word, found in {
            "食堂": ["1"], "智慧": ["1"], "财": ["3", "1", "2"], "财政局": ["3", "1", "2"],
            "建设智慧食堂": ["1"], "建设食堂": [], "gdp(": ["3"], "ＧＤＰ（地区": ["3"],
            "100%_": ["3"], "10%": [], "0%_": ["3"], "统计局)": ["3"], "，": ["1", "3"],
            "以上。": ["3"], "。": ["1", "2", "3"], "局": ["1", "2", "3"],
            "智 慧 食堂": ["1"], "智慧食堂\n5家": ["1"], "": [], " ": [],
            '"': [], "*": [], "智慧*": [], "NEAR(智慧 食堂)": [], "智慧 OR 食堂": [], "'": [],
            "'; DROP TABLE items; --": [], "title : 智慧": [], "%": ["3"], "_": ["3"], "\\": [],
        }.items():  # fmt: skip
            if word.strip():
                assert sorted(ids(store, word)) == sorted(found), word
            else:
                assert search(store, Query((word,))).total == 0
        assert ids(store, "食堂", "老人") == ["1"]
        assert ids(store, "食堂", "预算") == []


def test_filters(place: str) -> None:
    with Store(place) as store:
        load_notices([plan(2011), plan(2012, path="b.txt")], store)
        assert ids(store, "财政局", role="host") == ["3", "3"]
        assert ids(store, "财政局", role="co_host", years=(2011,)) == ["1", "2"]
        assert ids(store, unit="区财政局") == ["1", "2", "3", "1", "2", "3"]
        assert ids(store, unit="盐田区财政局", role="host", years=(2012, 2013)) == ["3"]
        assert ids(store, unit="区发改局") == ids(store, unit="区发改局(区统计局)") == ["3", "3"]
        assert ids(store, leader="王宏彬", years=(2011,)) == ["1"]
        assert ids(store, leader="王宏彬", unit="区民政局") == ["1", "1"]
        assert ids(store, "老人", unit="区财政局", years=(2011, 2012)) == ["1", "1"]
        assert ids(store, "老人", unit="区住建局") == []
        assert ids(store, role="leader") == ["1", "1"]
        assert (
            ids(store, "食堂", region="盐田") == ids(store, "食堂", region="深圳市") == ["1", "1"]
        )
        assert ids(store, "食堂", region="南山") == ids(store, region="%") == []
        assert ids(store, years=(2012,)) == ["1", "2", "3"]


def test_ranks(place: str) -> None:
    """Titles first, then names, then the rest; newest plans first; counted to the end or not."""
    with Store(place) as store:
        load_notices([plan(2011), plan(2013, path="b.txt"), plan(2012, path="c.txt")], store)
        hits = search(store, Query(("财政",))).hits
        order = [(hit.item["label"], hit.item["year"]) for hit in hits]
        assert order == [
            ("3、", 2013), ("3、", 2012), ("3、", 2011),
            ("1、", 2013), ("2、", 2013), ("1、", 2012), ("2、", 2012), ("1、", 2011), ("2、", 2011),
        ]  # fmt: skip
        few = search(store, Query(("财政",)), 4)
        assert [hit.item["item_id"] for hit in few.hits] == [h.item["item_id"] for h in hits[:4]]
        assert (few.total, few.is_more) == (9, False)


def test_sentences(tmp_path: Path) -> None:
    with Store(tmp_path / "s.sqlite") as store:
        load_notices([plan()], store)
        hit = search(store, Query(("ＧＤＰ（地区", "增长"))).hits[0]
        assert hit.sentence == "做好GDP（地区生产总值）核算，增长率100%_以上。"
        assert [hit.sentence[a:b] for a, b in hit.marks] == ["GDP（地区", "增长"]
        hit = search(store, Query(("财政局",), role="co_host")).hits[0]
        assert (hit.field, hit.sentence, hit.marks) == (
            "co_host_units", "区财政局、各街道办", ((1, 4),),
        )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(st.text("区财政局aBΣςσ，(% \n\"'-", max_size=12), min_size=1, max_size=6))
def test_any_word_is_found_where_it_stands(texts: list[str]) -> None:
    """Over small alphabets every word's hits are those of a scan, ends and signs included."""
    index = sqlite3.connect(":memory:")
    from sqlalchemy import create_engine

    from pipeline.store.index import PLACED, Sought, SqliteIndex
    from pipeline.store.insert import insert_many

    engine = create_engine("sqlite://", creator=lambda: index)
    with closing(index), engine.connect() as connection:
        own = SqliteIndex()
        own.create(connection)
        empty = dict.fromkeys((*SEARCHED, *PLACED, "item_id"), "")
        rows = [empty | {"id": n, "content": t} for n, t in enumerate(texts)]
        insert_many(connection, own.prepare(rows, {}))
        words = {
            grams.normalize(t)[a : a + n] for t in texts for a in range(12) for n in range(1, 5)
        }
        for word in words - {""}:
            found = set(connection.scalars(own.find(Sought((word,)))))
            assert found == {n for n, t in enumerate(texts) if word in grams.normalize(t)}, word
        own.remove(connection, rows[::2], {})
        for word in words - {""}:
            found = set(connection.scalars(own.find(Sought((word,)))))
            assert found == {n for n, t in enumerate(texts) if n % 2 and word in grams.normalize(t)}


@pytest.fixture(scope="module")
def real_notices() -> list[Notice]:
    """The records of the shared corpus."""
    need(CORPUS.is_dir(), "the shared corpus beside the checkout")
    return [one.notice for one in run_jobs(find_jobs([CORPUS]).jobs) if one.notice]


@pytest.mark.tries
def test_as_a_scan_over_the_corpus(place: str, real_notices: list[Notice]) -> None:
    """Words of two to nine characters from everywhere: search, LIKE and pandas find the same."""
    with Store(place) as store:
        load_notices(real_notices, store)
        texts = normalized(store)
        contents = list(filter(None, store.frame("items")["content"]))
        rng = random.Random(7)  # noqa: S311
        tried = 0
        while tried < 60:
            whole = rng.choice(contents)
            at, size = rng.randrange(len(whole)), rng.randint(2, 9)
            word = whole[at : at + size]
            if len(grams.normalize(word)) < 2:
                continue
            tried += 1
            found = {hit.item["item_id"] for hit in search(store, Query((word,)), None).hits}
            assert found == scan(texts, word), word
            # LIKE knows neither widths nor case, and breaks words at blanks: it finds no more.
            columns = " OR ".join(f"{name} LIKE :word ESCAPE '!'" for name in SEARCHED)
            escaped = word.replace("!", "!!").replace("%", "!%").replace("_", "!_")
            with store.reading() as connection:
                query = text(f"SELECT item_id FROM items WHERE {columns}")  # noqa: S608
                like = set(connection.scalars(query, {"word": f"%{escaped}%"}))
            assert like <= found
            if word.isalpha() and not word.isascii():
                assert like == found


def test_one_question_three_roads(place: str) -> None:
    """What a unit must do: asked in SQL, by search and in pandas."""
    notices = [o.notice for o in run_jobs(find_jobs([RAW]).jobs) if o.notice]
    with Store(place) as store:
        load_notices(notices, store)
        body = "盐田区财政局"
        with store.reading() as connection:
            query = text("SELECT item_id FROM duties WHERE canonical = :body AND year = 2011")
            by_sql = sorted(connection.scalars(query, {"body": body}))
        by_frame = sorted(store.frame("assignments", canonical=body, year=2011)["item_id"])
        for unit in (body, "区财政局", "区财政局(区集体资产办)"):
            hits = search(store, Query(unit=unit, years=(2011,)), None).hits
            assert by_sql == by_frame == sorted(hit.item["item_id"] for hit in hits)
        assert len(by_sql) == 7


@pytest.mark.parametrize("word", ["财政局", "社会", "区发改局"])
def test_the_same_words_by_search_and_pandas(tmp_path: Path, word: str) -> None:
    notices = [o.notice for o in run_jobs(find_jobs([RAW]).jobs) if o.notice]
    with Store(tmp_path / "s.sqlite") as store:
        load_notices(notices, store)
        frame = store.frame("items")
        texts = frame[list(SEARCHED)].fillna("").agg("|".join, axis=1)
        by_frame = set(frame["item_id"][texts.str.contains(word, regex=False)])
        assert by_frame == {h.item["item_id"] for h in search(store, Query((word,)), None).hits}
        assert by_frame
