// Events, heads and the columns of a batch: docs/reference/log-format.md, and protocol.md, Batches.

import { i16, i32, u16, u32, u64 } from "./bytes.mjs";
import { label, sha256, verify } from "./keys.mjs";

const ZEROS = Buffer.alloc(32);
const DAY_MS = 86_400_000n;

export const commitment = (kind, salt, text) => sha256(label(kind), salt, text);

export function hashOf(event) {
  const header = Buffer.concat([
    Buffer.from([1]), event.user, event.device, u32(event.epoch), u64(event.seq), u64(event.hlc), event.nonce,
    i32(event.on), i16(event.offset), u16(event.version), event.prev, event.facts_commitment, event.private_commitment,
    Buffer.from(event.type, "ascii"),
  ]);
  return sha256(label("event"), header);
}

const headOf = (event) =>
  Buffer.concat([label("head"), event.user, event.device, u32(event.epoch), u64(event.seq), event.hash]);

function planes(values, width) {
  const raw = Buffer.alloc(values.length * width);
  values.forEach((value, row) => {
    let rest = BigInt.asUintN(width * 8, BigInt(value));
    for (let plane = 0; plane < width; plane += 1, rest >>= 8n) raw[plane * values.length + row] = Number(rest & 255n);
  });
  return raw;
}

function column(raw, width, count, signed = false) {
  if (raw.length !== width * count) throw new Error("a column that does not fit");
  return Array.from({ length: count }, (_, row) => {
    let value = 0n;
    for (let plane = width - 1; plane >= 0; plane -= 1) value = (value << 8n) | BigInt(raw[plane * count + row]);
    return signed ? BigInt.asIntN(width * 8, value) : value;
  });
}

function* pieces(raw, sizes) {
  let at = 0;
  for (const size of sizes) {
    yield Buffer.from(raw.subarray(at, at + size));
    at += size;
  }
}

const dayOf = (hlc) => (hlc >> 16n) / DAY_MS;

/** The columns of a run of events whose parts are all facts. */
export function pack(events, key) {
  const types = [...new Set(events.map((event) => event.type))];
  let before = 0n;
  const clocks = events.map((event) => {
    const delta = event.hlc - before;
    before = event.hlc;
    return delta;
  });
  const first = events[0];
  return [
    first.user, first.device, first.epoch, first.seq, first.prev, events.length, types,
    planes(events.map((event) => types.indexOf(event.type)), 2),
    planes(events.map((event) => event.version), 2),
    Buffer.concat(events.map((event) => event.nonce)),
    planes(clocks, 8),
    planes(events.map((event) => BigInt(event.on) - dayOf(event.hlc)), 4),
    planes(events.map((event) => event.offset), 2),
    Buffer.alloc(events.length, 1),
    planes(events.map((event) => event.facts.length), 2),
    Buffer.concat(events.map((event) => event.salt)),
    Buffer.concat(events.map((event) => event.facts)),
    Buffer.alloc(0),
    Buffer.alloc(events.length, 0),
    Buffer.alloc(0), Buffer.alloc(0), Buffer.alloc(0),
    key.sign(headOf(events.at(-1))),
  ];
}

/** The events of a batch, hashed, with the bytes and the signature of its head. */
export function unpack(wire) {
  const [
    user, device, epoch, firstSeq, firstPrev, count, types, typeIndex, versions, nonces, clocks, dates, offsets,
    factsState, factsSizes, salts, facts, factsCommitments, privateState, privateCommitments, , , signature,
  ] = wire;
  const states = [...factsState];
  const present = states.filter((state) => state === 1).length;
  const texts = pieces(facts, column(factsSizes, 2, present).map(Number));
  const saltRun = pieces(salts, Array(present).fill(16));
  const given = pieces(factsCommitments, Array(factsCommitments.length / 32).fill(32));
  const hidden = pieces(privateCommitments, Array(privateCommitments.length / 32).fill(32));
  const index = column(typeIndex, 2, count);
  const versionOf = column(versions, 2, count);
  const deltas = column(clocks, 8, count);
  const days = column(dates, 4, count, true);
  const minutes = column(offsets, 2, count, true);
  let hlc = 0n;
  let prev = Buffer.from(firstPrev);
  const events = states.map((state, row) => {
    hlc = BigInt.asUintN(64, hlc + deltas[row]);
    const event = {
      user, device, epoch: Number(epoch), seq: Number(firstSeq) + row, hlc, prev,
      nonce: Buffer.from(nonces.subarray(row * 10, row * 10 + 10)),
      on: Number(days[row] + dayOf(hlc)), offset: Number(minutes[row]), version: Number(versionOf[row]),
      type: types[Number(index[row])], facts: null,
      facts_commitment: ZEROS, private_commitment: privateState[row] ? hidden.next().value : ZEROS,
    };
    if (state === 1) {
      event.salt = saltRun.next().value;
      event.facts = texts.next().value;
      event.facts_commitment = commitment("facts", event.salt, event.facts);
    } else if (state === 2) {
      event.facts_commitment = given.next().value;
    }
    event.hash = hashOf(event);
    prev = event.hash;
    return event;
  });
  return { events, signature };
}

export const isSigned = (batch, publicKey) => verify(publicKey, batch.signature, headOf(batch.events.at(-1)));
