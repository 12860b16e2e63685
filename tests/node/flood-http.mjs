// A client that calls `count` of recording-server.mjs over HTTP until it is told that the limit is reached, several calls in flight at any
// time:
//   node flood-http.mjs PROCESSES ADDRESS TOKEN [REVISION]
// PROCESSES is a folder where it leaves a file named after its process. With a revision it has no session. It prints why it was denied, and
// ends when nobody listens at the address.
import { writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

const [processes, address, token, revision] = process.argv.slice(2);
writeFileSync(`${processes}/client-${process.pid}`, '');
const always = {
  accept: 'application/json, text/event-stream',
  authorization: `Bearer ${token}`,
  'content-type': 'application/json',
  ...(revision && { 'mcp-protocol-version': revision }),
};
let session;
const post = async (message, more) => {
  const headers = { ...always, ...more, ...(session && { 'mcp-session-id': session }) };
  const response = await fetch(address, { method: 'POST', headers, body: JSON.stringify({ jsonrpc: '2.0', ...message }) });
  session ??= response.headers.get('mcp-session-id');
  const text = await response.text();
  return text ? JSON.parse(text) : {};
};

let next = 1;
let isDone = false;
const meta = { 'io.modelcontextprotocol/protocolVersion': revision, 'io.modelcontextprotocol/clientCapabilities': {} };
const params = { name: 'count', arguments: {}, ...(revision && { _meta: meta }) };
const repeated = revision ? { 'mcp-method': 'tools/call', 'mcp-name': 'count' } : {};
const flood = async () => {
  while (!isDone) {
    const { result, error } = await post({ id: next++, method: 'tools/call', params }, repeated);
    if (error) await wait(10);
    else if (result.isError && !isDone) {
      isDone = true;
      console.log(result._meta['policylayer/denial'].code);
    }
  }
};

try {
  if (!revision) {
    const client = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'flood', version: '1' } };

    // Its server may be killed before it answers.
    while ((await post({ id: 0, method: 'initialize', params: client })).error) await wait(10);
    await post({ method: 'notifications/initialized' });
  }
  await Promise.all([1, 2, 3, 4].map(flood));
} catch {
  process.exit(1);
}
