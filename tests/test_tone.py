import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from statsmodels.stats.inter_rater import cohens_kappa

from analysis import comention, corpus, countries, frames, tone

WORDS = pd.DataFrame(
    {
        "term": ["sign", "signed", "treaty", "accused", "war", "war on poverty", "embargo", "sanctions"],
        "tone": ["cooperative"] * 3 + ["conflictual"] * 2 + ["neither"] + ["conflictual"] * 2,
    }
)


@pytest.mark.parametrize(
    ("text", "kind", "negated"),
    [
        ("A and B signed a treaty.", "cooperative", ""),
        ("A accused B.", "conflictual", ""),
        ("A signed the treaty and accused B.", "both", ""),
        ("A borders on B.", "neither", ""),
        ("The war on poverty goes on in A and B.", "neither", ""),
        ("A did not sign it, said B.", "neither", "sign"),
        ("A didn’t sign it, said B.", "neither", "sign"),
        ("A lifted its embargo on B.", "neither", "embargo"),
        ("A broke the treaty with B.", "neither", "treaty"),
        ("Never was there, in all those long years, a war of A and B.", "conflictual", ""),
    ],
)
def test_classify(text, kind, negated):
    found = tone.classify(pd.Series([text]), lexicon=WORDS).iloc[0]
    assert (found["tone"], found["negated"]) == (kind, negated)


def test_tone_counts_sentences_of_pairs():
    texts = ["Iran and Cuba signed a treaty. Iran accused Cuba and Russia. Iran borders on Iraq."]
    articles = pd.DataFrame({"article_id": ["a"], "text": texts}).astype("str")
    mentions = countries.mentions(articles)
    found = comention.tone(mentions, articles, lexicon=WORDS)
    wanted = pd.DataFrame(
        [["CUB", "IRN", 2, 1, 1, 0, 0, 0, 0.0], ["CUB", "RUS", 1, 0, 1, 0, 0, 0, -1.0],
         ["IRN", "IRQ", 1, 0, 0, 0, 1, 0, None], ["IRN", "RUS", 1, 0, 1, 0, 0, 0, -1.0]],
        columns=["country_a", "country_b", "n_sentences", "n_cooperative", "n_conflictual", "n_both", "n_neither",
                 "n_listing", "balance"],
    ).astype({"country_a": "str", "country_b": "str", "balance": "float64"})  # fmt: skip
    assert_frame_equal(found, wanted)
    listed = comention.tone(mentions, articles, lexicon=WORDS, max_countries=2).set_index(["country_a", "country_b"])
    assert listed.loc[("CUB", "RUS"), ["n_sentences", "n_listing"]].tolist() == [1, 1]
    read = comention.tone_sentences(mentions, articles, lexicon=WORDS)
    assert read["countries"].tolist() == ["CUB IRN", "CUB IRN RUS", "IRN IRQ"]
    assert [texts[0][a:b] for a, b in zip(read["start"], read["end"], strict=True)] == read["text"].tolist()


def test_empty():
    articles = pd.DataFrame({"article_id": ["a"], "text": ["Nothing."]}).astype("str")
    assert comention.tone(frames.empty("mentions"), articles).empty
    assert comention.tone_sentences(frames.empty("mentions"), articles).empty
    assert tone.classify(pd.Series([], dtype="str")).empty


def test_agreement_by_hand():
    # Labelled: cooperative 2, conflictual 1, neither 1; found: cooperative 1, conflictual 1, neither 2; 3 of 4 agree.
    sample = pd.DataFrame(
        {
            "label": ["cooperative", "cooperative", "conflictual", "neither"],
            "text": ["They signed.", "They hugged.", "They accused them.", "They sat."],
        }
    )
    found = tone.agreement(sample, lexicon=WORDS).set_index("tone")
    assert found.loc["cooperative", ["precision", "recall"]].tolist() == [1, 0.5]
    assert found.loc["neither", ["precision", "recall"]].tolist() == [0.5, 1]
    assert found.loc["all", "agreement"] == 0.75
    # By chance: (2 * 1 + 1 * 1 + 1 * 2) / 16 = 5/16; kappa = (12/16 - 5/16) / (11/16) = 7/11.
    assert found.loc["all", "kappa"] == pytest.approx(7 / 11)


def test_the_shipped_words_and_sample():
    words = pd.read_csv(tone.LEXICON, dtype="str")
    assert words["term"].tolist() == sorted(words["term"])
    assert (words["term"] == words["term"].str.lower()).all()
    tone.classify(pd.Series(["x"]))
    found = tone.agreement().set_index("tone")
    assert found.loc["all", "n_labelled"] >= 80
    # Measured when the list was finished; a change of the list that makes it worse must say so here.
    assert found.loc["all", "agreement"] >= 0.85
    sample = pd.read_csv(tone.SAMPLE, dtype="str")
    articles, _ = corpus.load_articles()
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    of_seeds = sample[sample["source"].isin(texts)]
    assert len(of_seeds) >= 20
    assert all(text in texts[source] for source, text in zip(of_seeds["source"], of_seeds["text"], strict=True))
    assert (comention.agreement()["n_labelled"] == found["n_labelled"].to_numpy()).all()
    assert tone.measured()["agreement"].between(0, 1).all()


def test_interval_of_kappa_against_statsmodels():
    words = {"cooperative": "They signed.", "conflictual": "They accused.", "both": "They signed and accused."}
    words["neither"] = "They sat."
    rng = np.random.default_rng(0)
    labels, texts = rng.choice(tone.TONES, 60), rng.choice(tone.TONES, 60)
    texts = np.where(rng.random(60) < 0.5, labels, texts)
    found = tone.agreement(pd.DataFrame({"label": labels, "text": [words[t] for t in texts]}), lexicon=WORDS).iloc[-1]
    wanted = cohens_kappa(pd.crosstab(labels, texts).reindex(index=tone.TONES, columns=tone.TONES))
    assert found["kappa"] == pytest.approx(wanted.kappa)
    assert (found["kappa_low"], found["kappa_high"]) == pytest.approx((wanted.kappa_low, wanted.kappa_upp))
    # All agree: kappa 1, and nothing that could tell how sure that is.
    sure = tone.agreement(pd.DataFrame({"label": list(words), "text": list(words.values())}), lexicon=WORDS).iloc[-1]
    assert sure["kappa"] == 1
    assert sure[["kappa_low", "kappa_high"]].isna().all()
    none = tone.agreement(pd.DataFrame({"label": [], "text": []}, dtype="str")).iloc[-1]
    assert none[["agreement", "kappa", "kappa_low"]].isna().all()


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("", "neither")], "row 0 has no term"),
        ([("war", "bad")], "tone 'bad' of 'war' is none of"),
        ([("war", "neither"), ("War", "conflictual")], "'War' occurs twice"),
    ],
)
def test_a_wrong_lexicon_is_refused(rows, message):
    with pytest.raises(ValueError, match=message):
        tone.classify(pd.Series(["x"]), lexicon=pd.DataFrame(rows, columns=["term", "tone"]))


def test_wrong_labels_are_refused():
    with pytest.raises(ValueError, match="label 'nice' is none of"):
        tone.agreement(pd.DataFrame({"label": ["nice"], "text": ["x"]}))
