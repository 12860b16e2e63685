// A server whose one tool, `count`, appends a byte to a file for each call that reaches it:
//   node recording-server.mjs CALLS CEILING PROCESSES [PORT]
// CEILING is a file that says from which length of CALLS on calls aren't answered, until it says another. PROCESSES is a folder where it
// leaves a file named after its process. It speaks over standard input and output, or, with a port (0 for any), over HTTP, and prints its
// address then.
import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';

const [calls, ceiling, processes, port] = process.argv.slice(2);
writeFileSync(`${processes}/server-${process.pid}`, '');
const results = {
  initialize: () => ({ protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'recording', version: '1' } }),
  'tools/call': async () => {
    appendFileSync(calls, '.');
    while (statSync(calls).size >= Number(readFileSync(ceiling, 'utf8'))) await wait(5);
    return { resultType: 'complete', content: [{ type: 'text', text: 'counted' }] };
  },
};
const answer = async (text) => {
  const { id, method } = JSON.parse(text);
  return id === undefined ? undefined : JSON.stringify({ jsonrpc: '2.0', id, result: await results[method]() });
};

const speakLines = () => {
  process.stdout.on('error', () => process.exit(1));
  createInterface({ input: process.stdin }).on('line', async (line) => {
    const text = await answer(line);
    if (text) process.stdout.write(`${text}\n`);
  }).on('close', () => process.exit(0));
};

const listen = () => {
  let sessions = 0;
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const headers = { 'content-type': 'application/json' };
    if (body.includes('"initialize"')) headers['mcp-session-id'] = `${process.pid}-${++sessions}`;
    const text = await answer(body);
    response.writeHead(text ? 200 : 202, headers).end(text);
  });
  server.listen(Number(port), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/mcp`));
};

if (port) listen();
else speakLines();
