// A server on standard input and output whose one tool, `count`, appends a byte to a file for each call that reaches it:
//   node recording-server.mjs CALLS CEILING PROCESSES
// CEILING is a file that says from which length of CALLS on calls aren't answered, until it says another. PROCESSES is a folder where it
// leaves a file named after its process.
import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';

const [calls, ceiling, processes] = process.argv.slice(2);
writeFileSync(`${processes}/server-${process.pid}`, '');
const results = {
  initialize: () => ({ protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'recording', version: '1' } }),
  'tools/call': async () => {
    appendFileSync(calls, '.');
    while (statSync(calls).size >= Number(readFileSync(ceiling, 'utf8'))) await wait(5);
    return { content: [{ type: 'text', text: 'counted' }] };
  },
};
process.stdout.on('error', () => process.exit(1));
createInterface({ input: process.stdin }).on('line', async (line) => {
  const { id, method } = JSON.parse(line);
  if (id !== undefined) process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result: await results[method]() })}\n`);
}).on('close', () => process.exit(0));
