"""Cells become the values that people and programs read."""

import ipaddress
import struct
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer import rows, schema
from analyzer.addresses import address_text
from reconstruct.rules import Rule
from reconstruct.seq import UNKNOWN
from reconstruct.states import Event, State
from reconstruct.vocabulary import EventKind, Reopening
from tests.fake_analysis import START_NS, FakeAnalysis, FakeFinding

WORDS = st.integers(-(1 << 63) + 1, (1 << 63) - 1)


def test_a_flow_reads_as_the_tables_promise() -> None:
    first = next(rows.rows_of(FakeAnalysis().flow_rows, schema.FLOWS))
    assert first == {
        "flow": 0, "client_ip": "10.0.0.1", "client_port": 40000, "server_ip": "10.0.0.2", "server_port": 80,
        "role_known": True, "first_frame": 1, "last_frame": 9, "first_time": "2023-11-14T22:13:20.000000000Z",
        "last_time": "2023-11-14T22:13:21.500000000Z", "duration_s": 1.5, "segments": 8, "bytes": 100,
        "opening": "handshake", "closing": "fin", "client_state": "TIME-WAIT", "server_state": "CLOSED",
        "syn_rtt_ms": 35.0, "ack_rtt_ms": 0.1, "vantage": "client", "syn_cookie": None, "one_sided": False,
        "vlan": None, "tunnel": None,
    }  # fmt: skip


def test_what_the_capture_cannot_show_is_none() -> None:
    second = list(rows.rows_of(FakeAnalysis().flow_rows, schema.FLOWS))[1]
    assert second["server_state"] is second["syn_rtt_ms"] is second["vantage"] is None


def test_tags_and_tunnels_of_a_flow_are_told() -> None:
    second = list(rows.rows_of(FakeAnalysis().flow_rows, schema.FLOWS))[1]
    assert (second["vlan"], second["tunnel"]) == ("10.20", 7)


def test_what_this_release_does_not_measure_is_null_and_the_algorithm_unknown() -> None:
    first = next(rows.rows_of(FakeAnalysis().direction_rows, schema.DIRECTIONS))
    assert first["congestion_control"] == "unknown"
    assert first["congestion_control_confidence"] is first["cwnd_max"] is None


def test_a_share_is_one_time_in_another_and_unknown_without_any() -> None:
    directions = list(rows.rows_of(FakeAnalysis().direction_rows, schema.DIRECTIONS))
    assert [row["limited_by_rwnd"] for row in directions] == [0.625, None, None, None]  # 250 of 400 ms


def test_no_time_has_no_shares() -> None:
    assert rows.share(0, 0) is None


def test_an_option_that_was_not_seen_is_not_one_that_was_not_offered() -> None:
    directions = list(rows.rows_of(FakeAnalysis().direction_rows, schema.DIRECTIONS))
    assert [row["sack_permitted"] for row in directions] == [True, True, False, None]


@pytest.mark.parametrize(
    ("flags", "text"),
    [(0x02, "S"), (0x12, "SA"), (0x10, "A"), (0x18, "PA"), (0x11, "FA"), (0x04, "R"), (0x14, "RA"), (0xC2, "SEC"),
     (0, "none"), (0x1FF, "FSRPAUECN")],
)  # fmt: skip
def test_flags_are_letters_in_the_order_of_their_bits(flags: int, text: str) -> None:
    assert rows.flags_text(flags) == text


@given(WORDS)
def test_a_time_keeps_every_nanosecond(time_ns: int) -> None:
    text = rows.time_text(time_ns)
    whole, fraction = text.removesuffix("Z").split(".")
    seconds = datetime.fromisoformat(whole).replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    assert (seconds.days * 86400 + seconds.seconds) * 10**9 + int(fraction) == time_ns


@given(st.integers(0, 1 << 53))
def test_milliseconds_are_the_nearest_float(span_ns: int) -> None:
    # A float keeps 53 bits: dividing and multiplying again, each rounded once, is off by 2^-52 of the span at most.
    assert abs(rows.milliseconds(span_ns) * 10**6 - span_ns) <= span_ns * 2**-52


@given(st.integers(0, (1 << 32) - 1))
def test_ipv4_addresses_print_as_everybody_prints_them(address: int) -> None:
    assert address_text(4, 0, address) == str(ipaddress.IPv4Address(address))


@given(WORDS, WORDS)
def test_ipv6_addresses_mean_the_two_words_that_they_were_made_from(high: int, low: int) -> None:
    assert ipaddress.IPv6Address(address_text(6, high, low)).packed == struct.pack(">qq", high, low)


@pytest.mark.parametrize(("cell", "text"), [(0, "0"), (10, "10"), (10 << 12 | 20, "10.20"), (10 << 24 | 20, "10.0.20")])
def test_vlan_ids_are_joined_outermost_first(cell: int, text: str) -> None:
    assert rows.vlan_text(cell) == text


def test_a_reason_is_the_rule_with_its_figures_and_its_source() -> None:
    assert rows.reason_text(Rule.ACK_OF_UNSENT, 200, 101) == (
        "acknowledges 200, at most 101 can have been sent (RFC 9293 3.10.7.4)"
    )


def test_a_figure_that_is_not_known_is_not_a_number_in_the_reason() -> None:
    assert str(UNKNOWN) not in str(rows.reason_text(Rule.ACK_ADVANCES, UNKNOWN, UNKNOWN))


def test_a_segment_without_a_rule_has_no_reason() -> None:
    assert rows.reason_text(UNKNOWN, 1, 2) is None


@pytest.mark.parametrize("rule", list(Rule), ids=lambda rule: rule.name)
def test_every_rule_prints_its_two_figures_in_its_words(rule: Rule) -> None:
    text = rows.reason_text(rule, 4711, 815)
    assert text is not None
    assert ("4711" in text) == ("{a}" in rule.template)
    assert ("815" in text) == ("{b}" in rule.template)


def test_the_detail_of_a_state_event_tells_from_to_and_on() -> None:
    detail = rows.event_detail(EventKind.STATE, State.SYN_SENT, State.ESTABLISHED, Event.RCV_SYN_ACK)
    assert detail == {"from": "SYN-SENT", "to": "ESTABLISHED", "on": "rcv SYN,ACK"}


def test_the_first_state_that_a_capture_shows_comes_from_nowhere() -> None:
    assert rows.event_detail(EventKind.STATE, UNKNOWN, State.LISTEN, UNKNOWN) == {
        "from": None,
        "to": "LISTEN",
        "on": None,
    }


def test_the_end_of_a_zero_window_tells_probes_and_how_long_it_held() -> None:
    assert rows.event_detail(EventKind.ZERO_WINDOW_END, 2, 250_000_000, UNKNOWN) == {"probes": 2, "held_ms": 250.0}


@pytest.mark.parametrize(
    ("how", "told"),
    [
        (Reopening.WINDOW_UPDATE, {"ended_by": "window-update"}),
        (Reopening.DATA, {"ended_by": "data"}),
        (Reopening.PROBE_ANSWER, {"ended_by": "probe-answer"}),
        (Reopening.PROBE_ANSWER_FOR_LOST_UPDATE, {"ended_by": "probe-answer", "update_lost": True}),
    ],
)
def test_the_end_of_a_zero_window_tells_what_ended_it(how: Reopening, told: dict[str, object]) -> None:
    assert rows.event_detail(EventKind.ZERO_WINDOW_END, 2, 0, how) == {"probes": 2, "held_ms": 0.0} | told


def test_a_probe_tells_how_long_the_sender_waited_and_which_update_it_did_not_hear() -> None:
    assert rows.event_detail(EventKind.ZERO_WINDOW_PROBE, 3, UNKNOWN, 400_000_000) == {"probes": 3, "waited_ms": 400.0}
    assert rows.event_detail(EventKind.ZERO_WINDOW_PROBE, 4, 29, UNKNOWN) == {"probes": 4, "update_lost_frame": 29}


def test_a_full_window_tells_its_figures() -> None:
    told = {"window_bytes": 3500, "room_bytes": 500, "flight_bytes": 3000}
    assert rows.event_detail(EventKind.WINDOW_FULL, 3500, 500, 3000) == told


def test_the_beginning_of_a_zero_window_does_not_tell_how_long_it_held() -> None:
    assert rows.event_detail(EventKind.ZERO_WINDOW_BEGIN, 0, UNKNOWN, UNKNOWN) == {"probes": 0}


def test_a_capture_gap_tells_its_bytes() -> None:
    assert rows.event_detail(EventKind.CAPTURE_GAP, 1460, UNKNOWN, UNKNOWN) == {"missing_bytes": 1460}


def test_a_violation_tells_its_rule_and_what_it_is_about() -> None:
    assert rows.event_detail(EventKind.RULE_VIOLATION, Rule.ACK_OF_UNSENT, 200, 101) == {
        "rule": "RFC 9293 3.10.7.4",
        "about": "acknowledges 200, at most 101 can have been sent (RFC 9293 3.10.7.4)",
    }


def test_an_event_without_figures_has_an_empty_detail() -> None:
    assert rows.event_detail(EventKind.UNDO, UNKNOWN, UNKNOWN, UNKNOWN) == {}


def test_a_span_with_an_unknown_end_is_unknown() -> None:
    assert rows.span_seconds(START_NS, UNKNOWN) is rows.span_seconds(UNKNOWN, START_NS) is None


def test_a_finding_reads_as_its_row() -> None:
    row = rows.finding_row(FakeFinding(flow=None))
    assert tuple(row) == schema.FINDINGS.column_names
    assert (row["flow"], row["frames"], row["severity"]) == (None, [6, 7], "warning")


UNMEASURED = {"rtt_median_ns": UNKNOWN}


def test_the_round_trip_is_the_sum_of_both_halves_of_the_handshake() -> None:
    assert rows.round_trip_ns({"syn_rtt_ns": 30, "ack_rtt_ns": 5}, UNMEASURED, UNMEASURED) == (35, True)


def test_without_a_handshake_the_round_trip_is_the_sum_of_both_medians() -> None:
    flow = {"syn_rtt_ns": UNKNOWN, "ack_rtt_ns": 5}
    assert rows.round_trip_ns(flow, {"rtt_median_ns": 20}, {"rtt_median_ns": 4}) == (24, True)


def test_half_a_round_trip_is_a_lower_bound() -> None:
    flow = {"syn_rtt_ns": UNKNOWN, "ack_rtt_ns": UNKNOWN}
    assert rows.round_trip_ns(flow, {"rtt_median_ns": 20}, UNMEASURED) == (20, False)


def test_no_round_trip_is_unknown() -> None:
    flow = {"syn_rtt_ns": UNKNOWN, "ack_rtt_ns": UNKNOWN}
    assert rows.round_trip_ns(flow, UNMEASURED, UNMEASURED) == (UNKNOWN, False)


@pytest.mark.parametrize(
    ("kind", "cells", "told"),
    [
        (EventKind.RECOVERY_ENTER, (4345, UNKNOWN, UNKNOWN), {"until_seq": 4345}),
        (EventKind.RTO, (2, 430_000_000, UNKNOWN), {"backoff": 2, "waited_ms": 430.0}),
        (EventKind.TAIL_LOSS_PROBE, (22_000_000, UNKNOWN, UNKNOWN), {"waited_ms": 22.0}),
        (EventKind.RECOVERY_EXIT, (UNKNOWN, UNKNOWN, UNKNOWN), {}),
    ],
    ids=lambda value: value.text if isinstance(value, EventKind) else "",
)
def test_loss_recovery_tells_how_far_and_how_long(
    kind: EventKind, cells: tuple[int, int, int], told: dict[str, object]
) -> None:
    assert rows.event_detail(kind, *cells) == told
