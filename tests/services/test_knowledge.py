"""Articles: written, published, found by words and by what a call is about, brought in and out as files."""

from pathlib import Path

import pytest
from sqlalchemy import select

from core.database import Database
from core.errors import BadInput
from core.problem import Faults
from crm.knowledge import ArticleMoved, ArticleThere, FitKind, KnowledgeArticle, KnowledgeHelp, KnowledgeMiss
from crm.knowledge_files import DEMO_FOLDER, export_articles, import_articles, read_folder
from crm.knowledge_search import Answers, fitting, note_miss, search
from crm.knowledge_writing import ArticleText, add_article, publish, save_text, withdraw
from routing.agent_state import Action
from tests.services.desk_house import NOON, Browser, DeskHouse

HOSTILE = "<script>alert(1)</script> \"'&</textarea>"


@pytest.fixture
def demo(database: Database) -> Database:
    with database.writing() as session:
        import_articles(session, read_folder(DEMO_FOLDER), "Halo", NOON)
        session.commit()
    return database


def found(database: Database, text: str, language: str = "en") -> Answers:
    with database.reading() as session:
        return search(session, text, language)


def slugs(answers: Answers, language: str = "en") -> list[str]:
    return [one.slug for one in answers.articles if one.language == language]


def press(browser: Browser, path: str, **fields: str) -> object:
    return browser.client.post(path, data={"csrf_token": browser.token, **fields})


@pytest.mark.parametrize(
    ("text", "language", "first"),
    [
        ("warranty", "en", "warranty"),
        ("deliveries", "en", "delivery-times"),
        ("returned item", "en", "returns"),
        ("pengembalian", "id", "returns"),
        ("cara membayar", "id", "ways-to-pay"),
        ("garans", "id", "warranty"),
        ("WARRANTY!!", "en", "warranty"),
    ],
)
def test_the_right_article_comes_first(demo: Database, text: str, language: str, first: str) -> None:
    assert slugs(found(demo, text, language), language)[0] == first


@pytest.mark.parametrize(("text", "meant", "slug"), [("waranty", "warranty", "warranty"), ("garnasi", "garansi", "warranty")])
def test_a_misspelt_word_is_understood(demo: Database, text: str, meant: str, slug: str) -> None:
    answers = found(demo, text)
    assert answers.instead == meant
    assert slug in [one.slug for one in answers.articles]


def test_where_no_article_has_all_words_those_with_some_come(demo: Database) -> None:
    answers = found(demo, "warranty zebra")
    assert answers.loose
    assert "warranty" in slugs(answers)
    assert found(demo, "zebra").articles == ()


@pytest.mark.parametrize(
    "text", ['"', "' OR 1=1 --", "a:* & !b", "NEAR(x y)", "title : x", "*", "(", "\\", "-", "🙂", "x" * 500, "AND OR NOT"]
)
def test_no_search_breaks_the_index(demo: Database, text: str) -> None:
    found(demo, text)


def test_what_is_found_is_marked_and_harmless(database: Database) -> None:
    with database.writing() as session:
        article = add_article(session, "x", "en", ArticleText(f"Parcel {HOSTILE}", f"The parcel {HOSTILE}"), "Test", NOON)
        publish(session, article.id, 1)
        session.commit()
    (one,) = found(database, "parcel").articles
    assert one.title.startswith("<mark>Parcel</mark> &lt;script&gt;")
    assert "<script" not in one.excerpt


def test_a_draft_is_found_by_nobody_and_a_new_text_only_when_published(database: Database) -> None:
    with database.writing() as session:
        article = add_article(session, "x", "en", ArticleText("Giraffe", "long neck"), "Test", NOON)
        session.commit()
    assert found(database, "giraffe").articles == ()
    with database.writing() as session:
        publish(session, article.id, 1)
        save_text(session, article.id, 1, ArticleText("Okapi", "short neck"), "Test", NOON)
        session.commit()
    assert [found(database, word).articles != () for word in ("giraffe", "okapi")] == [True, False]
    with database.writing() as session:
        publish(session, article.id, 2)
        session.commit()
    assert [found(database, word).articles != () for word in ("giraffe", "okapi")] == [False, True]
    with database.writing() as session:
        withdraw(session, article.id)
        session.commit()
    assert found(database, "okapi").articles == ()


def test_of_two_writers_the_second_overwrites_nothing(database: Database) -> None:
    with database.writing() as session:
        article = add_article(session, "x", "en", ArticleText("One", "text"), "Test", NOON)
        save_text(session, article.id, 1, ArticleText("Two", "text"), "Test", NOON)
        with pytest.raises(ArticleMoved):
            save_text(session, article.id, 1, ArticleText("Three", "text"), "Test", NOON)
        with pytest.raises(ArticleThere):
            add_article(session, "x", "en", ArticleText("Other", "text"), "Test", NOON)


def test_the_more_is_known_of_a_call_the_better_the_articles_fit(demo: Database) -> None:
    known = {(FitKind.QUEUE, "billing"), (FitKind.REASON, "bill")}
    with demo.reading() as session:
        assert {one.language for one in fitting(session, known, "id")} == {"id"}
        assert fitting(session, {*known, (FitKind.ANSWER, "wants_time")}, "en")[0].slug == "more-time-to-pay"
        assert fitting(session, {*known, (FitKind.ANSWER, "paid_already")}, "en")[0].slug == "paid-but-open"
        assert fitting(session, frozenset(), "en") == ()


def test_what_goes_out_as_files_comes_in_unchanged(demo: Database, tmp_path: Path) -> None:
    with demo.reading() as session:
        assert export_articles(session, tmp_path) == len(list(DEMO_FOLDER.glob("*.md")))
    with demo.writing() as session:
        done = import_articles(session, read_folder(tmp_path), "Test", NOON)
    assert (done.added, done.changed, done.unchanged) == (0, 0, len(list(DEMO_FOLDER.glob("*.md"))))
    assert read_folder(tmp_path) == read_folder(DEMO_FOLDER)


def test_every_fault_of_a_folder_is_named_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "Returns.md").write_text("x", encoding="utf-8")
    (tmp_path / "a.en.md").write_text("---\ntitle: A\nreasons: [Bill!]\n---\ntext\n", encoding="utf-8")
    (tmp_path / "b.en.md").write_text("no head", encoding="utf-8")
    (tmp_path / "c.en.md").write_text("---\ntitle: C\ntitel: C\n---\n\n", encoding="utf-8")
    with pytest.raises(Faults) as caught:
        read_folder(tmp_path)
    told = [(Path(problem.place.rsplit(",", 1)[0]).name, problem.line) for problem in caught.value.problems]
    assert told == [("Returns.md", 1), ("a.en.md", 3), ("b.en.md", 1), ("c.en.md", 3), ("c.en.md", 5)]
    with pytest.raises(BadInput):
        read_folder(tmp_path / "nothing")


def test_both_languages_of_the_demo_are_there_and_know_codes_that_exist() -> None:
    from ivr.reasons import Reason
    from scripts.library import load_library

    files = read_folder(DEMO_FOLDER)
    assert {file.slug for file in files if file.language == "id"} == {file.slug for file in files if file.language == "en"}
    library = load_library()
    answers = {answer.name for one in library.versions for page in one.script.pages for answer in page.answers}
    for file in files:
        assert set(file.text.fits.get(FitKind.ANSWER, ())) <= answers, file.slug
        assert set(file.text.fits.get(FitKind.REASON, ())) <= {*Reason, "returns"}, file.slug


def test_what_nobody_finds_is_counted_without_long_numbers(database: Database) -> None:
    with database.writing() as session:
        for text in ("Tukar  POIN", "tukar poin", "081234567890"):
            note_miss(session, text, "id", NOON)
        session.commit()
        kept = {miss.text: miss.count for miss in session.scalars(select(KnowledgeMiss))}
    assert kept == {"tukar poin": 2, "***890": 1}


# ── pages ──


def test_in_a_call_the_articles_that_fit_come_by_themselves_and_change_with_the_answers(desk: DeskHouse, demo: Database) -> None:
    place = desk.reserve()
    desk.step(place, Action.RING, Action.ANSWER)
    dewi = desk.browser("dewi")
    page = dewi.get("/desk").text
    assert 'data-beside="help"' in page
    assert "Ways to pay</a>" in page
    for page_name, answer in (("verify", "yes"), ("greeting", "can_not_pay_all")):
        step = {"script": "overdue", "page": page_name, "answer": answer}
        answered = dewi.post("/api/script", interaction_id=place.interaction_id, **step).json["html"]
    assert answered.index("More time to pay</a>") < answered.index("Ways to pay</a>")
    panel = dewi.client.get(f"/api/knowledge?interaction={place.interaction_id}").text
    assert "More time to pay" in panel
    assert "<mark>Warranty</mark>" in dewi.client.get("/api/knowledge/search?q=warranty").text
    other = desk.browser("rizky")
    other.get("/desk")
    assert "More time to pay" not in other.client.get(f"/api/knowledge?interaction={place.interaction_id}").text


def test_it_helped_is_counted_once_for_a_call(desk: DeskHouse, demo: Database) -> None:
    place = desk.reserve()
    dewi = desk.browser("dewi")
    dewi.get("/desk")
    assert "<strong>" in dewi.client.get("/api/knowledge/1").text
    for new in (True, False):
        assert dewi.post("/api/knowledge/1/helped", interaction_id=place.interaction_id).json == {"new": new}
    with demo.reading() as session:
        assert session.get_one(KnowledgeArticle, 1).helped == 1
        assert [help_.interaction_id for help_ in session.scalars(select(KnowledgeHelp))] == [place.interaction_id]
    assert dewi.post("/api/knowledge/1/helped", interaction_id="x").status_code == 400
    assert dewi.post("/api/knowledge/9999/helped").status_code == 404


def test_a_supervisor_writes_sees_it_and_publishes(desk: DeskHouse) -> None:
    sari = desk.browser("sari")
    sari.get("/knowledge/new?title=tukar+poin")
    assert 'value="tukar poin"' in sari.page
    fields = {"slug": "points", "language": "en", "title": HOSTILE, "body": f"Points **{HOSTILE}**", "tags": "points, loyalty"}
    preview = sari.post("/api/knowledge/preview", text=fields["body"]).json["html"]
    assert preview.startswith("<p>Points <strong>&lt;script&gt;")
    assert press(sari, "/knowledge/new", **fields, reasons="bill", queues="billing", answers="", then="draft").status_code == 302
    assert "not published" in sari.get("/knowledge").text
    assert desk.browser("dewi").get("/knowledge/1").status_code == 404, "a draft is not for agents"
    assert press(sari, "/knowledge/new", **fields, then="publish").status_code == 409
    sari.get("/knowledge/1/edit")
    assert "<script>alert" not in sari.page
    assert press(sari, "/knowledge/1/edit", seen="1", title="Points", body="Points", tags="", then="publish").status_code == 302
    late = press(sari, "/knowledge/1/edit", seen="1", title="Mine", body="My own text", tags="", then="publish")
    assert late.status_code == 409
    assert "My own text" in late.text
    assert "Points" in desk.browser("dewi").get("/knowledge?q=point").text
    sari.get("/knowledge/1?version=1")
    assert "<script>alert" not in sari.page
    press(sari, "/knowledge/1/withdraw")
    assert desk.browser("dewi").get("/knowledge/1").status_code == 404
    assert press(sari, "/knowledge/1/publish", version="7").status_code == 404


def test_faults_of_the_form_are_said_and_nothing_typed_is_lost(desk: DeskHouse) -> None:
    sari = desk.browser("sari")
    sari.get("/knowledge/new")
    answer = press(sari, "/knowledge/new", slug="No Name", language="xx", title="", body="kept text", reasons="Bill!")
    assert answer.status_code == 400
    assert "kept text" in answer.text
    assert answer.text.count("<li>") >= 4
    long = press(sari, "/knowledge/new", slug="long", language="en", title="Long", body="é" * 39_000, then="publish")
    assert long.status_code == 302, "a long article is more than an ordinary form may bring"


def test_agents_do_not_write_planners_do_not_read_and_csrf_is_asked(desk: DeskHouse, demo: Database) -> None:
    dewi, plan, sari = desk.browser("dewi"), desk.browser("plan"), desk.browser("sari")
    dewi.get("/knowledge")
    for path in ("/knowledge/new", "/knowledge/1/edit"):
        assert dewi.get(path).status_code == 403
        assert press(dewi, path, title="x", body="x").status_code == 403
    for path in ("/knowledge/1/publish", "/knowledge/1/withdraw", "/knowledge/misses/1/forget"):
        assert press(dewi, path).status_code == 403
    assert dewi.post("/api/knowledge/preview", text="x").status_code == 403
    for path in ("/knowledge", "/knowledge/1"):
        assert plan.get(path).status_code == 403
    assert sari.client.post("/knowledge/1/withdraw").status_code == 400


def test_what_was_not_found_is_listed_for_supervisors_until_somebody_sees_to_it(desk: DeskHouse, demo: Database) -> None:
    dewi, sari = desk.browser("dewi"), desk.browser("sari")
    dewi.get("/knowledge?q=zebra")
    assert 'data-missed="zebra"' in dewi.page
    for text in ("zebra", "warranty"):
        assert dewi.post("/api/knowledge/missed", text=text).status_code == 200
    sari.get("/knowledge")
    assert "<b>zebra</b>" in sari.page
    assert "<b>warranty</b>" not in sari.page, "somebody can find that"
    press(sari, "/knowledge/misses/1/forget")
    assert "<b>zebra</b>" not in sari.get("/knowledge").text
    assert "zebra" not in dewi.get("/knowledge").text
