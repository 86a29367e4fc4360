// One connection: the columns of its tables, and what follows from them for each moment and each sender.
tcpscope.connection = (() => {
  const V = tcpscope.vocabulary;
  const { unpack } = tcpscope.columns;

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
    constructor(data, segments, windows, events) {
      Object.assign(this, { data, flow: data.flow, segments, windows, events });
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
      const { segments, windows, events } = data.tables;
      return new Connection(data, ...await Promise.all([segments, windows, events].map(unpack)));
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
