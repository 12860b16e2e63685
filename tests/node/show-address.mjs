// Has the newest official client call a tool of tests/Samples/McpServer that waits for a person, and show the address that it is told:
//   node show-address.mjs visit|accept|decline stdio COMMAND ARG…
//   node show-address.mjs visit|accept|decline http URL TOKEN
// With `visit` the first address is opened, where a person approves, before the client says that it was; all others are left alone.
// It prints what it was asked, and how two calls ended, as one JSON object.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

const [mode, way, where, ...rest] = process.argv.slice(2);
const client = new Client(
  { name: 'test', version: '1' },
  { capabilities: { elicitation: { url: {} } }, versionNegotiation: { mode: 'auto' } });
const asked = [];
client.setRequestHandler('elicitation/create', async ({ params }) => {
  asked.push(params);
  if (mode === 'visit' && asked.length === 1 && !(await fetch(params.url)).ok) {
    throw new Error('Nobody answers there.');
  }

  return { action: mode === 'decline' ? 'decline' : 'accept' };
});
await client.connect(way === 'stdio'
  ? new StdioClientTransport({ command: where, args: rest, stderr: 'inherit' })
  : new StreamableHTTPClientTransport(new URL(where), { requestInit: { headers: { Authorization: `Bearer ${rest[0]}` } } }));

const answers = [];
for (let i = 0; i < 2; i++) {
  answers.push(await client.callTool({ name: 'echo', arguments: { text: 'a "b" é' } }));
}

const revision = client.getNegotiatedProtocolVersion();
await client.close();
console.log(JSON.stringify({ revision, asked, answers }));
process.exit(0);
