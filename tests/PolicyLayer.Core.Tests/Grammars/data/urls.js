// Makes URLs by the ways in which parsers were led astray, and writes how Node's URL reads each: a line ["text", "scheme host port path"],
// or ["text"] where it refuses. Everything follows from the seed: node urls.js SEED COUNT > urls.json
const [seed, count] = process.argv.slice(2).map(Number);
let state = seed >>> 0;

function next(bound) {
  // mulberry32
  state = (state + 0x6D2B79F5) >>> 0;
  let mixed = Math.imul(state ^ (state >>> 15), state | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
}

const pick = list => list[next(list.length)];
const often = (usual, list, percent) => (next(100) < percent ? pick(list) : usual);

const schemes = ['http', 'HTTPS', 'Http', 'ws', 'wss', 'WSS', 'ftp', 'file', 'httpss', 'http+x', 'javascript', ''];
const separators = [':', ':/', ':///', '://\\', ':\\\\', ':/\\', '//', ':////', '', ':// '];
const users = [
  'u@', 'u:p@', '@', ':@', 'good.test@', 'good.test:443@', 'evil.test@', 'good.test%40', 'a@b@',
  'good.test\\@', 'good.test#@', 'good.test?@',
];
const hosts = [
  'good.test', 'GOOD.Test', 'good.test.', 'good.test..', 'a.good.test', 'A.b.Good.test', 'evil.test', 'good.test.evil.test',
  'evilgood.test',
  'test', 'localhost', '.good.test', 'good..test', '-good.test', 'good-.test', 'go_od.test', 'xn--bcher-kva.test', 'XN--BCHER-KVA.test',
  'b\u00fccher.test', 'xn--a.good.test', 'xn--bcher-kva.good.test', 'xn--good-.test', '\uff47ood.test', 'good\u3002test', 'good\uff0etest',
  'g%6fod.test', 'good%2etest', 'go\u00adod.test', 'good.test%00.evil.test', 'good.te\u017ft', 'good.test\uff0fevil.test', '\u0261ood.test',
  '127.0.0.1', '127.0.0.1.', '127.1', '0x7f.1', '0X7F.0.0.1', '0177.0.0.1', '2130706433', '127.0.0.01', '127.0.0.256',
  '1.2.3.4.5', 'good.0x7f',
  '\u2460.0.0.1', '127\u30020\u30020\u30021', '[::1]', '[0:0:0:0:0:0:0:1]', '[::0001]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]',
  '[::FFFF:7F00:0001]',
  '[::7f00:1]', '[::1%25eth0]', '[::1%eth0]', '[1:2:3:4:5:6:7::]', '[::1', '::1', '[]', '[v1.a]', '[good.test]',
  '[::1].good.test', '0.0.0.0', '127.0.0.2',
];
const ports = [
  ':443', ':80', ':8443', ':0443', ':', ':0', ':65535', ':65536', ':+443', ':443a', ':443:80', ':443@evil.test', ':\uff14\uff14\uff13',
];
const steps = [
  'v1', 'v1', 'V1', 'x', '..', '.', '', '%2e%2e', '%2E.', '.%2e', 'v1%2fx', '%76%31', 'v1;a', '..;', 'v1x', '\u00e9', '...',
  'a b', '{.,}.', 'v1\\..', '%00', 'a:b', '@', '%',
];
const tails = ['?', '#', '?x=1', '#x', '?/v1/', '#/../', '?@evil.test', '#@evil.test', '/?good.test', '?x\\y', '?\u00a0', '#\u2028'];
const odd = [
  '\t', '\n', '\r', ' ', '\0', '\u0001', '\u007f', '\u0085', '\u00a0', '\u200b', '\u2028', '\u3000', '\ufeff', '\\', '/', '?',
  '#', '@', ':', '.', '%', '%2e', '%2f',
  '%40', ';', '[', ']', '{', '}', '|', '^', '`', '"', '<', '>', '*', ',', '!', '$', '&',
  "'", '(', ')', '+', '=', '~', '_', '-', '0', 'x', 'a',
  '\u00df', '\u212a', '\u3002', '\uff0f', '\ud83d\ude00',
];

function path() {
  let text = '';
  for (let i = next(4); i > 0; i--) {
    text += '/' + pick(steps);
  }

  return text + often('', ['/'], 30);
}

function mutate(text) {
  const points = [...text];
  const at = next(points.length + 1);
  points.splice(at, next(3) === 0 ? 1 : 0, ...(next(4) === 0 ? [] : [pick(odd)]));
  return points.join('');
}

function make() {
  let text = often('https', schemes, 35) + often('://', separators, 15) + often('', users, 12) + often('good.test', hosts, 70)
    + often('', ports, 25) + path() + often('', tails, 20);
  for (let i = next(3) === 0 ? 1 + next(2) : 0; i > 0; i--) {
    text = mutate(text);
  }

  return text;
}

function read(text) {
  try {
    const { protocol, hostname, port, pathname } = new URL(text);
    return [text, [protocol.slice(0, -1), hostname, port, pathname].join(' ')];
  } catch {
    return [text];
  }
}

const seen = new Set();
while (seen.size < count) {
  seen.add(make());
}

function escape(text) {
  return text.replace(/[\x7f-\uffff]/g, c => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));
}

const lines = [...seen].map(text => escape(JSON.stringify(read(text))));
process.stdout.write('[\n' + lines.join(',\n') + '\n]\n');
