// Has an official client use tests/Samples/McpServer, and prints what it saw as one JSON object:
//   node use-server.mjs sdk|client|client-legacy stdio COMMAND ARG…
//   node use-server.mjs sdk|client|client-legacy http URL GRANT SESSION [TOKEN]
// `sdk` is @modelcontextprotocol/sdk of the 1.x line, `client` @modelcontextprotocol/client, which asks for the newest revision by itself.
import { Client as NewClient, StreamableHTTPClientTransport as NewHttp } from '@modelcontextprotocol/client';
import { StdioClientTransport as NewStdio } from '@modelcontextprotocol/client/stdio';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as OldStdio } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as OldHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';

const [kind, way, where, ...rest] = process.argv.slice(2);
const isOld = kind === 'sdk';
const info = { name: 'test', version: '1' };
const capabilities = { elicitation: {} };
const client = isOld
  ? new OldClient(info, { capabilities })
  : new NewClient(info, { capabilities, ...(kind === 'client' ? { versionNegotiation: { mode: 'auto' } } : {}) });
const answer = async () => ({ action: 'accept', content: { name: 'Ada' } });
client.setRequestHandler(isOld ? ElicitRequestSchema : 'elicitation/create', answer);

const Stdio = isOld ? OldStdio : NewStdio;
const Http = isOld ? OldHttp : NewHttp;
const [grant, session, token] = rest;
const headers = { 'X-Grant': grant, 'X-Session': session, ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }) };
await client.connect(way === 'stdio'
  ? new Stdio({ command: where, args: rest, stderr: 'inherit' })
  : new Http(new URL(where), { requestInit: { headers } }));

const seen = {};
async function step(name, act) {
  try {
    seen[name] = await act();
  } catch (error) {
    seen[name] = { thrown: String(error?.message ?? error) };
  }
}

const call = (name, args, options) => isOld
  ? client.callTool({ name, arguments: args }, undefined, options)
  : client.callTool({ name, arguments: args }, options);

await step('tools', async () => (await client.listTools()).tools);
await step('echo', () => call('echo', { text: 'a "b" é' }));
await step('echo too long', () => call('echo', { text: 'x'.repeat(21) }));
await step('limited 1', () => call('limited', {}));
await step('limited 2', () => call('limited', {}));
await step('limited 3', () => call('limited', {}));
await step('per session 1', () => call('per_session', {}));
await step('per session 2', () => call('per_session', {}));
await step('sum', () => call('sum', { a: 2, b: 3 }));
await step('sum of large numbers', () => call('sum', { a: 11, b: 1 }));
await step('closed_sum', () => call('closed_sum', { a: 1, b: 1 }));
await step('secret', () => call('secret', {}));
await step('closed', () => call('closed', {}));
await step('unheard of', () => call('unheard_of', {}));
await step('asks', () => call('asks', {}));
await step('asks again', () => call('asks', {}));
await step('counts', async () => {
  const progress = [];
  const heard = [];
  const onprogress = (each) => {
    progress.push(each.progress);
    heard.push(call('hears', {}));
  };
  const result = await call('counts', {}, { onprogress });
  await Promise.all(heard);
  return { result, progress };
});
await step('waits', async () => {
  const abort = new AbortController();
  return await call('waits', {}, { signal: abort.signal, onprogress: () => abort.abort(new Error('enough')) });
});
await step('prompt', () => client.getPrompt({ name: 'greeting', arguments: { name: 'Ada' } }));
await step('resource', () => client.readResource({ uri: 'sample://text' }));
const revision = client.getNegotiatedProtocolVersion?.() ?? client.transport?.protocolVersion ?? null;
await client.close();
console.log(JSON.stringify({ revision, seen }));
process.exit(0);
