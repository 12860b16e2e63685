// A client that calls `count` of recording-server.mjs until it is told that the limit is reached, several calls in flight at any time:
//   node flood.mjs PROCESSES COMMAND ARG…
// PROCESSES is a folder where it leaves files named after its process and the command's. It prints why it was denied, and ends with what
// it called.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [processes, command, ...args] = process.argv.slice(2);
const proxy = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
writeFileSync(`${processes}/client-${process.pid}`, '');
writeFileSync(`${processes}/proxy-${proxy.pid}`, '');
proxy.on('exit', (code) => process.exit(code ?? 1));
proxy.stdin.on('error', () => {});
const send = (message) => proxy.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);

let next = 1;
let isDone = false;
const call = () => send({ id: next++, method: 'tools/call', params: { name: 'count', arguments: {} } });
createInterface({ input: proxy.stdout }).on('line', (line) => {
  const { id, result } = JSON.parse(line);
  if (id === 0) {
    send({ method: 'notifications/initialized' });
    for (let i = 0; i < 8; i++) call();
  } else if (result?.isError) {
    if (!isDone) console.log(result._meta['policylayer/denial'].code);
    isDone = true;
    proxy.stdin.end();
  } else if (!isDone) {
    call();
  }
});
const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'flood', version: '1' } };
send({ id: 0, method: 'initialize', params });
