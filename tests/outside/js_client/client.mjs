// One round of sync: prove, pull everything, push one's own events, and end when it is all answered.
//
// Reads one JSON object on standard input, writes one on standard output. Written from docs/reference/protocol.md alone.

import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { decode, encode } from "@msgpack/msgpack";
import { decompress } from "fzstd";
import WebSocket from "ws";
import { commitment, hashOf, isSigned, pack, unpack } from "./batches.mjs";
import { sized, u32, u64 } from "./bytes.mjs";
import { label, nameOf, sha256, SigningKey, verify } from "./keys.mjs";

const [CHALLENGE, HELLO, ENROL_PLEASE, ENROL, WELCOME, PUSH, RECEIPT, REFUSED, DELIVER, CAUGHT_UP, CREDIT] = Array.from(
  { length: 11 },
  (_, number) => number + 1,
);
const LAST_TAG = 14;
const CREDIT_WINDOW = 2 * 1024 * 1024;

const given = JSON.parse(readFileSync(0, "utf8"));
const pinned = Buffer.from(given.server_key, "hex");
const key = new SigningKey(Buffer.from(given.signing_seed, "hex"));
const user = Buffer.from(given.user, "hex");
const device = nameOf(key.public);
const epoch = randomBytes(4).readUInt32BE();

function write(seq, prev, type, facts) {
  const event = {
    user, device, epoch, seq, prev, type, version: 1, offset: 0,
    hlc: BigInt(Date.now() + seq) << 16n, nonce: randomBytes(10), on: Math.floor(Date.now() / 86_400_000),
    salt: randomBytes(16), facts: Buffer.from(facts, "utf8"), private_commitment: Buffer.alloc(32),
  };
  event.facts_commitment = commitment("facts", event.salt, event.facts);
  event.hash = hashOf(event);
  return event;
}

const first = write(1, Buffer.alloc(32), "device.enrolled", given.enrolments.at(-1));
const own = [first, write(2, first.hash, given.entry.type, JSON.stringify(given.entry.facts))];

const signingKeys = new Map();
for (const text of given.enrolments) {
  const { device: name, signing } = JSON.parse(text);
  signingKeys.set(name, Buffer.from(signing, "base64url"));
}

function proof(hello, challenge) {
  const [, version, , , , mark, software, leaves, incarnation, position, name, versions] = hello;
  const list = (numbers) => sized(Buffer.concat(numbers.map((number) => u32(Number(number)))));
  const held = Buffer.concat(leaves.map(([by, ofEpoch, seq, hash]) => Buffer.concat([by, u32(ofEpoch), u64(seq), hash])));
  return Buffer.concat([
    label("hello"), sized(Buffer.from(name)), pinned, list(versions), list(challenge[5]), challenge[1],
    u32(version), user, device, u32(epoch), mark, sized(Buffer.from(software)), sized(sha256(held)),
    sized(incarnation ?? Buffer.alloc(0)), u64(position),
  ]);
}

function checkReceipt([keyId, incarnation, ofUser, by, ofEpoch, firstSeq, lastSeq, lastHash, position, received, signature]) {
  const signed = Buffer.concat([
    label("receipt"), keyId, incarnation, ofUser, by, u32(Number(ofEpoch)), u64(firstSeq), u64(lastSeq), lastHash,
    u64(position), u64(received),
  ]);
  if (!verify(pinned, signature, signed)) throw new Error("a receipt that the server did not sign");
  if (!user.equals(ofUser)) throw new Error("a receipt of another account");
  return { position: Number(position), size: Number(lastSeq) - Number(firstSeq) + 1, hash: Buffer.from(lastHash) };
}

function read(frame) {
  const body = frame[0] === 1 ? decompress(frame.subarray(1)) : frame.subarray(1);
  return decode(body, { useBigInt64: true });
}

const pulled = [];
let position = 0;
let stored = 0;
let answered = false;
let pushed = false;
let caughtUpAt = -1;
let receiptPosition = 0;
let digest = "";

const socket = new WebSocket(given.url, "milepost.sync.v1", { perMessageDeflate: false });
const send = (message) => socket.send(Buffer.concat([Buffer.from([0]), encode(message, { useBigInt64: true })]));

function deliver(receipt, batch, size) {
  const said = checkReceipt(receipt);
  if (said.position !== position + 1) throw new Error("a hole");
  if (batch) {
    const run = unpack(batch);
    for (const event of run.events) {
      if (event.type !== "device.enrolled" || event.seq !== 1) continue;
      signingKeys.set(Buffer.from(event.device).toString("base64url"), Buffer.from(JSON.parse(event.facts).signing, "base64url"));
    }
    const author = signingKeys.get(Buffer.from(run.events[0].device).toString("base64url"));
    if (!run.events.at(-1).hash.equals(said.hash)) throw new Error("a batch that is not the one in its receipt");
    if (!nameOf(author).equals(Buffer.from(run.events[0].device)) || !isSigned(run, author)) throw new Error("a head that does not verify");
    pulled.push(...run.events);
  } else if (!own.at(-1).hash.equals(said.hash)) {
    throw new Error("a stub for what is not held");
  }
  position += said.size;
  stored += size;
  send([CREDIT, stored + CREDIT_WINDOW]);
}

function receive(message, size) {
  switch (Number(message[0])) {
    case CHALLENGE: {
      if (!pinned.equals(message[4])) throw new Error("another server key");
      const hello = [HELLO, 1, user, device, epoch, randomBytes(16), "js-example", [], null, 0, given.name, [1]];
      send([...hello, key.sign(proof(hello, message))]);
      break;
    }
    case ENROL_PLEASE:
      send([ENROL, given.enrolments.map((text) => Buffer.from(text, "utf8")), null]);
      break;
    case WELCOME:
      send([CREDIT, CREDIT_WINDOW]);
      break;
    case RECEIPT: {
      const said = checkReceipt(message[1]);
      receiptPosition = Math.max(receiptPosition, said.position + said.size - 1);
      answered ||= own.at(-1).hash.equals(message[2] ?? Buffer.alloc(0));
      break;
    }
    case REFUSED:
      throw new Error(`refused: ${message[5]}: ${message[6]}`);
    case DELIVER:
      deliver(message[1], message[2], size);
      break;
    case CAUGHT_UP:
      digest = Buffer.from(message[2]).toString("hex");
      caughtUpAt = Number(message[1]);
      if (!pushed) send([PUSH, pack(own, key)]);
      pushed = true;
      break;
    case 12:
      break;
    case 13:
    case 14:
      throw new Error(`the server ended it: ${message[1]}: ${message[2]}`);
    default:
      if (Number(message[0]) <= LAST_TAG || Number(message[0]) < 64) throw new Error(`message ${message[0]}`);
  }
  if (answered && caughtUpAt === position && position >= receiptPosition) finish();
}

function finish() {
  const shown = (event) => ({ type: event.type, hash: event.hash.toString("hex"), facts: event.facts?.toString("utf8") ?? null });
  process.stdout.write(JSON.stringify({ pulled: pulled.map(shown), pushed: own.map(shown), position, digest }));
  socket.removeAllListeners("message");
  socket.close(1000);
}

socket.on("message", (data, isBinary) => {
  if (!isBinary) throw new Error("a text frame");
  receive(read(data), data.length);
});
socket.on("error", (error) => {
  throw error;
});
