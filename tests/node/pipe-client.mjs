// Official clients whose server is at the other end of this process's standard input and output; what they saw goes to standard error.
//   node pipe-client.mjs listens          @modelcontextprotocol/client hears of another list of tools by a subscription (2026-07-28)
//   node pipe-client.mjs listens URL      the same over HTTP; it writes `listening` to standard output once it does. A server with sessions
//                                         has it fall back to 2025-11-25, where nobody needs to subscribe
//   node pipe-client.mjs tasks            @modelcontextprotocol/sdk calls tools as tasks (2025-11-25)
import { createInterface } from 'node:readline';
import { Client as NewClient, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { CallToolResultSchema, CreateTaskResultSchema } from '@modelcontextprotocol/sdk/types.js';

class Pipe {
  async start() {
    createInterface({ input: process.stdin }).on('line', (line) => this.onmessage?.(JSON.parse(line)));
  }

  async send(message) {
    await new Promise((resolve) => process.stdout.write(JSON.stringify(message) + '\n', resolve));
  }

  async close() {
    this.onclose?.();
  }
}

const info = { name: 'test', version: '1' };
const fail = (error) => {
  process.stderr.write(`${error}\n`, () => process.exit(1));
};
const say = (seen) => process.stderr.write(JSON.stringify(seen) + '\n');

async function listen(url) {
  const client = new NewClient(info, { versionNegotiation: { mode: 'auto' } });
  const heard = new Promise((resolve) => client.setNotificationHandler('notifications/tools/list_changed', resolve));
  client.onerror = fail;
  await client.connect(url
    ? new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { 'X-Grant': 'ci' } } })
    : new Pipe());
  const before = (await client.listTools()).tools.map((tool) => tool.name);
  const revision = client.getNegotiatedProtocolVersion();
  const subscription = revision >= '2026' ? await client.listen({ toolsListChanged: true }) : null;

  // The host reloads once it hears of this.
  if (url) {
    process.stdout.write('listening\n');
  } else {
    await client.callTool({ name: 'reload', arguments: {} });
  }

  await heard;
  const after = (await client.listTools()).tools.map((tool) => tool.name);
  say({ revision, honored: subscription?.honoredFilter, before, after });
}

async function callAsTasks() {
  const client = new OldClient(info, { capabilities: {} });
  client.onerror = fail;
  await client.connect(new Pipe());
  const call = async (name) => {
    const messages = [];
    for await (const message of client.experimental.tasks.callToolStream({ name, arguments: { text: 'x' } }, undefined, { task: {} })) {
      messages.push(message.type === 'error' ? { type: 'error', message: message.error.message } : message);
    }
    return messages;
  };
  const created = await client.request(
    { method: 'tools/call', params: { name: 'echo', arguments: { text: 'y' }, task: { ttl: 60000 } } }, CreateTaskResultSchema);
  const result = await client.experimental.tasks.getTaskResult(created.task.taskId, CallToolResultSchema);
  const status = await client.experimental.tasks.getTask(created.task.taskId);
  say({ created, status, result, stream: await call('echo'), closed: await call('closed') });
}

await (process.argv[2] === 'listens' ? listen(process.argv[3]) : callAsTasks());
process.exit(0);
