// Doubles, and how JSON.stringify prints them. Made the data of CanonicalDoublesTests, which draws the same doubles:
//   node node-doubles.js > data/node-doubles.txt
// prints the first 2,000 in clear, and on the error stream the SHA-256 of the lines of the 100,000 after them.
const { createHash } = require('node:crypto');

const mask = (1n << 64n) - 1n;
let state = 8785n;

function next() {
  state = (state + 0x9e3779b97f4a7c15n) & mask;
  let z = state;
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & mask;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask;
  return z ^ (z >> 31n);
}

const view = new DataView(new ArrayBuffer(8));

function nextDouble() {
  for (;;) {
    const bits = next();
    const choice = next();
    const power = Number(`1e${(choice >> 2n) % 23n}`);
    view.setBigUint64(0, bits);
    const any = view.getFloat64(0);
    const value = [any, Number(bits >> 50n) / power, Number(bits >> 11n) / power, Number(bits >> 50n) * power][Number(choice & 3n)];
    if (Number.isFinite(value)) {
      return value;
    }
  }
}

function line(value) {
  view.setFloat64(0, value);
  return `${view.getBigUint64(0).toString(16).padStart(16, '0')} ${JSON.stringify(value)}\n`;
}

for (let i = 0; i < 2000; i++) {
  process.stdout.write(line(nextDouble()));
}

const hash = createHash('sha256');
for (let i = 0; i < 100000; i++) {
  hash.update(line(nextDouble()));
}

process.stderr.write(`${hash.digest('hex')}\n`);
