/** MessagePack, as far as the protocol uses it: nil, booleans, numbers, texts, arrays, and maps with texts as keys. */

const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The value in `bytes`.
 *
 * @throws RangeError when the bytes end too early, TypeError when they hold anything else.
 */
export function unpack(bytes: Uint8Array): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;

  /** Steps over `length` bytes, and says where they begin. */
  function step(length: number): number {
    at += length;
    return at - length;
  }

  function size(width: number): number {
    const begin = step(width);
    return width === 1 ? view.getUint8(begin) : width === 2 ? view.getUint16(begin) : view.getUint32(begin);
  }

  function text(length: number): string {
    // One that is cut short is noticed at the end.
    return fromUtf8.decode(bytes.subarray(step(length), at));
  }

  // Nothing is reserved for what a length claims: reading beyond the end throws.
  function array(length: number): unknown[] {
    const items: unknown[] = [];
    for (let index = 0; index < length; index += 1) {
      items.push(value());
    }
    return items;
  }

  function map(length: number): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    for (let index = 0; index < length; index += 1) {
      entries.push([String(value()), value()]);
    }
    // Unlike an assignment, this makes `__proto__` a key like any other.
    return Object.fromEntries(entries);
  }

  function value(): unknown {
    const marker = size(1);
    if (marker < 0x80) return marker;
    if (marker < 0x90) return map(marker & 0x0f);
    if (marker < 0xa0) return array(marker & 0x0f);
    if (marker < 0xc0) return text(marker & 0x1f);
    if (marker >= 0xe0) return marker - 0x100;
    switch (marker) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xca:
        return view.getFloat32(step(4));
      case 0xcb:
        return view.getFloat64(step(8));
      case 0xcc:
      case 0xcd:
      case 0xce:
        return size(1 << (marker - 0xcc));
      case 0xcf:
        return Number(view.getBigUint64(step(8)));
      case 0xd0:
        return view.getInt8(step(1));
      case 0xd1:
        return view.getInt16(step(2));
      case 0xd2:
        return view.getInt32(step(4));
      case 0xd3:
        return Number(view.getBigInt64(step(8)));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return text(size(1 << (marker - 0xd9)));
      case 0xdc:
      case 0xdd:
        return array(size(2 << (marker - 0xdc)));
      case 0xde:
      case 0xdf:
        return map(size(2 << (marker - 0xde)));
      default:
        throw new TypeError(`no value of the protocol begins with ${marker}`);
    }
  }

  const whole = value();
  if (at !== bytes.length) {
    throw new RangeError('something follows the value');
  }
  return whole;
}

/** The bytes of `value`, after those of `head`. Fields that are undefined are left out, as JSON leaves them out. */
export function pack(value: unknown, head: readonly number[]): Uint8Array<ArrayBuffer> {
  const bytes = [...head];
  const scratch = new DataView(new ArrayBuffer(8));

  function put(marker: number, length: number, write: (view: DataView) => void): void {
    write(scratch);
    bytes.push(marker, ...new Uint8Array(scratch.buffer, 0, length));
  }

  function number(number: number): void {
    if (number >= -32 && number < 0x80 && Object.is(number, number | 0)) {
      bytes.push(number & 0xff);
    } else if (Object.is(number, number | 0)) {
      put(0xd2, 4, (view) => view.setInt32(0, number));
    } else if (Number.isInteger(number) && number > 0 && number < 2 ** 64) {
      put(0xcf, 8, (view) => view.setBigUint64(0, BigInt(number)));
    } else if (Math.fround(number) === number) {
      put(0xca, 4, (view) => view.setFloat32(0, number));
    } else {
      put(0xcb, 8, (view) => view.setFloat64(0, number));
    }
  }

  /** The beginning of what has a length: `short` below `limit`, else a marker for 32 bits. */
  function begin(length: number, short: number, limit: number, long: number): void {
    if (length < limit) {
      bytes.push(short | length);
    } else {
      put(long, 4, (view) => view.setUint32(0, length));
    }
  }

  function text(text: string): void {
    const encoded = utf8.encode(text);
    begin(encoded.length, 0xa0, 32, 0xdb);
    for (const byte of encoded) {
      bytes.push(byte);
    }
  }

  function write(value: unknown): void {
    if (typeof value === 'number') {
      number(value);
    } else if (typeof value === 'string') {
      text(value);
    } else if (typeof value === 'boolean') {
      bytes.push(value ? 0xc3 : 0xc2);
    } else if (Array.isArray(value)) {
      begin(value.length, 0x90, 16, 0xdd);
      value.forEach(write);
    } else if (value) {
      const fields = Object.entries(value).filter(([, field]) => field !== undefined);
      begin(fields.length, 0x80, 16, 0xdf);
      for (const [key, field] of fields) {
        text(key);
        write(field);
      }
    } else {
      bytes.push(0xc0);
    }
  }

  write(value);
  return new Uint8Array(bytes);
}
