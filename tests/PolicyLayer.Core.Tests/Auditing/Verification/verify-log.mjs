// Verifies the chain of a log, sharing nothing with the library but the form of a line:
//   node verify-log.mjs [--keys KEYS.json] NAME.000001.jsonl … NAME.jsonl
// A line is {"sequence":N,"previous":"HASH",…[,"key":"ID"],"hash":"HASH"}; its hash is over the bytes before `,"hash":`, by SHA-256, or by
// HMAC-SHA-256 under a sub-key (HKDF-SHA-256, no salt, the info below) of the key that it names.
import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { readFileSync } from 'node:fs';

const files = process.argv.slice(2);
let keys = null;
if (files[0] === '--keys') {
  keys = JSON.parse(readFileSync(files[1], 'utf8')).keys;
  files.splice(0, 2);
}

const HASH_MEMBER = Buffer.from(',"hash":');
let records = 0;
let head = '0'.repeat(64);

function end(code, fault) {
  console.log(JSON.stringify({ ok: code === 0, records, head, fault }));
  process.exit(code);
}

function hashOf(content, keyId) {
  if (keyId === undefined) {
    return keys === null ? createHash('sha256').update(content).digest('hex') : end(1, 'a line without a key');
  }

  const key = keys?.[keyId] ?? end(1, 'an unknown key');
  const subKey = hkdfSync('sha256', Buffer.from(key, 'base64'), '', 'policylayer audit line v1', 32);
  return createHmac('sha256', Buffer.from(subKey)).update(content).digest('hex');
}

function take(line) {
  let members;
  try {
    members = JSON.parse(line.toString('utf8'));
  } catch {
    end(1, 'not JSON');
  }

  const content = line.subarray(0, line.lastIndexOf(HASH_MEMBER));
  if (!line.equals(Buffer.concat([content, Buffer.from(`,"hash":"${members.hash}"}`)]))) end(1, 'the hash is not the last member');
  if (members.sequence !== records + 1) end(1, 'not the next number');
  if (members.previous !== head) end(1, 'not behind the line before');
  if (members.hash !== hashOf(content, members.key)) end(1, 'changed');
  records++;
  head = members.hash;
}

for (const file of files) {
  const bytes = readFileSync(file);
  let start = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, start)) {
    take(bytes.subarray(start, at));
    start = at + 1;
  }

  if (start < bytes.length) end(1, 'torn');
}

end(0);
