// The first page: what the capture is, what was found, and every connection.
tcpscope.overview = (() => {
  const { el, svg, button, save } = tcpscope.dom;
  const U = tcpscope.units;
  const V = tcpscope.vocabulary;
  const { VirtualTable } = tcpscope.table;
  const FINDINGS = 12; // shown before one asks for all
  const NAMES = { openings: ["handshake", "fast-open", "simultaneous", "half-open", "refused", "mid-capture"],
    closings: ["fin", "rst", "half-closed", "open"], vantages: ["client", "server", "path"] };
  const SEVERITIES = ["", "info", "warning", "error"];
  const SPARK = { width: 120, height: 22, bins: 48 };

  class Overview {
    static async load(data) {
      const table = await tcpscope.columns.unpack(data.connections.table);
      const activity = data.activity && await tcpscope.columns.unpack(data.activity);
      return new Overview(data, table, activity);
    }

    constructor(data, table, activity) {
      Object.assign(this, { data, table, addresses: data.connections.addresses,
        activity: activity?.column("level") });
      this.flow = Object.fromEntries(table.names.map((name) => [name, (row) => table.column(name)[row]]));
      const inside = new Set(V.flows());
      this.href = (flow) => (inside.has(flow) ? `#flow=${flow}` : `flow-${flow}.html`);
    }

    build(host) {
      const { capture } = this.data;
      host.replaceChildren(...[this.title(capture), this.summary(), this.facts(capture), this.findings(),
        this.connections(), tcpscope.listeners.section(this), tcpscope.pairs.ports(this), tcpscope.pairs.pools(this),
        tcpscope.defects.section(capture)].filter(Boolean));
      for (const table of host.querySelectorAll(".rows")) table.dispatchEvent(new Event("scroll"));
    }

    // What was wrong, in one sentence, before anything else.
    summary() {
      const all = this.data.findings, [worst] = all;
      const count = (severity) => all.filter((each) => each.severity === severity).length;
      const parts = [[count("error"), "error"], [count("warning"), "warning"], [count("info"), "note", "notes"]]
        .filter(([number]) => number).map(([number, one, many]) => U.counted(number, one, many));
      if (!worst) return el("p", { class: "verdict good" }, "Nothing was found wrong.");
      const to = this.where(worst);
      return el("p", { class: `verdict ${worst.severity}` }, el("b", {}, `${parts.join(", ")}. `),
        "Worst: ", U.bound(worst.summary), " ", to ? el("a", { href: to }, "Show it") : null);
    }

    // Show the connections that a text names.
    filterBy(text) {
      const field = document.querySelector("input[type=search]");
      field.value = text;
      field.dispatchEvent(new Event("input"));
      field.scrollIntoView({ block: "center" });
    }

    title(capture) {
      const kinds = [...new Set([...capture.formats, ...capture.compressions.filter(Boolean), ...capture.link_types])];
      const names = capture.names.map((name) => name.split(/^[A-Za-z]:\\/.test(name) ? "\\" : "/").pop());
      return el("div", { class: "title" }, el("h1", { title: capture.names.join(", ") }, names.join(", ")),
        el("p", { class: "under" }, [kinds.join(", "), capture.first_time && U.utc(capture.start_ns, 0)].filter(Boolean)
          .join(" · ")));
    }

    facts(capture) {
      const { totals } = capture;
      const fact = (name, value, below, bad) => el("div", { class: `card${bad ? " bad" : ""}` },
        el("span", { class: "name" }, name), el("b", {}, value), el("span", { class: "below" }, below));
      const share = capture.segments ? totals.retransmissions / capture.segments : 0;
      return el("div", { class: "cards" },
        fact("time", U.span(capture.span_ns), `${U.count(capture.packets)} packets`),
        fact("connections", U.count(capture.connections), this.told(totals.openings)),
        fact("segments", U.count(capture.segments), this.told(totals.closings)),
        fact("payload", U.size(totals.bytes), capture.span_ns ? U.rate(totals.bytes * 8e9 / capture.span_ns) : ""),
        fact("sent again", U.count(totals.retransmissions), `${U.percent(share)} of all segments`, share > 0.01),
        fact("lost by the capture", capture.dropped === null ? "unknown" : U.count(capture.dropped),
          capture.dropped === null ? "the capture does not tell" : "packets", capture.dropped > 0));
    }

    told(counts) {
      return Object.entries(counts).filter(([, number]) => number).map(([name, number]) => `${U.count(number)} ${name}`)
        .join(" · ");
    }

    findings() {
      const all = this.data.findings;
      const list = el("ul", { class: "findings" });
      const where = (found) => this.where(found);
      const show = (count) => list.replaceChildren(...all.slice(0, count).map((each) =>
        tcpscope.cards.finding(each, where(each))));
      show(FINDINGS);
      const more = all.length > FINDINGS ? button(`Show all ${U.count(all.length)}`, "Show every finding",
        (event) => { show(all.length); event.target.remove(); }) : null;
      return el("section", { id: "findings", tabindex: -1 },
        el("h2", {}, "Findings ", el("span", { class: "tally" }, U.count(all.length))),
        all.length ? list : el("p", { class: "empty" }, "None."), more);
    }

    // A finding leads to the page of its connection, at the frame that shows it.
    where(found) {
      if (found.shown_in === null || !this.flow.page(found.shown_in)) return null;
      const href = this.href(found.shown_in);
      const frame = found.first_frame ? `frame=${found.first_frame}` : "";
      return href.startsWith("#") ? `${href}&${frame}` : `${href}#${frame}`;
    }

    end(row, side) {
      const ip = this.addresses[this.flow[side](row)], port = this.flow[`${side}_port`](row);
      return ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`;
    }

    connections() {
      const rows = this.table.rows;
      this.list = new VirtualTable({ label: "Connections", rows, columns: this.columns(), sort: "rank",
        onrow: (row) => { if (this.flow.page(row)) location.href = this.href(row); } });
      const tally = el("span", { class: "tally" }, U.count(rows));
      const filter = el("input", { type: "search", placeholder: "Filter: address, port, state, rst, error … ( / )",
        "aria-label": "Filter the connections", oninput: () => {
          const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
          this.list.filter((row) => words.every((word) => this.text(row).includes(word)));
          tally.textContent = words.length ? `${U.count(this.list.rows.length)} of ${U.count(rows)}` : U.count(rows);
        } });
      const paged = this.table.column("page").reduce((sum, has) => sum + has, 0);
      const told = U.counted(paged, "connection has a page of its own", "connections have a page of their own");
      const note = paged < rows ? el("p", { class: "under" }, `${told}: the worst, or those asked for.`) : null;
      return el("section", { id: "connections", tabindex: -1 }, el("h2", {}, "Connections ", tally),
        el("div", { class: "tools" }, filter,
        button("Worst first", "Sort as at the beginning", () => { this.list.sort = "none"; this.list.sortBy("rank"); }),
        button("CSV", "Save what is shown for a spreadsheet",
          () => save("connections.csv", this.list.csv(), "text/csv"))), note, this.list.node);
    }

    // What the filter looks into.
    text(row) {
      this.texts ||= [];
      const f = this.flow;
      const state = (side) => (Number.isNaN(f[side](row)) ? "" : V.states[f[side](row)]);
      this.texts[row] ||= [f.flow(row), this.end(row, "client"), this.end(row, "server"),
        NAMES.openings[f.opening(row)], NAMES.closings[f.closing(row)], state("client_state"), state("server_state"),
        SEVERITIES[f.severity(row)], f.retransmissions(row) ? "retransmissions" : ""].join(" ").toLowerCase();
      return this.texts[row];
    }

    columns() {
      const f = this.flow;
      const number = (key, title, value, told, help) => ({ key, title, number: true, help, value,
        cell: (row) => told(value(row)) });
      const text = (key, title, value) => ({ key, title, value, cell: value });
      const state = (side) => (row) => (Number.isNaN(f[side](row)) ? U.NOTHING : V.states[f[side](row)]);
      const bad = (value, text) => (value ? el("b", { class: "bad" }, text) : "0");
      return [
        { key: "rank", title: "", help: "Worst first", value: f.rank, plain: (row) => SEVERITIES[f.severity(row)],
          cell: (row) => this.dot(f.severity(row)) },
        { key: "flow", title: "#", number: true, rising: true, value: f.flow, cell: (row) => this.link(row) },
        text("client", "client", (row) => this.end(row, "client")),
        text("server", "server", (row) => this.end(row, "server")),
        { key: "start", title: "activity", help: "Over the time of the capture; sorts by start",
          value: f.first_time_ns, cell: (row) => this.spark(row) },
        number("duration", "duration", f.duration_ns, U.span),
        number("bytes", "payload", f.bytes, U.size),
        number("segments", "segments", f.segments, U.count),
        number("rtt", "round trip", f.rtt_ns, U.span),
        number("resent", "again", f.retransmissions, (value) => bad(value, U.count(value)), "Segments sent again"),
        number("held", "0-window", f.zero_window_ns, (ns) => bad(ns, U.span(ns)),
          "How long a closed window stopped a sender"),
        text("opening", "opening", (row) => NAMES.openings[f.opening(row)]),
        text("closing", "closing", (row) => NAMES.closings[f.closing(row)]),
        text("client_state", "client is", state("client_state")),
        text("server_state", "server is", state("server_state")),
      ];
    }

    dot(severity) {
      const name = SEVERITIES[severity];
      const sign = { error: "✖", warning: "▲", info: "●" }[name];
      return name ? el("span", { class: `dot ${name}`, title: name }, sign) : "";
    }

    link(row) {
      const number = String(this.flow.flow(row));
      return this.flow.page(row) ? el("a", { href: this.href(row) }, number) : number;
    }

    // How busy the connection was over the time of the capture, or only when it was there.
    spark(row) {
      const { width, height, bins } = SPARK;
      const span = Math.max(this.data.capture.span_ns, 1), f = this.flow;
      const drawing = svg("svg", { class: "spark", viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
      const from = f.first_time_ns(row) / span * width, wide = Math.max(f.duration_ns(row) / span * width, 2);
      const x = Math.min(from, width - 2);
      drawing.append(svg("rect", { class: "there", x, y: height - 3, width: wide, height: 2 }));
      if (!this.activity) return drawing;
      const levels = this.activity.subarray(row * bins, (row + 1) * bins), step = width / bins;
      const path = Array.from(levels, (level, bin) => (level
        ? `M${(bin + 0.5) * step} ${height - 3}v${-Math.max(level / 255 * (height - 4), 1.5)}` : "")).join("");
      drawing.append(svg("path", { d: path, "stroke-width": step * 0.85 }));
      return drawing;
    }
  }

  return { Overview, NAMES };
})();
