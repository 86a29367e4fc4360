// Tables as the page carries them: `columns.py` packs, this unpacks, column by column when one is asked for.
tcpscope.columns = (() => {
  const ZERO = 0, ROW_BEFORE = 1, SENDER_END = 3; // 2: against the row before of the same sender

  function bytesOf(base64) {
    if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
    const text = atob(base64);
    const bytes = new Uint8Array(text.length);
    for (let at = 0; at < bytes.length; at++) bytes[at] = text.charCodeAt(at);
    return bytes;
  }

  async function inflate(bytes) {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  class Table {
    constructor(packed, bytes) {
      this.rows = packed.rows;
      this.bytes = bytes;
      this.described = new Map();
      this.together = new Map();
      this.made = new Map();
      let offset = 0;
      for (const [name, width, against, nullable, scale] of packed.columns) {
        this.described.set(name, { width, against, nullable, scale, offset });
        offset += (width + nullable) * this.rows;
      }
      packed.together.forEach((name, at) => {
        this.together.set(name, packed.combinations.map((row) => (row[at] === null ? NaN : row[at])));
      });
    }

    get names() { return [...this.described.keys()]; }

    // Numbers, NaN for null.
    column(name) {
      if (!this.made.has(name)) {
        const values = this.together.has(name) ? this.combined(this.together.get(name))
          : this.unpack(this.described.get(name));
        this.made.set(name, values);
      }
      return this.made.get(name);
    }

    // A column that is told together with others: which of their different rows each row is.
    combined(values) {
      const shape = this.column("shape"), count = this.rows;
      const small = values.every((value) => value >= 0 && value < 256);
      const made = small ? new Uint8Array(count) : new Float64Array(count);
      for (let row = 0; row < count; row++) made[row] = values[shape[row]];
      return made;
    }

    unpack({ width, against, nullable, scale, offset }) {
      const values = this.signed(width, offset + nullable * this.rows, scale), count = this.rows;
      if (against === ROW_BEFORE) for (let row = 1; row < count; row++) values[row] += values[row - 1];
      else if (against !== ZERO) this.addSender(values, against);
      if (nullable) for (let row = 0; row < count; row++) if (this.bytes[offset + row]) values[row] = NaN;
      return values;
    }

    // Numbers from their planes of bytes: those of up to four bytes in whole numbers, which is faster.
    signed(width, offset, scale) {
      const count = this.rows, values = new Float64Array(count);
      if (width === 0) return values;
      if (width > 4) return this.signedLong(values, width, offset, scale);
      const codes = new Uint32Array(count);
      for (let plane = 0; plane < width; plane++) {
        const bytes = this.bytes.subarray(offset + plane * count, offset + (plane + 1) * count);
        for (let row = 0, shift = 8 * plane; row < count; row++) codes[row] |= bytes[row] << shift;
      }
      for (let row = 0; row < count; row++) values[row] = ((codes[row] >>> 1) ^ -(codes[row] & 1)) * scale;
      return values;
    }

    signedLong(values, width, offset, scale) {
      let weight = 1;
      for (let plane = 0; plane < width; plane++, weight *= 256, offset += this.rows) {
        for (let row = 0; row < this.rows; row++) values[row] += this.bytes[offset + row] * weight;
      }
      for (let row = 0; row < this.rows; row++) {
        const code = values[row];
        values[row] = (code % 2 ? -(code + 1) / 2 : code / 2) * scale;
      }
      return values;
    }

    addSender(values, against) {
      const sender = this.column("sender");
      const length = against === SENDER_END ? this.column("len") : null;
      let client = 0, server = 0;
      for (let row = 0, count = this.rows; row < count; row++) {
        const value = values[row] + (sender[row] ? server : client);
        values[row] = value;
        const next = length ? value + length[row] : value;
        if (sender[row]) server = next;
        else client = next;
      }
    }
  }

  async function unpack(packed) {
    return new Table(packed, await inflate(bytesOf(packed.data)));
  }

  return { unpack };
})();
