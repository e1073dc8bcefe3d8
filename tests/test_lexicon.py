"""The lexicon as data, and what is said about rows that are wrong."""

import re

import babel
import pandas as pd
import pycountry
import pytest

from analysis import countries, flat, gazetteer, lexicon

# No capital, or no people: the reason why a row is missing.
NO_CAPITAL = {
    "ATA": "no state",
    "BVT": "uninhabited",
    "GIB": "its own capital",
    "HMD": "uninhabited",
    "IOT": "no civil population",
    "UMI": "no population of its own",
    "VAT": "its own capital",
}
NO_DEMONYM = {
    "ATF": "uninhabited",
    "BVT": "uninhabited",
    "HMD": "uninhabited",
    "UMI": "no population of its own",
    "VAT": "none in use",
}


@pytest.fixture(scope="module")
def rows():
    return lexicon.load()


def forms(rows, code, kind):
    mine = rows[(rows["country"] == code) & (rows["kind"] == kind)]
    return {plain(s) for s in mine["surface"]}


def plain(name):
    folded = flat.fold(name).decode("latin-1").lower().removeprefix("the ").replace(" & ", " and ")
    return re.sub(r"\bst\.? ", "saint ", folded)


def test_every_iso_entry_has_a_name_a_demonym_and_a_capital(rows):
    assert set(lexicon.codes()) == {c.alpha_3 for c in pycountry.countries} | {"XKX"}
    have = set(zip(rows["country"], rows["kind"], strict=True))
    for kind, without in (("name", {}), ("demonym", NO_DEMONYM), ("capital", NO_CAPITAL)):
        assert {c for c in lexicon.codes() if (c, kind) not in have} == set(without)


def test_the_names_of_iso_3166_are_in_it(rows):
    for country in pycountry.countries:
        known = forms(rows, country.alpha_3, "name")
        names = [getattr(country, k, None) for k in ("name", "common_name", "official_name")]
        # the standard's inverted names, "Congo, The Democratic Republic of the", are no form that a text has
        missing = [n for n in names if n and ", " not in n and plain(n) not in known]
        assert missing == [], country.alpha_3


def test_the_names_of_cldr_are_in_it(rows):
    territories = babel.Locale("en").territories
    for country in pycountry.countries:
        assert plain(territories[country.alpha_2]) in forms(rows, country.alpha_3, "name"), country.alpha_3


def test_display_names_are_short():
    wanted = {"IRN": "Iran", "CUB": "Cuba", "USA": "United States", "GBR": "United Kingdom", "XKX": "Kosovo"}
    assert {code: lexicon.name(code) for code in wanted} == wanted
    assert lexicon.names(["CUB", "IRN"]) == ["Cuba", "Iran"]
    names = lexicon.display_names()
    assert len(set(names.values())) == len(names) == 250
    with pytest.raises(KeyError, match="XXX"):
        lexicon.name("XXX")


def test_the_former_short_and_foreign_names_of_the_issue(rows):
    wanted = {
        "MMR": "Burma", "SWZ": "Swaziland", "CIV": "Ivory Coast", "TUR": "Türkiye", "CZE": "Czech Republic",
        "NLD": "Holland", "PRK": "DPRK", "KOR": "ROK", "ARE": "UAE", "COD": "DRC", "CHN": "PRC",
    }  # fmt: skip
    for code, name in wanted.items():
        assert plain(name) in forms(rows, code, "name")
    assert {"uk", "britain", "great britain"} <= forms(rows, "GBR", "name")
    assert {"us", "u.s.", "usa", "u.s.a.", "america"} <= forms(rows, "USA", "name")


def test_every_longer_name_holds_a_candidate(rows):
    other = rows.loc[rows["kind"] == "other", "surface"].tolist()
    articles = pd.DataFrame({"article_id": [str(i) for i in range(len(other))], "text": other}, dtype="str")
    found = countries.mentions(articles, lexicon=rows[rows["kind"] != "other"])
    assert [s for i, s in enumerate(other) if str(i) not in set(found["article_id"])] == []


def test_no_form_has_blanks_at_its_ends_and_none_is_written_twice(rows):
    assert (rows["surface"] == rows["surface"].str.strip()).all()
    assert not rows.duplicated(["surface", "kind", "country", "organisation", "valid_from"]).any()


def test_cues_are_well_formed():
    cues = pd.read_csv(gazetteer.CUES, dtype="str", keep_default_na=False)
    assert set(cues["side"]) == {"before", "after", "near"}
    assert not cues.duplicated(["cue", "side", "sense"]).any()
    assert cues.loc[cues["side"] == "before", "cue"].str.endswith((" ", "-")).all()
    assert (cues.loc[cues["side"] == "near", "cue"] == cues.loc[cues["side"] == "near", "cue"].str.strip()).all()


GOOD = "surface,country,kind\nZanado,CUB,name\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("surface,country,kind\nX,CUB,nick\n", "mine.csv, line 2 .'X'.: unknown kind 'nick'"),
        ("surface,country,kind\nX,XYZ,name\n", "mine.csv, line 2 .'X'.: 'XYZ' is no ISO 3166-1 alpha-3 code"),
        ("surface,country,kind\nX,,name\n", "line 2 .'X'.: nan is no ISO 3166-1|line 2 .'X'.: None is no ISO"),
        ("surface,country,kind\nX,CUB,name\n ,CUB,name\n", "mine.csv, line 3: the surface is empty"),
        ("surface,country,kind\nX,CUB,name\nX,HTI,name\n", "line 3 .'X'. contradicts mine.csv, line 2: name of HTI"),
        ("surface,country,kind\nIran,IRQ,name\n", "mine.csv, line 2 .'Iran'. contradicts lexicon.csv, line"),
        ("surface,country,kind,requires\nX,CUB,name,odd\n", "line 2 .'X'.: unknown condition 'odd' in requires"),
        ("surface,country,kind,forbids\nX,CUB,name,own\n", "line 2 .'X'.: unknown condition 'own' in forbids"),
        ("surface,country,kind,forbids\nX,CUB,name,province:XYZ\n", "line 2 .'X'.: 'province:XYZ' names no country's"),
        ("surface,country,kind,valid_from\nX,CUB,leader,May 2020\n", "mine.csv, line 2 .'X'.: valid_from is no date"),
        (
            "surface,country,kind,valid_from,valid_to\nX,CUB,leader,2021-01-01,2020-01-01\n",
            "mine.csv, line 2 .'X'.: valid_from is after valid_to",
        ),
        ("surface,kind\nX,name\n", "mine.csv lacks the columns country"),
        ("surface,country,kind,colour\nX,CUB,name,red\n", "mine.csv has unknown columns colour"),
        ("surface,country,kind\nX,CUB,name,more\n\n1,2,3,4,5,6\n", "mine.csv is no table|mine.csv, line"),
        ("surface,country,kind\nX,CUB,other\n", "line 2 .'X'.: a row of kind other has no country, but this has 'CUB'"),
    ],
)
def test_a_wrong_row_is_named(tmp_path, text, message):
    file = tmp_path / "mine.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        lexicon.load(extra=file)


def test_rows_of_ones_own_are_added(tmp_path):
    file = tmp_path / "mine.csv"
    file.write_text(GOOD, encoding="utf-8")
    articles = pd.DataFrame({"article_id": ["a"], "text": ["Zanado met Iran."]}, dtype="str")
    found = countries.mentions(articles, lexicon=lexicon.load(extra=[file]))
    assert found[["surface", "country", "accepted"]].to_numpy().tolist() == [
        ["Zanado", "CUB", True],
        ["Iran", "IRN", True],
    ]


def test_a_row_of_ones_own_replaces_the_shipped_one(tmp_path):
    articles = pd.DataFrame({"article_id": ["a"], "text": ["Georgia is cold."]}, dtype="str")
    assert not countries.mentions(articles)["accepted"].any()
    file = tmp_path / "mine.csv"
    file.write_text("surface,country,kind\nGeorgia,GEO,name\n", encoding="utf-8")
    assert countries.mentions(articles, lexicon=lexicon.load(extra=file))["accepted"].tolist() == [True]


def test_an_organisation_of_ones_own_needs_no_code(tmp_path):
    file = tmp_path / "mine.csv"
    file.write_text("surface,country,kind\nMutual League,,organisation\n", encoding="utf-8")
    articles = pd.DataFrame({"article_id": ["a"], "text": ["The Mutual League met."]}, dtype="str")
    found = countries.mentions(articles, lexicon=lexicon.load(extra=file))
    assert found[["organisation", "accepted"]].to_numpy().tolist() == [["Mutual League", True]]
    assert found["country"].isna().all()


def test_dated_rows_hold_between_their_dates(tmp_path):
    file = tmp_path / "mine.csv"
    file.write_text(
        "surface,country,kind,valid_from,valid_to\nSmithson,CUB,leader,2001-01-01,2001-12-31\n"
        "Smithson,HTI,leader,2003-01-01,\n",
        encoding="utf-8",
    )
    days = ["2000-12-31", "2001-12-31", "2002-06-01", "2003-01-01", None]
    articles = pd.DataFrame({"article_id": list("abcde"), "text": "Smithson spoke.", "published": days}, dtype="str")
    articles["published"] = pd.to_datetime(articles["published"], utc=True)
    found = countries.mentions(articles, lexicon=lexicon.load(extra=file))
    expected = pd.DataFrame(
        {
            "country": [None, "CUB", None, "HTI", None],
            "accepted": [False, True, False, True, False],
            "rule": [
                "out of office at the article's date",
                "lexicon",
                "out of office at the article's date",
                "lexicon",
                "undecided between countries",
            ],
        }
    ).astype({"country": "str", "rule": "str"})
    pd.testing.assert_frame_equal(found[["country", "accepted", "rule"]], expected)


def test_raisi_is_a_leader_while_he_was_one():
    articles = pd.DataFrame({"article_id": ["a", "b", "c"], "text": "Raisi spoke."}, dtype="str")
    articles["published"] = pd.to_datetime(["2021-08-02", "2021-08-03", "2024-05-20"], utc=True)
    assert countries.mentions(articles)["accepted"].tolist() == [False, True, False]


def test_members_on_a_day():
    assert lexicon.members("EAEU", on="2015-01-01") == ("BLR", "KAZ", "RUS")
    assert lexicon.members("EAEU", on="2015-08-12") == ("ARM", "BLR", "KAZ", "KGZ", "RUS")
    assert "GBR" in lexicon.members("EU", on="2020-01-31")
    assert "GBR" not in lexicon.members("EU", on="2020-02-01")
    assert lexicon.members("NATO", on="1940-01-01") == ()
    with pytest.raises(KeyError, match="no membership is recorded for 'XYZ'; it is for AES, ALBA"):
        lexicon.members("XYZ", on="2020-01-01")


def test_memberships_are_of_known_countries_and_organisations(rows):
    table = lexicon.memberships()
    assert set(table["country"]) <= set(lexicon.codes())
    assert set(table["organisation"]) <= set(rows["organisation"].dropna())
    assert not (table["valid_from"] > table["valid_to"]).any()
    # how many members each has today is well known
    sizes = {o: len(lexicon.members(o, on="2025-12-01")) for o in ("EU", "NATO", "G7", "ASEAN", "SCO", "GCC", "BRICS")}
    assert sizes == {"EU": 27, "NATO": 32, "G7": 7, "ASEAN": 11, "SCO": 10, "GCC": 6, "BRICS": 10}
