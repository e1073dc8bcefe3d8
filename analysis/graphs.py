"""Pairs as a graph, and its export."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from pathlib import Path

import networkx as nx
import pandas as pd

from analysis import frames


def graph(pairs: pd.DataFrame, *, names: Mapping[str, str] | None = None) -> nx.Graph:
    """Turn pairs into a graph: a node a country, an edge a pair that some unit names, every column an attribute.

    Parameters
    ----------
    pairs : DataFrame
        From `comention.pairs`, or rows of it.
    names : mapping of str to str, optional
        Labels of the codes; they become the nodes' ``label``.

    Returns
    -------
    networkx.Graph
        Nodes carry ``n``, the units naming the country, and ``label``; edges every other column, as Python numbers and
        strings. Countries without an edge are kept as nodes. Edges have no ``weight``: which column weighs is a choice.

    Raises
    ------
    ValueError
        If a column is missing or a pair occurs twice.
    """
    frames.require(pairs, ["country_a", "country_b", "n_a", "n_b", "n_both"], name="pairs")
    twice = pairs.duplicated(["country_a", "country_b"])
    if twice.any():
        a, b = pairs.loc[twice, ["country_a", "country_b"]].iloc[0]
        raise ValueError(f"pairs: {a}, {b} occurs twice; give one window at a time")
    sizes = dict(zip(pairs["country_a"], pairs["n_a"].tolist(), strict=True))
    sizes |= dict(zip(pairs["country_b"], pairs["n_b"].tolist(), strict=True))
    result = nx.Graph()
    for country in sorted(sizes):
        result.add_node(country, n=sizes[country], label=(names or {}).get(country, country))
    seen = pairs[pairs["n_both"] > 0].sort_values(["country_a", "country_b"])
    columns = [c for c in pairs.columns if c not in ("country_a", "country_b")]
    values = zip(*(seen[c].tolist() for c in columns), strict=True)
    for a, b, row in zip(seen["country_a"], seen["country_b"], values, strict=True):
        result.add_edge(a, b, **dict(zip(columns, row, strict=True)))
    return result


def write_graphml(graph: nx.Graph, path: str | os.PathLike[str]) -> Path:
    """Write a graph as GraphML, for Gephi and its like.

    An attribute that is NaN or missing is left out, which GraphML reads as not given; an infinite one is written as
    the largest double of its sign, since readers written in Java do not know ``-inf``.

    Parameters
    ----------
    graph : networkx.Graph
    path : path-like

    Returns
    -------
    Path
        What was written.
    """
    clean = nx.Graph()
    clean.add_nodes_from((node, _plain(data)) for node, data in graph.nodes(data=True))
    clean.add_edges_from((a, b, _plain(data)) for a, b, data in graph.edges(data=True))
    path = Path(path)
    nx.write_graphml_xml(clean, path, named_key_ids=True)
    return path


def _plain(data: dict) -> dict:
    largest = 1.7976931348623157e308
    kept = {k: v for k, v in data.items() if not pd.isna(v)}
    return {k: math.copysign(largest, v) if isinstance(v, float) and math.isinf(v) else v for k, v in kept.items()}
