// Has the unmodified @sigstore/verify judge proofs that a record stands in a log, as `policylayer audit proof` prints them:
//   node verify-proofs.mjs ORIGIN PUBLIC.pem < proofs.jsonl
// Prints a line for each, `accepted` or `refused: ` and why.
import { createHash, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { verifyCheckpoint } = require('@sigstore/verify/dist/tlog/checkpoint.js');
const { verifyMerkleInclusion } = require('@sigstore/verify/dist/tlog/merkle.js');

const [origin, pem] = process.argv.slice(2);
const publicKey = createPublicKey(readFileSync(pem));
const logID = createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' })).digest();
const log = { logID, publicKey, baseURL: origin };

function judge({ record, index, hashes, checkpoint }) {
  const inclusionProof = {
    logIndex: String(index),
    hashes: hashes.map((hash) => Buffer.from(hash, 'base64')),
    checkpoint: { envelope: checkpoint },
  };
  try {
    const entry = { canonicalizedBody: Buffer.from(record, 'utf8'), inclusionProof };
    verifyMerkleInclusion(entry, verifyCheckpoint(entry, [log]));
    return 'accepted';
  } catch (error) {
    return `refused: ${error.message}`;
  }
}

for (const line of readFileSync(0, 'utf8').split('\n').filter(Boolean)) console.log(judge(JSON.parse(line)));
