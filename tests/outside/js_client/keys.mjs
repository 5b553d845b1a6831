// Keys and names: docs/reference/log-format.md and sealing.md.

import { createHash, createPrivateKey, createPublicKey, sign as signWith, verify as verifyWith } from "node:crypto";

const PRIVATE_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");
const PUBLIC_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

export const sha256 = (...parts) => createHash("sha256").update(Buffer.concat(parts)).digest();

export const label = (name) => Buffer.from(`milepost/${name}/1\0`, "ascii");

export const nameOf = (publicKey) => sha256(publicKey).subarray(0, 16);

export class SigningKey {
  constructor(seed) {
    this.key = createPrivateKey({ key: Buffer.concat([PRIVATE_PREFIX, seed]), format: "der", type: "pkcs8" });
    this.public = createPublicKey(this.key).export({ format: "der", type: "spki" }).subarray(-32);
  }

  sign(bytes) {
    return signWith(null, bytes, this.key);
  }
}

export function verify(publicKey, signature, bytes) {
  const key = createPublicKey({ key: Buffer.concat([PUBLIC_PREFIX, publicKey]), format: "der", type: "spki" });
  return verifyWith(null, bytes, key, signature);
}
