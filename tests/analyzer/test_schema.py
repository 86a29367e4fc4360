"""The schema holds the promised columns and is made from cells that the core has."""

import pytest

from analyzer import schema
from analyzer.columns import Column, Form, Table
from reconstruct import recorder

PROMISED = {
    "flows": "flow client_ip client_port server_ip server_port role_known first_frame last_frame first_time last_time "
    "duration_s segments bytes opening closing client_state server_state syn_rtt_ms ack_rtt_ms vantage syn_cookie "
    "one_sided",
    "directions": "flow sender segments data_segments bytes unique_bytes mss window_scale sack_permitted timestamps "
    "ecn initial_window retransmissions fast_retransmissions recovery_retransmissions rto_retransmissions "
    "slow_start_retransmissions tail_loss_probes syn_retransmissions other_retransmissions spurious_retransmissions "
    "out_of_order network_duplicates dup_acks zero_window_episodes zero_window_s window_probes keep_alives rtt_min_ms "
    "rtt_median_ms rtt_p95_ms flight_max cwnd_max congestion_control congestion_control_confidence limited_by_cwnd "
    "limited_by_rwnd limited_by_application limited_by_recovery limited_by_nagle",
    "segments": "frame time flow sender seq ack len flags window kind spurious client_state server_state rtt_ms reason",
    "windows": "flow frame time sender flight rwnd cwnd cwnd_low cwnd_high ssthresh phase srtt_ms limit",
    "events": "flow frame time sender event detail",
    "findings": "finding severity flow first_frame last_frame frames confidence summary advice filter",
}
CELLS = {
    "flows": recorder.FLOW_COLUMNS,
    "directions": recorder.DIRECTION_COLUMNS,
    "segments": recorder.SEGMENT_COLUMNS,
    "windows": recorder.WINDOW_COLUMNS,
    "events": recorder.EVENT_COLUMNS,
}
EACH_TABLE = pytest.mark.parametrize("table", schema.TABLES, ids=lambda table: table.name)


@EACH_TABLE
def test_every_promised_column_is_there_in_the_promised_order(table: Table) -> None:
    promised = PROMISED[table.name].split()
    assert [name for name in table.column_names if name in promised] == promised


@EACH_TABLE
def test_every_cell_that_a_column_is_made_from_is_one_of_the_core(table: Table) -> None:
    cells = {cell for column in table.columns for cell in column.cells}
    assert cells <= set(CELLS.get(table.name, ()))


@EACH_TABLE
def test_no_name_stands_twice_and_every_column_has_a_meaning(table: Table) -> None:
    assert len(set(table.column_names)) == len(table.columns)
    assert all(column.meaning for column in table.columns)


@EACH_TABLE
def test_a_unit_in_a_name_is_the_unit_of_the_column(table: Table) -> None:
    units = {"_ms": "ms", "_s": "s"}
    told = {column.name: column.unit for column in table.columns}
    assert all(told[name] == unit for name in told for suffix, unit in units.items() if name.endswith(suffix))


def test_the_kinds_of_segments_are_those_of_the_tables() -> None:
    kind = next(column for column in schema.SEGMENTS.columns if column.name == "kind")
    assert kind.names[0] == "new"
    assert kind.names[-1] == "invalid"
    assert len(kind.names) == 20  # as the tables list them


def test_the_json_form_tells_type_unit_values_and_meaning() -> None:
    flows = schema.as_json()[0]
    assert flows["table"] == "flows"
    columns = flows["columns"]
    assert isinstance(columns, list)
    assert {
        "name": "closing",
        "type": "text",
        "unit": None,
        "nullable": False,
        "values": ["fin", "rst", "half-closed", "open"],
        "meaning": "how the connection ended, as far as the capture shows it",
    } in columns


def test_every_form_has_a_printed_type() -> None:
    types = {Column("x", form, "").type for form in Form}
    assert types == {"integer", "number", "boolean", "text", "time", "JSON object", "list of integers"}
