// Reads lines of {script, flags, texts} and writes for each text whether RegExp finds the script in it: 1 or 0.
// It is tried at each code point, as the standard says. Left to search by itself, V8 looks between the halves of a pair too: in Node 20
// /\B/u is found in "a\u{10000}b".
const lines = require('node:fs').readFileSync(0, 'utf8').trim().split('\n');

function isFound(regex, text) {
  for (let index = 0; index <= text.length; index += text.codePointAt(index) > 0xFFFF ? 2 : 1) {
    regex.lastIndex = index;
    if (regex.test(text)) {
      return true;
    }
  }

  return false;
}

process.stdout.write(lines.map(line => {
  const { script, flags, texts } = JSON.parse(line);
  const regex = new RegExp(script, flags + 'y');
  return texts.map(text => isFound(regex, text) ? '1' : '0').join('');
}).join(''));
