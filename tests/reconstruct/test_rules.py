"""The rules in words: every one says something of its own, with its figures and its source."""

import re
import string

import pytest

from reconstruct.rules import Rule

RULES = pytest.mark.parametrize("rule", list(Rule), ids=lambda rule: rule.name)
SAME_WORDS = {Rule.HOLE_FILLED_LATE, Rule.HOLE_FILLED_SOON}  # the figures tell which


@RULES
def test_a_rule_prints_its_two_figures_at_most(rule: Rule) -> None:
    fields = [name for _, name, _, _ in string.Formatter().parse(rule.template) if name is not None]
    assert set(fields) <= {"a", "b"}
    assert fields == sorted(set(fields))


@RULES
def test_a_rule_names_the_section_of_an_rfc(rule: Rule) -> None:
    assert re.fullmatch(r"RFC \d{4} \d+(\.\d+)*(, RFC \d{4} \d+(\.\d+)*)*", rule.source)


@RULES
def test_a_reason_is_the_rule_with_its_figures_and_its_source(rule: Rule) -> None:
    reason = rule.reason(12345, 67890)
    assert reason.endswith(f"({rule.source})")
    assert ("12345" in reason) == ("{a}" in rule.template)
    assert ("67890" in reason) == ("{b}" in rule.template)
    assert "{" not in reason


def test_a_reason_reads_as_a_sentence_about_the_segment() -> None:
    assert Rule.ACK_ADVANCES.reason(1448, 0) == "acknowledges 1448 new bytes (RFC 9293 3.10.7.4)"
    assert Rule.ACK_DUPLICATE.reason(3, 2896) == (
        "duplicate acknowledgment number 3 while 2896 bytes are outstanding (RFC 5681 2)"
    )


def test_rules_are_numbered_from_zero_without_a_hole() -> None:
    assert [int(rule) for rule in Rule] == list(range(len(Rule)))


def test_two_rules_have_the_same_words_only_if_their_figures_tell_them_apart() -> None:
    words = [rule.template for rule in Rule if rule not in SAME_WORDS]
    assert len(words) == len(set(words))
