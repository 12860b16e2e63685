// Verifies a log, its chain and its checkpoints, sharing nothing with the library but what schema/audit.md writes down:
//   node verify-log.mjs [--keys KEYS.json] [--public-key PUBLIC.pem NAME.checkpoints] NAME.000001.jsonl … NAME.jsonl
import { createHash, createHmac, createPublicKey, hkdfSync, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';

const args = process.argv.slice(2);
const keys = args[0] === '--keys' ? JSON.parse(readFileSync(args.splice(0, 2)[1], 'utf8')).keys : null;
const [, publicKey, checkpoints] = args[0] === '--public-key' ? args.splice(0, 3) : [];
const HASH_MEMBER = Buffer.from(',"hash":');
const leaves = [];
let [head, signed] = ['0'.repeat(64), 0];

function end(code, fault) {
  console.log(JSON.stringify({ ok: code === 0, records: leaves.length, head, signed, fault }));
  process.exit(code);
}

process.on('uncaughtException', () => end(1, 'not of the form'));

const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();

// The hash of a line is over its bytes before `,"hash":`: SHA-256, or HMAC-SHA-256 under a sub-key of the key that it names.
function hashOf(content, keyId) {
  if (keyId === undefined) return keys === null ? sha256(content).toString('hex') : end(1, 'a line without a key');
  const key = keys?.[keyId] ?? end(1, 'an unknown key');
  const subKey = hkdfSync('sha256', Buffer.from(key, 'base64'), '', 'policylayer audit line v1', 32);
  return createHmac('sha256', Buffer.from(subKey)).update(content).digest('hex');
}

function take(line) {
  const members = JSON.parse(line.toString('utf8'));
  const content = line.subarray(0, line.lastIndexOf(HASH_MEMBER));
  if (!line.equals(Buffer.concat([content, Buffer.from(`,"hash":"${members.hash}"}`)]))) end(1, 'the hash is not the last member');
  if (members.sequence !== leaves.length + 1) end(1, 'not the next number');
  if (members.previous !== head) end(1, 'not behind the line before');
  if (members.hash !== hashOf(content, members.key)) end(1, 'changed');
  leaves.push(sha256(Buffer.of(0), line));
  head = members.hash;
}

// The root of the Merkle tree over some lines (RFC 6962): its left half has the largest power of two that is less than all.
function root(hashes) {
  if (hashes.length === 1) return hashes[0];
  const left = 2 ** Math.ceil(Math.log2(hashes.length) - 1);
  return sha256(Buffer.of(1), root(hashes.slice(0, left)), root(hashes.slice(left)));
}

function takeCheckpoint(text, signature, key) {
  const [origin, size, hash] = text.split('\n');
  const [dash, name, base64] = signature.trimEnd().split(' ');
  const bytes = Buffer.from(base64, 'base64');
  const keyId = sha256(key.export({ type: 'spki', format: 'der' })).subarray(0, 4);
  if (dash !== '\u2014' || name !== origin || !bytes.subarray(0, 4).equals(keyId)) end(1, 'signed by another');
  if (!verify('sha256', Buffer.from(text), key, bytes.subarray(4))) end(1, 'not signed');
  if (Number(size) > leaves.length) end(1, 'cut off');
  if (root(leaves.slice(0, Number(size))).toString('base64') !== hash) end(1, 'written anew');
  signed = Number(size);
}

for (const file of args) {
  const lines = readFileSync(file, 'latin1').split('\n');
  if (lines.pop() !== '') end(1, 'torn');
  for (const line of lines) take(Buffer.from(line, 'latin1'));
}

// A note is a text, an empty line and a signature, and an empty line stands between notes.
const notes = checkpoints === undefined ? [] : readFileSync(checkpoints, 'utf8').split('\n\n');
for (let i = 0; i < notes.length; i += 2) takeCheckpoint(notes[i] + '\n', notes[i + 1], createPublicKey(readFileSync(publicKey)));
end(0);
