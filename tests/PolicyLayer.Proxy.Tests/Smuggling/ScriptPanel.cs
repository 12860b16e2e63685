using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace PolicyLayer.Tests.Proxy.Smuggling;

/// <summary>Readers of other languages: one process for a whole run, which is told what was passed on, and what was judged.</summary>
internal static class ScriptPanel
{
    private const string Script = """
        const fs = require('fs');
        const like = (text, name) => {
          const t = text.split('\0')[0].trim();
          return t.toLowerCase() === name || t.toUpperCase() === name.toUpperCase();
        };
        const canon = v => v === undefined ? 'none' : Array.isArray(v) ? `[${v.map(canon)}]` : v !== null && typeof v === 'object'
          ? `{${Object.keys(v).sort().map(k => JSON.stringify(k) + ':' + canon(v[k]))}}` : JSON.stringify(v);
        let count = 0;
        for (const line of fs.readFileSync(0, 'utf8').split('\n')) {
          if (!line) continue;
          count++;
          const item = JSON.parse(line), text = Buffer.from(item.text, 'base64').toString('utf8');
          const judged = item.tool === null ? null
            : canon([item.tool, item.arguments === null
                ? 'none'
                : canon(JSON.parse(Buffer.from(item.arguments, 'base64').toString('utf8')))]);
          for (const piece of [text, ...(item.isLine ? text.split(/\r\n|\n|\r|\u2028|\u2029/) : [])]) {
            let root;
            try { root = JSON.parse(piece); } catch { continue; }
            for (const message of Array.isArray(root) ? root : [root]) {
              if (message === null || typeof message !== 'object') continue;
              if (!item.isList && typeof message.method === 'string' && like(message.method, 'tools/call')
                && canon([message.params?.name, canon(message.params?.arguments)]) !== judged) console.log('call', item.text);
              const tools = message.result?.tools;
              if (item.isList && Array.isArray(tools) && tools.some(tool => tool?.name === 'secret')) console.log('tool', item.text);
            }
          }
        }
        console.log('read', count);
        """;

    private const string Python = """
        import sys, json, base64
        def like(text, name): return text.split('\0')[0].strip().casefold() == name
        def canon(v): return json.dumps(v, sort_keys=True)
        count = 0
        for line in sys.stdin.buffer:
            count += 1
            item = json.loads(line)
            texts = [base64.b64decode(item['text']).decode('utf-8', errors) for errors in ('replace', 'ignore')]
            judged = None
            if item['tool'] is not None:
                judged = [item['tool'], None if item['arguments'] is None else canon(json.loads(base64.b64decode(item['arguments'])))]
            pieces = texts + [line for text in texts if item['isLine'] for line in text.splitlines() + text.replace('\r', '\n').split('\n')]
            for piece in pieces:
                try: root = json.loads(piece)
                except ValueError: continue
                for message in root if isinstance(root, list) else [root]:
                    if not isinstance(message, dict): continue
                    if not item['isList'] and isinstance(message.get('method'), str) and like(message['method'], 'tools/call'):
                        params = message.get('params')
                        params = params if isinstance(params, dict) else {}
                        seen = [params.get('name'), canon(params['arguments']) if 'arguments' in params else None]
                        if seen != judged: print('call', item['text'])
                    result = message.get('result')
                    tools = result.get('tools') if isinstance(result, dict) else None
                    listed = tools if item['isList'] and isinstance(tools, list) else []
                    if any(isinstance(t, dict) and t.get('name') == 'secret' for t in listed): print('tool', item['text'])
        print('read', count)
        """;

    /// <summary>What Node's reader sees that wasn't judged; it must be installed.</summary>
    public static Task AssertNodeAsync(IReadOnlyList<PassedOn> items) => AssertAsync("node", ["-e", Script], items);

    /// <summary>What Python's reader sees that wasn't judged; it must be installed.</summary>
    public static Task AssertPythonAsync(IReadOnlyList<PassedOn> items) => AssertAsync("python3", ["-c", Python], items);

    /// <summary>Whether a program is there.</summary>
    public static bool IsInstalled(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, program)) || File.Exists(Path.Combine(folder, program + ".exe")));

    private static async Task AssertAsync(string program, string[] arguments, IReadOnlyList<PassedOn> items)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(false),
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        foreach (PassedOn item in items)
        {
            await process.StandardInput.WriteAsync(JsonSerializer.Serialize(
                new
                {
                    text = Convert.ToBase64String(item.Text),
                    isLine = item.IsLine,
                    isList = item.IsList,
                    tool = item.Tool,
                    arguments = item.Arguments is null ? null : Convert.ToBase64String(item.Arguments),
                }) + "\n");
        }

        process.StandardInput.Close();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        string[] lines = (await output).Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal($"read {items.Count}", lines[^1]);
        Assert.Empty(lines[..^1].Select(line => line[..5] + Encoding.UTF8.GetString(Convert.FromBase64String(line[5..]))));
    }
}

/// <summary>What was passed on, and what was judged for it.</summary>
/// <param name="Text">The bytes.</param>
/// <param name="IsLine">Whether they are one line of a stream.</param>
/// <param name="Tool">The tool of the call that was allowed; null for none.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record PassedOn(byte[] Text, bool IsLine, string? Tool, byte[]? Arguments)
{
    /// <summary>Whether it went to the client, and may be a list of tools.</summary>
    public bool IsList { get; init; }
}
