// Between the same client, server and port: the client's ports over the time, and how its connections are used again.
tcpscope.pairs = (() => {
  const { el } = tcpscope.dom;
  const U = tcpscope.units;
  const { address } = tcpscope.cards;
  const MS = 1e6;

  const name = (pair) => `${pair.client_ip} → ${address(pair.server_ip, pair.server_port)}`;
  const bad = (value) => (value ? el("b", { class: "bad" }, U.count(value)) : "0");

  function columnsOf(all) {
    const number = (key, title, told = U.count, help) => ({ key, title, help, number: true,
      value: (row) => (all[row][key] === null ? NaN : all[row][key]), cell: (row) => told(all[row][key]) });
    const pair = { key: "pair", title: "client and server", value: (row) => name(all[row]),
      cell: (row) => name(all[row]) };
    return { number, pair };
  }

  const span = (ms) => U.span(U.unknown(ms) ? NaN : ms * MS);

  // Connections over the time; with `waits` also those whose end keeps a port of the client's, up to all there are.
  function open(pair, overview, title, waits) {
    const { over_time, span_s } = pair;
    const series = [{ label: "open", colour: "data-area", values: over_time.live },
      { label: `opened in each ${U.span(span_s * 1e9)}`, colour: "rto", values: over_time.opened, line: true }];
    if (waits) {
      series.push({ label: "in TIME-WAIT at the client", colour: "limit-cwnd", values: over_time.client_waits });
    }
    return tcpscope.chart.timeline({ title, from_ns: overview.data.ends.pairs_since_ns, each_ns: span_s * 1e9,
      span_ns: overview.data.capture.span_ns, series,
      limit: waits ? { label: `${U.count(pair.ports)} usual ports`, value: pair.ports } : null });
  }

  const told = (ends) => (ends.pairs_told < ends.pairs_there
    ? `The ${U.count(ends.pairs_told)} with the most connections, of ${U.count(ends.pairs_there)}.` : "");

  function ports(overview) {
    const all = overview.data.ends.ports;
    if (!all.length) return null;
    const { number, pair } = columnsOf(all);
    return tcpscope.chosen.section({ title: "Ports", id: "ports", all, sort: "connections", columns: [pair,
      number("connections", "connections"), number("rate", "opened/s", U.figures),
      number("live_peak", "open at once", U.count, "At most"),
      number("client_waits_peak", "TIME-WAIT, client", U.count, "At most; it keeps a port of the client's"),
      number("server_waits_peak", "TIME-WAIT, server", U.count, "At most; it keeps none"),
      number("used_peak", "ports in use", U.count, "At most"),
      number("left_at_least", "ports left", U.count, "Of Linux's usual range"),
      number("reuses", "used again"), number("reuses_refused", "refused", bad)],
    note: told(overview.data.ends), charts: (one) => [open(one, overview, `Client ports, ${name(one)}`, true)],
    onrow: (one) => overview.filterBy(`${one.client_ip} ${address(one.server_ip, one.server_port)}`) });
  }

  function pools(overview) {
    const all = overview.data.ends.pools, byPair = new Map(overview.data.ends.ports.map((one) => [name(one), one]));
    if (!all.length) return null;
    const { number, pair } = columnsOf(all);
    return tcpscope.chosen.section({ title: "Pools", id: "pools", all, sort: "connections", columns: [pair,
      number("connections", "connections"), number("requests", "requests"), number("bytes", "payload", U.size),
      number("short", "used once", U.count, "Opened for one request and closed again"),
      number("opening_ms", "an opening takes", span), number("openings_ms", "spent on opening", span),
      number("resumed", "used again after a pause"), number("longest_idle_ms", "longest pause", span),
      number("failed", "failed after a pause", bad),
      number("server_closes_after_ms", "server closes after", span),
      number("pool", "pool of", U.count, "How many connections would have done"),
      number("idle_timeout_ms", "idle timeout", span, "At most, below the shortest pause that was too long")],
    note: told(overview.data.ends), charts: (one) => [open(byPair.get(name(one)), overview,
      `Connections, ${name(one)}`, false)],
    onrow: (one) => overview.filterBy(`${one.client_ip} ${address(one.server_ip, one.server_port)}`) });
  }

  return { ports, pools };
})();
