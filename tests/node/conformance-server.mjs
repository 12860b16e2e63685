// A server that has all that scenarios of @modelcontextprotocol/conformance ask for, over streamable HTTP on a free port of this machine;
// it prints its address, once it listens.
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { createMcpExpressApp } from '@modelcontextprotocol/sdk/server/express.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import * as types from '@modelcontextprotocol/sdk/types.js';
import { randomUUID } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';

const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const wav = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=';
const text = (value) => ({ type: 'text', text: value });
const image = { type: 'image', data: png, mimeType: 'image/png' };
const resource = (uri, mimeType, value) => ({ type: 'resource', resource: { uri, mimeType, text: value } });

const elicit = async (extra, message, properties, required = []) => {
  const params = { message, requestedSchema: { type: 'object', properties, required } };
  const { action, content } = await extra.sendRequest({ method: 'elicitation/create', params }, types.ElicitResultSchema);
  return text(`action=${action}, content=${JSON.stringify(content)}`);
};

const options = ['option1', 'option2', 'option3'];
const titled = ['value1', 'value2', 'value3'].map((value) => ({ const: value, title: `Title of ${value}` }));
const tools = {
  test_simple_text: () => [text('This is a simple text response for testing.')],
  test_image_content: () => [image],
  test_audio_content: () => [{ type: 'audio', data: wav, mimeType: 'audio/wav' }],
  test_embedded_resource: () => [resource('test://embedded-resource', 'text/plain', 'This is an embedded resource content.')],
  test_multiple_content_types: () => [
    text('Multiple content types test:'), image,
    resource('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
  ],
  test_error_handling: () => {
    throw new Error('This tool intentionally returns an error for testing');
  },
  test_tool_with_logging: async (_, extra) => {
    for (const data of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
      await extra.sendNotification({ method: 'notifications/message', params: { level: 'info', data } });
      await after(50);
    }
    return [text('Logged.')];
  },
  test_tool_with_progress: async (_, extra) => {
    for (const progress of [0, 50, 100]) {
      const params = { progressToken: extra._meta?.progressToken, progress, total: 100 };
      if (params.progressToken !== undefined) await extra.sendNotification({ method: 'notifications/progress', params });
      await after(50);
    }
    return [text('Progressed.')];
  },
  test_sampling: async ({ prompt }, extra) => {
    const params = { messages: [{ role: 'user', content: text(prompt) }], maxTokens: 100 };
    const result = await extra.sendRequest({ method: 'sampling/createMessage', params }, types.CreateMessageResultSchema);
    return [text(`LLM response: ${result.content.text}`)];
  },
  test_elicitation: async ({ message }, extra) =>
    [await elicit(extra, message, { username: { type: 'string' }, email: { type: 'string' } }, ['username', 'email'])],
  test_elicitation_sep1034_defaults: async (_, extra) => [await elicit(extra, 'Defaults', {
    name: { type: 'string', default: 'John Doe' },
    age: { type: 'integer', default: 30 },
    score: { type: 'number', default: 95.5 },
    status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
    verified: { type: 'boolean', default: true },
  })],
  test_elicitation_sep1330_enums: async (_, extra) => [await elicit(extra, 'Enums', {
    untitledSingle: { type: 'string', enum: options },
    titledSingle: { type: 'string', oneOf: titled },
    legacyEnum: { type: 'string', enum: ['opt1', 'opt2', 'opt3'], enumNames: ['One', 'Two', 'Three'] },
    untitledMulti: { type: 'array', items: { type: 'string', enum: options } },
    titledMulti: { type: 'array', items: { anyOf: titled } },
  })],
  // The client comes back for the answer, behind the event that it has.
  test_reconnection: async (_, extra) => {
    await extra.sendNotification({ method: 'notifications/message', params: { level: 'info', data: 'Closing' } });
    transports.get(extra.sessionId).closeSSEStream(extra.requestId);
    await after(100);
    return [text('Reconnected.')];
  },
  json_schema_2020_12_tool: () => [text('Judged.')],
};
const schemas = {
  json_schema_2020_12_tool: {
    $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object',
    $defs: { address: { type: 'object', properties: { street: { type: 'string' }, city: { type: 'string' } } } },
    properties: { name: { type: 'string' }, address: { $ref: '#/$defs/address' } }, additionalProperties: false,
  },
};

const prompts = {
  test_simple_prompt: () => [text('This is a simple prompt for testing.')],
  test_prompt_with_arguments: ({ arg1, arg2 }) => [text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)],
  test_prompt_with_embedded_resource: ({ resourceUri }) =>
    [resource(resourceUri, 'text/plain', 'Embedded resource content for testing.'), text('Please process the embedded resource above.')],
  test_prompt_with_image: () => [image, text('Please analyze the image above.')],
};
const contents = {
  'test://static-text': { mimeType: 'text/plain', text: 'This is the content of the static text resource.' },
  'test://static-binary': { mimeType: 'image/png', blob: png },
  'test://template/123/data': { mimeType: 'application/json', text: '{"id":"123","templateTest":true}' },
  'test://watched-resource': { mimeType: 'text/plain', text: 'Watched.' },
};

function create() {
  const capabilities = {
    tools: { listChanged: true }, prompts: {}, resources: { subscribe: true }, logging: {}, completions: {},
  };
  const server = new Server({ name: 'conformance', version: '1' }, { capabilities });
  server.setRequestHandler(types.ListToolsRequestSchema, () => ({
    tools: Object.keys(tools).map((name) => ({ name, description: `Is ${name}.`, inputSchema: schemas[name] ?? { type: 'object' } })),
  }));
  server.setRequestHandler(types.CallToolRequestSchema, async ({ params }, extra) => {
    try {
      return { content: await tools[params.name](params.arguments ?? {}, extra) };
    } catch (error) {
      return { content: [text(error.message)], isError: true };
    }
  });
  server.setRequestHandler(types.ListPromptsRequestSchema, () => ({
    prompts: Object.keys(prompts).map((name) => ({ name, description: `Is ${name}.` })),
  }));
  server.setRequestHandler(types.GetPromptRequestSchema, ({ params }) => ({
    messages: prompts[params.name](params.arguments ?? {}).map((content) => ({ role: 'user', content })),
  }));
  server.setRequestHandler(types.ListResourcesRequestSchema, () => ({
    resources: Object.keys(contents).map((uri) => ({ uri, name: uri, description: `Is ${uri}.`, mimeType: contents[uri].mimeType })),
  }));
  server.setRequestHandler(types.ReadResourceRequestSchema, ({ params }) => ({ contents: [{ uri: params.uri, ...contents[params.uri] }] }));
  server.setRequestHandler(types.SubscribeRequestSchema, () => ({}));
  server.setRequestHandler(types.UnsubscribeRequestSchema, () => ({}));
  server.setRequestHandler(types.CompleteRequestSchema, () => ({ completion: { values: ['paris'], total: 1, hasMore: false } }));
  return server;
}

// Keeps events for those who come back, with the stream that each belongs to.
class Events {
  #kept = [];
  async storeEvent(stream, message) {
    return `${this.#kept.push({ stream, message }) - 1}`;
  }
  async getStreamIdForEventId(id) {
    return this.#kept[Number(id)]?.stream;
  }
  async replayEventsAfter(id, { send }) {
    const { stream } = this.#kept[Number(id)];
    for (let i = Number(id) + 1; i < this.#kept.length; i++) {
      const { stream: other, message } = this.#kept[i];
      if (other === stream && Object.keys(message).length > 0) await send(`${i}`, message);
    }
    return stream;
  }
}

const transports = new Map();
const app = createMcpExpressApp();
app.all('/mcp', async (request, response) => {
  let transport = transports.get(request.headers['mcp-session-id']);
  if (transport === undefined) {
    transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID, eventStore: new Events(), retryInterval: 50,
      onsessioninitialized: (id) => transports.set(id, transport),
    });
    await create().connect(transport);
  }
  await transport.handleRequest(request, response, request.body);
});
const listener = app.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${listener.address().port}/mcp`));
