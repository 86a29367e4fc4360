// The closed lists that the page carries, and the parts of its data by name.
tcpscope.vocabulary = (() => {
  const parts = new Map();
  for (const part of document.querySelectorAll("script[data-part]")) parts.set(part.dataset.part, part);

  const has = (name) => parts.has(name);
  const part = (name) => JSON.parse(parts.get(name).textContent);
  const flows = () => [...parts.keys()].filter((name) => name.startsWith("flow-")).map((name) => +name.slice(5));

  const words = part("vocabulary");
  const kind = Object.fromEntries(words.kinds.map((name, number) => [name, number]));
  const event = Object.fromEntries(words.events.map((name, number) => [name, number]));
  const state = Object.fromEntries(words.states.map((name, number) => [name, number]));
  const FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16;
  const ends = ["client", "server"];

  return { ...words, has, part, flows, kind, event, state, ends, FIN, SYN, RST, PSH, ACK };
})();
