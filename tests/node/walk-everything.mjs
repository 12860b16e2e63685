// Has an official client use all that @modelcontextprotocol/server-everything offers, and prints what it saw as one JSON object:
//   node walk-everything.mjs sdk|client|client-legacy stdio COMMAND ARG…
//   node walk-everything.mjs sdk|client|client-legacy http URL [TOKEN]
// The kinds of clients are those of use-server.mjs. What differs from run to run (times, random names) is written as a word in brackets.
import { Client as NewClient, StreamableHTTPClientTransport as NewHttp } from '@modelcontextprotocol/client';
import { StdioClientTransport as NewStdio } from '@modelcontextprotocol/client/stdio';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as OldStdio } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as OldHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { CreateMessageRequestSchema, ElicitRequestSchema, ListRootsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';

const [kind, way, where, ...rest] = process.argv.slice(2);
const isOld = kind === 'sdk';
const info = { name: 'walker', title: 'A walker, "né" é \u{1F6B6}', version: '1' };
const capabilities = { elicitation: { form: {}, url: {} }, sampling: {}, roots: { listChanged: true } };
const client = isOld
  ? new OldClient(info, { capabilities })
  : new NewClient(info, { capabilities, ...(kind === 'client' ? { versionNegotiation: { mode: 'auto' } } : {}) });

const asked = [];
const notes = [];
const waiting = [];
let roots = [{ uri: 'file:///home/a%20b', name: 'first' }];
let answer = { action: 'accept', content: { name: 'Ada', check: true, integer: 7, number: 2.5 } };
const handle = (schema, method, act) => client.setRequestHandler(isOld ? schema : method, async (request) => {
  asked.push({ method, params: request.params ?? null });
  return act(request);
});
handle(ElicitRequestSchema, 'elicitation/create', (request) => (request.params.mode === 'url' ? { action: 'accept' } : answer));
handle(CreateMessageRequestSchema, 'sampling/createMessage', (request) => ({
  role: 'assistant', model: 'a-model', stopReason: 'endTurn',
  content: { type: 'text', text: `Said to "${request.params.messages[0].content.text}"` },
}));
handle(ListRootsRequestSchema, 'roots/list', () => ({ roots }));
client.fallbackNotificationHandler = async (note) => {
  notes.push({ method: note.method, params: note.params ?? null });
  for (const each of waiting.splice(0)) each();
};

// Waits for a notification that the test holds for, looking from the `from`th on.
async function heard(method, text, from = 0) {
  const is = (note) => note.method === method && JSON.stringify(note.params).includes(text);
  while (!notes.slice(from).some(is)) await new Promise((resolve) => waiting.push(resolve));
  return 'heard';
}

const seen = {};
async function step(name, act) {
  try {
    seen[name] = (await act()) ?? null;
  } catch (error) {
    seen[name] = { thrown: String(error?.message ?? error), code: error?.code ?? null, data: error?.data ?? null };
  }
}

const request = (method, params, options) => client.request({ method, params }, z.looseObject({}), options);
const call = (name, args = {}, options) => isOld
  ? client.callTool({ name, arguments: args }, undefined, options)
  : client.callTool({ name, arguments: args }, options);
async function pages(method, member) {
  const items = [];
  let cursor;
  do {
    const page = await request(method, cursor === undefined ? {} : { cursor });
    items.push(...page[member]);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return items;
}

const Stdio = isOld ? OldStdio : NewStdio;
const Http = isOld ? OldHttp : NewHttp;
const [token] = rest;
await client.connect(way === 'stdio'
  ? new Stdio({ command: where, args: rest, stderr: 'inherit' })
  : new Http(new URL(where), token === undefined ? {} : { requestInit: { headers: { Authorization: `Bearer ${token}` } } }));

seen.server = {
  info: client.getServerVersion(), capabilities: client.getServerCapabilities(), instructions: client.getInstructions() ?? null,
};
// Takes seconds by itself, while all else goes on.
const research = request('tools/call', {
  name: 'simulate-research-query', arguments: { topic: 'x', ambiguous: true }, task: { ttl: 60000 },
});
await step('set level', () => client.setLoggingLevel('debug'));
await step('tools', () => pages('tools/list', 'tools'));
// A client learns by its own request which tools promise a form of their results.
await step('names', async () => (await client.listTools()).tools.map((tool) => tool.name));
await step('resources', () => pages('resources/list', 'resources'));
await step('templates', () => pages('resources/templates/list', 'resourceTemplates'));
await step('prompts', () => pages('prompts/list', 'prompts'));
await step('a wrong cursor', () => request('tools/list', { cursor: 'no such' }));
await step('ping', () => client.ping());

await step('echo', () => call('echo', { message: 'a "b" é \u{1F600} \u2028 \\ / \u0000' }));
await step('echo of much', async () => (await call('echo', { message: 'é'.repeat(200000) })).content[0].text.length);
await step('echo of nothing', () => call('echo', {}));
await step('sum', () => call('get-sum', { a: 1e21, b: -0.5 }));
await step('sum of text', () => call('get-sum', { a: 'one', b: 2 }));
await step('image', () => call('get-tiny-image'));
await step('annotated', () => call('get-annotated-message', { messageType: 'error', includeImage: true }));
await step('environment', async () => {
  const result = await call('get-env');
  // The proxy marks what it starts, to find all of it again.
  const isOdd = (name) => /^(DOTNET|_$|MCP_PROXY_CHILD$)/.test(name);
  return result.isError ? result : Object.keys(JSON.parse(result.content[0].text)).filter((name) => !isOdd(name)).sort();
});
await step('links', () => call('get-resource-links', { count: 4 }));
await step('reference', () => call('get-resource-reference', { resourceType: 'Blob', resourceId: 3 }));
await step('structured', () => call('get-structured-content', { location: 'Chicago' }));
await step('structured wrong', () => call('get-structured-content', { location: 'Paris' }));
await step('gzip', () => call('gzip-file-as-resource', { name: 'a.gz', data: 'data:text/plain,hello', outputType: 'resourceLink' }));
await step('gzip read', async () => (await client.readResource({ uri: 'demo://resource/session/a.gz' })).contents[0].mimeType);
await step('unheard of', () => call('no_such_tool', {}));
await step('sampling', () => call('trigger-sampling-request', { prompt: 'what?', maxTokens: 5 }));
await step('elicitation', () => call('trigger-elicitation-request'));
answer = { action: 'decline' };
await step('elicitation declined', () => call('trigger-elicitation-request'));
answer = { action: 'accept', content: { name: 'Ada', interpretation: 'technical' } };
await step('url', () => call('trigger-url-elicitation', { url: 'https://example.com/a?b=c', elicitationId: 'e1' }));
await step('url by error', () => call('trigger-url-elicitation', { url: 'https://example.com/x', elicitationId: 'e2', errorPath: true }));
await step('roots', () => call('get-roots-list'));
const before = notes.length;
roots = [...roots, { uri: 'file:///second' }];
await step('roots changed', async () => {
  await client.sendRootsListChanged();
  return heard('notifications/message', '2 root(s)', before);
});
await step('roots again', () => call('get-roots-list'));

await step('progress', async () => {
  const progress = [];
  // The last may come with the result, and a client may pass over it then.
  const onprogress = (each) => each.progress < each.total && progress.push(each);
  const result = await call('trigger-long-running-operation', { duration: 0.4, steps: 4 }, { onprogress });
  return { progress, result };
});
await step('cancelled', async () => {
  const abort = new AbortController();
  const onprogress = () => abort.abort(new Error('enough'));
  return call('trigger-long-running-operation', { duration: 3, steps: 60 }, { signal: abort.signal, onprogress });
});
await step('at once', async () => {
  const results = await Promise.all([...Array(50).keys()].map((a) => call('get-sum', { a, b: 1 })));
  return results.map((each) => each.content[0].text);
});
await step('simulated logging', async () => {
  const started = await call('toggle-simulated-logging');
  await heard('notifications/message', 'evel');
  return [started, await call('toggle-simulated-logging')];
});
await step('subscribe', () => client.subscribeResource({ uri: 'demo://resource/dynamic/text/1' }));
await step('updates', async () => {
  const started = await call('toggle-subscriber-updates');
  await heard('notifications/resources/updated', 'text/1');
  return [started, await call('toggle-subscriber-updates')];
});
await step('unsubscribe', () => client.unsubscribeResource({ uri: 'demo://resource/dynamic/text/1' }));

await step('prompt', () => client.getPrompt({ name: 'simple-prompt' }));
await step('prompt with arguments', () => client.getPrompt({ name: 'args-prompt', arguments: { city: 'Zürich', state: 'ZH' } }));
await step('prompt with a resource', () =>
  client.getPrompt({ name: 'resource-prompt', arguments: { resourceType: 'Text', resourceId: '2' } }));
await step('prompt without arguments', () => client.getPrompt({ name: 'args-prompt' }));
await step('no prompt', () => client.getPrompt({ name: 'none' }));
await step('text', () => client.readResource({ uri: 'demo://resource/dynamic/text/5' }));
await step('blob', () => client.readResource({ uri: 'demo://resource/dynamic/blob/6' }));
await step('document', () => client.readResource({ uri: 'demo://resource/static/document/features.md' }));
await step('no resource', () => client.readResource({ uri: 'demo://nothing' }));
await step('completion', () => client.complete({
  ref: { type: 'ref/prompt', name: 'completable-prompt' }, argument: { name: 'name', value: 'A' },
  context: { arguments: { department: 'Engineering' } },
}));
await step('completion of a resource', () => client.complete({
  ref: { type: 'ref/resource', uri: 'demo://resource/dynamic/text/{resourceId}' }, argument: { name: 'resourceId', value: '1' },
}));
await step('unknown method', () => request('x/unknown', { a: [1, null, 'é'] }));
await step('unknown notification', () => client.notification({ method: 'notifications/x_unknown', params: { a: 1 } }));
await step('unknown member', () => request('ping', { _meta: { 'x.test/extra': { a: 1 } }, extra: true }));

await step('task', async () => {
  const { task } = await research;
  const result = await request('tasks/result', { taskId: task.taskId });
  const { tasks } = await request('tasks/list', {});
  return { created: Object.keys(task), result, status: (await request('tasks/get', { taskId: task.taskId })).status, count: tasks.length };
});
await step('no task', () => request('tasks/get', { taskId: 'none' }));
await step('ping at the end', () => client.ping());
const revision = client.getNegotiatedProtocolVersion?.() ?? client.transport?.protocolVersion ?? null;
await client.close();

const sorted = (items) => [...new Set(items.map((each) => JSON.stringify(each)))].sort().map((each) => JSON.parse(each));
// A task's state, and a log message of random level, come as often as they come.
const steady = notes.filter((note) => !/progress|tasks/.test(note.method) && !/-?level.?message/i.test(JSON.stringify(note.params)));
const decoded = (key, value) => (key === 'blob' && typeof value === 'string' ? Buffer.from(value, 'base64').toString('latin1') : value);
const text = JSON.stringify({ revision, seen, asked: sorted(asked), notes: sorted(steady) }, decoded)
  .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '[uuid]')
  .replace(/\b[0-9a-f]{32}\b/g, '[id]')
  .replace(/\d{1,2}:\d{2}:\d{2}[\s\u202f](AM|PM)/g, '[time]')
  .replace(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z/g, '[time]');
console.log(text);
process.exit(0);
