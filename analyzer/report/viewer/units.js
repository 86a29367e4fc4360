// Numbers as people read them, each with its unit. Times are nanoseconds.
tcpscope.units = (() => {
  const NOTHING = "–";
  const NS_PER_S = 1e9;
  const SIZES = [[1e12, "TB"], [1e9, "GB"], [1e6, "MB"], [1e3, "kB"]];
  const SPANS = [[1e9, "s"], [1e6, "ms"], [1e3, "µs"]];
  const unknown = (value) => value === null || value === undefined || Number.isNaN(value);

  function figures(value) {
    if (value >= 99.95) return Math.round(value).toLocaleString("en-US");
    return value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
  }

  function scaled(value, steps, last) {
    for (const [unit, name] of steps) if (value >= unit) return `${figures(value / unit)} ${name}`;
    return `${Math.round(value)} ${last}`;
  }

  function size(bytes) {
    if (unknown(bytes)) return NOTHING;
    return bytes < 0 ? `-${size(-bytes)}` : scaled(bytes, SIZES, "B");
  }

  function rate(bitsPerSecond) {
    const steps = [[1e9, "Gbit/s"], [1e6, "Mbit/s"], [1e3, "kbit/s"]];
    return unknown(bitsPerSecond) ? NOTHING : scaled(bitsPerSecond, steps, "bit/s");
  }

  function span(ns) {
    if (unknown(ns)) return NOTHING;
    if (ns < 0) return `-${span(-ns)}`;
    const seconds = Math.floor(ns / NS_PER_S);
    const two = (number) => String(number).padStart(2, "0");
    if (seconds >= 86400) return `${Math.floor(seconds / 86400)} d ${two(Math.floor(seconds % 86400 / 3600))} h`;
    if (seconds >= 3600) return `${Math.floor(seconds / 3600)} h ${two(Math.floor(seconds % 3600 / 60))} min`;
    if (seconds >= 60) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
    return ns === 0 ? "0 s" : scaled(ns, SPANS, "ns");
  }

  const count = (number) => (unknown(number) ? NOTHING : Number(number).toLocaleString("en-US"));
  const counted = (number, one, many) => `${count(number)} ${number === 1 ? one : many || `${one}s`}`;

  // Two digits that say something, of small shares too: 0.0046 is 0.46 %.
  function percent(share) {
    if (unknown(share)) return NOTHING;
    const value = 100 * share;
    return `${value === 0 || value >= 9.95 ? value.toFixed(0) : Number(value.toPrecision(2))} %`;
  }

  // Seconds since the start with as many decimals as the span in view asks for.
  function clock(ns, viewNs) {
    const decimals = viewNs === undefined ? 6 : Math.min(9, Math.max(1, Math.ceil(12 - Math.log10(viewNs + 1))));
    return `${(ns / NS_PER_S).toFixed(decimals)} s`;
  }

  // The start of a connection is a string of digits: as a number it would lose its last ones.
  function utc(startNs, ns) {
    const whole = BigInt(startNs) + BigInt(Math.round(ns));
    const date = new Date(Number(whole / 1000000n));
    const fraction = String(whole % 1000000000n).padStart(9, "0");
    return `${date.toISOString().slice(0, 19).replace("T", " ")}.${fraction} UTC`;
  }

  // A sentence in which no number is torn from its unit at the end of a line.
  const UNIT = /(\d) (?=(?:s|ms|µs|ns|min|h|d|B|[kMGT]B|[kMGT]?bit\/s|%)(?!\w))/g;
  const bound = (text) => text.replace(UNIT, "$1\u00a0");

  return { bound, NOTHING, NS_PER_S, unknown, figures, size, rate, span, count, counted, percent, clock, utc };
})();
