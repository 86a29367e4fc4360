// One connection: the columns of its tables, and what follows from them for each moment and each sender.
tcpscope.connection = (() => {
  const V = tcpscope.vocabulary;
  const { unpack } = tcpscope.columns;
  const U = tcpscope.units;
  const WIRE = 2 ** 32; // sequence numbers there are (RFC 9293 3.4)

  // The numbers of the rows that `wanted` chooses.
  function rowsWhere(count, wanted) {
    const rows = new Uint32Array(count);
    let found = 0;
    for (let row = 0; row < count; row++) if (wanted(row)) rows[found++] = row;
    return rows.slice(0, found);
  }

  const made = (rows, value) => {
    const values = new Float64Array(rows.length);
    for (let at = 0; at < rows.length; at++) values[at] = value(rows[at]);
    return values;
  };

  const taken = (values, rows) => made(rows, (row) => values[row]);

  // The first place in `times` that is not before `ns`.
  function lower(times, ns) {
    let low = 0, high = times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (times[middle] < ns) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  class Connection {
    constructor(data, segments, windows, sacks, events) {
      Object.assign(this, { data, flow: data.flow, segments, windows, sacks, events });
      this.absolute = this.ofCapture = false; // how sequence numbers and times are shown
      this.count = segments.rows;
      this.number = data.flow.flow;
      this.time = segments.column("time_ns");
      this.end_ns = this.count ? this.time[this.count - 1] : 0;
      for (const name of ["frame", "sender", "seq", "ack", "len", "flags", "window", "kind"]) {
        this[name] = segments.column(name);
      }
      this.series = new Map();
      this.sides = [this.side(0), this.side(1)];
      this.busiest = this.carried(1) > this.carried(0) ? 1 : 0;
    }

    static async load(data) {
      const { segments, windows, sacks, events } = data.tables;
      return new Connection(data, ...await Promise.all([segments, windows, sacks, events].map(unpack)));
    }

    carried(sender) { return this.data.directions[sender]?.unique_bytes || 0; }

    // What is kept is made when it is first asked for.
    kept(name, make) {
      if (!this.series.has(name)) this.series.set(name, make());
      return this.series.get(name);
    }

    endOf(row) {
      const flags = this.flags[row];
      return this.seq[row] + this.len[row] + (flags & V.SYN ? 1 : 0) + (flags & V.FIN ? 1 : 0);
    }

    side(sender) {
      const windowsOf = this.windows.column("sender");
      return {
        sent: rowsWhere(this.count, (row) => this.sender[row] === sender && this.endOf(row) > this.seq[row]),
        heard: rowsWhere(this.count, (row) => this.sender[row] !== sender && !Number.isNaN(this.ack[row])),
        windows: rowsWhere(this.windows.rows, (row) => windowsOf[row] === sender),
      };
    }

    // Each sent range in order of time.
    ranges(sender) {
      return this.kept(`ranges${sender}`, () => {
        const rows = this.sides[sender].sent;
        return { rows, t: taken(this.time, rows), low: taken(this.seq, rows),
          high: made(rows, (row) => this.endOf(row)) };
      });
    }

    // What the other end acknowledged, never backwards, and up to where it allowed to send.
    acknowledged(sender) {
      return this.kept(`acknowledged${sender}`, () => {
        const rows = this.sides[sender].heard;
        const v = new Float64Array(rows.length), edge = new Float64Array(rows.length);
        let highest = -Infinity;
        rows.forEach((row, at) => {
          highest = Math.max(highest, this.ack[row]);
          v[at] = highest;
          edge[at] = this.flags[row] & V.RST ? NaN : this.ack[row] + this.window[row];
        });
        return { rows, t: taken(this.time, rows), v, edge };
      });
    }

    // A column of the table `windows` for one sender.
    windowSeries(sender, name) {
      return this.kept(`${name}${sender}`, () => {
        const rows = this.sides[sender].windows;
        const v = taken(this.windows.column(name), rows);
        return { t: this.windowTimes(sender), v, known: v.some((value) => !Number.isNaN(value)) };
      });
    }

    // The SACK blocks that the other end reported of what `sender` sent, with the rows of the segments that carry them.
    reported(sender) {
      return this.kept(`reported${sender}`, () => {
        const [frame, from, start, size] = ["frame", "sender", "start", "len"].map((name) => this.sacks.column(name));
        const blocks = rowsWhere(this.sacks.rows, (block) => from[block] !== sender);
        let at = 0;
        const rows = Uint32Array.from(blocks, (block) => {
          while (at < this.count - 1 && this.frame[at] < frame[block]) at++;
          return at;
        });
        const low = taken(start, blocks), high = made(blocks, (block) => start[block] + size[block]);
        const twice = Uint8Array.from(rows, (row, block) => this.isTwice(rows, low, high, block));
        return { rows, t: taken(this.time, rows), low, high, twice };
      });
    }

    // Whether the first block of a segment tells of bytes that came twice (RFC 2883 4): acknowledged ones, or those
    // that the second block has, too.
    isTwice(rows, low, high, block) {
      if (block && rows[block - 1] === rows[block]) return 0;
      if (high[block] <= this.ack[rows[block]]) return 1;
      const next = block + 1;
      return rows[next] === rows[block] && low[next] <= low[block] && high[block] <= high[next] ? 1 : 0;
    }

    // The blocks that one segment carries.
    blocksOf(row) {
      const { rows, low, high, twice } = this.reported(1 - this.sender[row]);
      const blocks = [];
      for (let at = lower(rows, row); rows[at] === row; at++) {
        blocks.push({ low: low[at], high: high[at], twice: twice[at] === 1 });
      }
      return blocks;
    }

    // A sequence number of `sender` as it is shown: counted from its ISN, or as on the wire.
    shown(sender, value) {
      const isn = this.data.directions[sender]?.isn;
      if (!this.absolute || isn === null || isn === undefined || Number.isNaN(value)) return U.count(value);
      return this.wire(sender, value);
    }

    wire(sender, value) { return String((((this.data.directions[sender].isn + value) % WIRE) + WIRE) % WIRE); }

    // A time as it is shown: since the first segment, or since the capture's first packet.
    get origin_ns() { return this.ofCapture ? this.data.since_ns : 0; }
    clock(ns, viewNs) { return U.clock(ns + this.origin_ns, viewNs); }

    // When: as the segments with the same frames. Both tables are in order of frame.
    windowTimes(sender) {
      return this.kept(`times${sender}`, () => {
        const frames = this.windows.column("frame"), mine = this.frame, time = this.time;
        let at = 0;
        return made(this.sides[sender].windows, (row) => {
          while (at < mine.length - 1 && mine[at] < frames[row]) at++;
          return time[at];
        });
      });
    }

    // The row of `windows` in force at a moment, -1 before the first.
    windowRow(sender, ns) {
      const { t } = this.windowSeries(sender, "flight");
      let at = lower(t, ns);
      while (at < t.length && t[at] <= ns) at++;
      return at - 1;
    }

    // Round trips of what `sender` sent: the segment that completes one is of the other end.
    roundTrips(sender) {
      return this.kept(`rtt${sender}`, () => {
        const rtt = this.segments.column("rtt_ns");
        const rows = rowsWhere(this.count, (row) => this.sender[row] !== sender && !Number.isNaN(rtt[row]));
        return { rows, t: taken(this.time, rows), v: taken(rtt, rows) };
      });
    }

    // For every segment: what the sender's SND.UNA and SND.NXT and the offered right edge are after it.
    pointers(sender) {
      return this.kept(`pointers${sender}`, () => {
        const [una, nxt, edge] = [1, 2, 3].map(() => new Float64Array(this.count));
        let lowest = NaN, highest = NaN, right = NaN;
        for (let row = 0; row < this.count; row++) {
          if (this.sender[row] === sender) {
            if (!(this.endOf(row) <= highest) && this.kind[row] !== V.kind.invalid) highest = this.endOf(row);
            if (Number.isNaN(lowest)) lowest = this.seq[row];
          } else if (!Number.isNaN(this.ack[row]) && this.kind[row] !== V.kind.invalid) {
            if (!(this.ack[row] <= lowest)) lowest = this.ack[row];
            if (!(this.flags[row] & V.RST)) right = this.ack[row] + this.window[row];
          }
          una[row] = lowest; nxt[row] = highest; edge[row] = right;
        }
        return { una, nxt, edge };
      });
    }

    figureA(row) {
      const told = this.segments.column("figure_a")[row];
      if (!Number.isNaN(told)) return told;
      for (let back = row - 1; back >= 0; back--) {
        if (this.sender[back] !== this.sender[row] || Number.isNaN(this.ack[back])) continue;
        return this.ack[row] - this.ack[back];
      }
      return NaN;
    }

    reason(row) {
      const rule = this.segments.column("rule")[row];
      const takesA = !Number.isNaN(rule) && V.rules[rule][0].includes("{a}");
      return tcpscope.words.reason(rule, takesA ? this.figureA(row) : NaN, this.segments.column("figure_b")[row]);
    }

    states(row) { return V.ends.map((end) => this.segments.column(`${end}_state`)[row]); }
    rowOfFrame(frame) { return Math.min(lower(this.frame, frame), this.count - 1); }
    rowAt(ns) { return Math.min(lower(this.time, ns), this.count - 1); }
  }

  return { Connection, lower, rowsWhere, made, taken };
})();
