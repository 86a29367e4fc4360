// Round numbers along an axis.
tcpscope.ticks = (() => {
  // The step of at most `count` round numbers over `span`.
  function step(span, count) {
    const rough = Math.max(span, 1e-12) / Math.max(count, 1), power = 10 ** Math.floor(Math.log10(rough));
    return [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough * (1 - 1e-9));
  }

  function between(low, high, count) {
    const by = step(high - low, count), first = Math.ceil(low / by - 1e-9);
    return Array.from({ length: Math.max(0, Math.floor(high / by + 1e-9) - first + 1) }, (_, at) => (first + at) * by);
  }

  // How many decimals tell numbers apart that are so far from each other.
  const decimals = (by) => Math.min(9, Math.max(0, -Math.floor(Math.log10(by) + 1e-9)));

  return { step, between, decimals };
})();
