// Numbers of the core put into sentences.
tcpscope.words = (() => {
  const V = tcpscope.vocabulary;
  const U = tcpscope.units;
  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

  function flags(bits) {
    return [...V.flags].filter((letter, bit) => (bits >> bit) & 1).join("") || "none";
  }

  const FLAG_NAMES = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "AE"];
  function flagNames(bits) {
    return FLAG_NAMES.filter((name, bit) => (bits >> bit) & 1).join(", ") || "none";
  }

  function figure(value, template, letter) {
    if (U.unknown(value)) return "an unknown number of";
    return template.includes(`{${letter}} ns`) ? U.span(value) : U.count(value);
  }

  // The rule that gave the kind, with its figures, and the section it stands in.
  function reason(rule, a, b) {
    if (U.unknown(rule)) return "";
    const [template, source] = V.rules[rule];
    const told = ["a", "b"].reduce((text, letter) => {
      const value = figure(letter === "a" ? a : b, template, letter);
      return text.replace(`{${letter}} ns`, value).replace(`{${letter}}`, value);
    }, template);
    return source ? `${told} (${source})` : told;
  }

  const SENTENCES = {
    "new": "sent new data", "ack": "acknowledged", "dup-ack": "repeated its acknowledgment: something is missing there",
    "window-update": "told that its window changed", "keep-alive": "asked whether the other end is still there",
    "keep-alive-ack": "answered that it is still there",
    "zero-window-probe": "probed whether the closed window has opened",
    "zero-window-probe-ack": "answered the probe of its window",
    "fast-retransmission": "sent again what duplicate acknowledgments or SACK told to be missing, without waiting",
    "recovery-retransmission": "sent another missing piece again, in the same recovery",
    "rto-retransmission": "sent again because its retransmission timer ran out",
    "slow-start-retransmission": "sent again what the timeout had given up for lost",
    "tail-loss-probe": "sent the last segment again to learn whether the tail was lost",
    "syn-retransmission": "repeated its part of the handshake: no answer had come",
    "retransmission": "sent again; the capture does not show why",
    "out-of-order": "is seen here later than it was sent: the network reordered",
    "network-duplicate": "is seen a second time: the network, or the capture, copied it",
    "challenge-ack": "answered an unacceptable segment with what it expects", "rst": "reset the connection",
    "invalid": "sent what no receiver would accept",
  };

  function opening(flags, length) {
    const data = length ? ` with ${U.size(length)} of data` : "";
    return flags & V.ACK ? `accepted the connection (SYN, ACK)${data}` : `asked for a connection (SYN)${data}`;
  }

  // What one segment did, in a sentence.
  function story(c, at) {
    const kind = V.kinds[c.kind[at]], length = c.len[at];
    const who = capital(V.ends[c.sender[at]]);
    if (kind === "new" && c.flags[at] & V.SYN) return `${who} ${opening(c.flags[at], length)}.`;
    const parts = [];
    if (kind === "new") {
      if (length) parts.push(`sent ${U.size(length)} of new data`);
      if (c.flags[at] & V.FIN) parts.push("closed its side (FIN)");
    } else if (["out-of-order", "network-duplicate"].includes(kind)) {
      return `A segment of the ${V.ends[c.sender[at]]} ${SENTENCES[kind]}.`;
    } else {
      parts.push(SENTENCES[kind] + (length && kind !== "new" ? `: ${U.size(length)}` : ""));
      if (c.flags[at] & V.FIN && kind === "ack") parts.push("closed its side (FIN)");
    }
    return `${who} ${parts.join(" and ") || "sent a segment"}.`;
  }

  function zeroWindow(name, a, b, c) {
    const parts = [U.unknown(a) ? "" : U.counted(a, "probe")];
    if (name === "zero-window.probe") {
      if (!U.unknown(c)) parts.push(`after ${U.span(c)}`);
      if (!U.unknown(b)) parts.push(`the update in frame ${b} was lost`);
    } else if (name === "zero-window.end") {
      parts.push(`held for ${U.span(b)}`);
      if (!U.unknown(c)) parts.push(`ended by: ${V.reopenings[c].replaceAll("-", " ")}`);
    }
    return parts.filter(Boolean).join(", ");
  }

  // What one event tells beside its name; the order of the figures is that of the core.
  function event(kind, a, b, c) {
    const name = V.events[kind];
    const known = (value, text) => (U.unknown(value) ? "" : text(value));
    const state = (value) => (U.unknown(value) ? "unknown" : V.states[value]);
    if (name === "state") return `${state(a)} → ${state(b)}${known(c, (on) => `, ${V.moves_on[on]}`)}`;
    if (name === "recovery.enter") return known(a, (edge) => `until ${U.count(edge)}`);
    if (name === "rto") return `backoff ${known(a, U.count)}${known(b, (ns) => `, after ${U.span(ns)}`)}`;
    if (name === "tail-loss-probe") return known(a, (ns) => `after ${U.span(ns)}`);
    if (name.startsWith("zero-window")) return zeroWindow(name, a, b, c);
    if (name === "nagle-stall") {
      return `held for ${U.span(a)}${known(b, (frame) => `, small segment in frame ${frame}`)}`
        + known(c, (frame) => `, acknowledged in frame ${frame}`);
    }
    if (name === "window-full") {
      return `${U.size(c)} in flight, ${U.size(b)} left of the window of ${U.size(a)}`;
    }
    if (name === "capture-gap") return known(a, (n) => `${U.size(n)} never captured`);
    if (name === "rule-violation") return reason(a, b, c);
    return [a, b, c].filter((value) => !U.unknown(value)).map(U.count).join(", ");
  }

  // The SACK blocks of a segment in one line.
  function sacks(c, row) {
    const blocks = c.blocksOf(row);
    const one = ({ low, high, twice }) => `${twice ? "D-SACK " : ""}${c.shown(1 - c.sender[row], low)}–`
      + c.shown(1 - c.sender[row], high);
    return blocks.length ? `SACK ${blocks.map(one).join(", ")}` : "";
  }

  return { sacks, capital, flags, flagNames, reason, story, event };
})();
