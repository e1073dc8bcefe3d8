import math
from xml.etree import ElementTree

import networkx as nx
import pandas as pd
import pytest

from analysis import comention


def found(unit_corpus):
    return comention.pairs(*unit_corpus([{"AAA", "BBB"}, {"AAA", "BBB"}, {"BBB", "CCC"}, {"DDD"}]), n_draws=0)


def test_every_column_is_an_attribute_and_types_are_plain(unit_corpus):
    pairs = found(unit_corpus)
    graph = comention.graph(pairs, names={"AAA": "Aland"})
    assert graph.nodes["AAA"] == {"n": 2, "label": "Aland"}
    assert graph.nodes["DDD"] == {"n": 1, "label": "DDD"}
    assert sorted(graph.edges) == [("AAA", "BBB"), ("BBB", "CCC")]
    row = pairs[(pairs["country_a"] == "AAA") & (pairs["country_b"] == "BBB")].iloc[0]
    data = graph.edges["AAA", "BBB"]
    assert set(data) == set(pairs.columns) - {"country_a", "country_b"}
    assert {type(v) for v in data.values()} == {str, int, float}
    assert data["expected"] == row["expected"]


def test_graphml_comes_back_as_it_was(unit_corpus, tmp_path):
    graph = comention.graph(found(unit_corpus), names={"AAA": "Åland & <b>"})
    graph.edges["AAA", "BBB"]["ci_low"] = -math.inf
    path = comention.write_graphml(graph, tmp_path / "pairs.graphml")
    back = nx.read_graphml(path)
    assert back.nodes["AAA"] == {"n": 2, "label": "Åland & <b>"}
    assert set(back.edges) == set(graph.edges)
    # NaN is left out; what Java reads as a double is all that is left.
    assert "p" not in back.edges["AAA", "BBB"]
    assert back.edges["AAA", "BBB"]["ci_low"] == -1.7976931348623157e308
    assert back.edges["AAA", "BBB"]["n_both"] == 2
    text = path.read_text(encoding="utf-8")
    assert "nan" not in text
    assert "inf" not in text.replace("info", "")
    keys = {e.get("attr.name"): e.get("attr.type") for e in ElementTree.parse(path).iter() if e.tag.endswith("key")}
    assert keys["expected"] == "double"
    assert keys["within"] == "string"
    assert math.isnan(graph.edges["AAA", "BBB"]["p"])


def test_empty_and_repeated(unit_corpus):
    assert comention.graph(found(unit_corpus)[:0]).number_of_nodes() == 0
    twice = pd.concat([found(unit_corpus), found(unit_corpus)])
    with pytest.raises(ValueError, match="AAA, BBB occurs twice; give one window at a time"):
        comention.graph(twice)
