// Big-endian integers, as they stand in headers and signed texts.

export function u16(value) {
  const raw = Buffer.alloc(2);
  raw.writeUInt16BE(value);
  return raw;
}

export function i16(value) {
  const raw = Buffer.alloc(2);
  raw.writeInt16BE(value);
  return raw;
}

export function u32(value) {
  const raw = Buffer.alloc(4);
  raw.writeUInt32BE(value);
  return raw;
}

export function i32(value) {
  const raw = Buffer.alloc(4);
  raw.writeInt32BE(value);
  return raw;
}

export function u64(value) {
  const raw = Buffer.alloc(8);
  raw.writeBigUInt64BE(BigInt(value));
  return raw;
}

export const sized = (content) => Buffer.concat([u32(content.length), content]);
