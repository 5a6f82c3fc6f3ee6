"""Answers as plain trees, and the paths over them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from casrules.alerts.nodes import Node, from_json, from_xml, read_path, select, texts

XML = b"""<a xmlns="urn:x" k="1"><!-- no --><b n="1">one</b><b n="2"> two </b><c><d>deep</d><d/></c></a>"""


@pytest.fixture
def tree() -> Node:
    return from_xml(etree.fromstring(XML))


def test_xml_loses_namespaces_comments_and_blanks(tree: Node) -> None:
    assert tree.name == "a"
    assert tree.attributes == {"k": "1"}
    assert [(node.name, node.text) for node in tree.children] == [("b", "one"), ("b", "two"), ("c", "")]
    assert tree.children[0].line == 1


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("./b", ["one", "two"]),
        ("./b[2]", ["two"]),
        ("./b[@n='2']", ["two"]),
        ("./b/@n", ["1", "2"]),
        ("./c/d", ["deep"]),
        ("./c[d='deep']/d[1]", ["deep"]),
        ("./b[not(x)]", ["one", "two"]),
        ("./c[x]", []),
        ("/./@k", ["1"]),
        ("./nothing", []),
        (".", []),
    ],
)
def test_paths_select_by_local_names(tree: Node, path: str, found: list[str]) -> None:
    assert list(texts(tree, tree, path)) == found


def test_a_path_from_the_root_does_not_mind_where_it_is_asked(tree: Node) -> None:
    assert select(tree.children[2], tree, "/./b") == list(tree.children[:2])


def test_json_keys_become_nodes_and_lists_repeat() -> None:
    tree = from_json({"code": "X", "errors": [{"message": "a"}, {"message": "b"}], "ok": True, "none": None})
    assert list(texts(tree, tree, "./errors/message")) == ["a", "b"]
    assert list(texts(tree, tree, "./ok")) == ["true"]
    assert select(tree, tree, "./none") == []
    assert [node.name for node in from_json([1, 2]).children] == ["entry", "entry"]


def test_a_path_outside_the_language_is_refused() -> None:
    with pytest.raises(ValueError, match="character"):
        read_path("./a//b")


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1, max_size=3), inner, max_size=3),
    max_leaves=15,
)


@given(_json)
def test_any_json_becomes_a_tree_that_can_be_walked(value: object) -> None:
    tree = from_json(json.loads(json.dumps(value)))
    assert sum(1 for _ in tree.walk()) >= 1
