using System.Collections.Concurrent;
using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace PolicyLayer.Tests.Mcp;

/// <summary>Tools that say what they got, and keep that they ran.</summary>
internal sealed class TestTools
{
    private readonly ConcurrentQueue<string> _ran = [];

    /// <summary>The tools that ran, each with the text that it got.</summary>
    public IEnumerable<string> Ran => _ran;

    public IEnumerable<McpServerTool> All =>
    [
        McpServerTool.Create((string text) => Run("echo", text), new() { Name = "echo", Description = "Says it again." }),
        McpServerTool.Create((string? text = null) => Run("shout", text), new() { Name = "shout" }),
        McpServerTool.Create((string? text = null) => Run("secret", text), new() { Name = "secret" }),
        McpServerTool.Create((string? text = null) => Run("forbidden", text), new() { Name = "forbidden" }),
        McpServerTool.Create(
            (int a, int b) => new Sum(Number("sum", a + b)), new() { Name = "sum", UseStructuredContent = true, Title = "Adds up" }),
        McpServerTool.Create((string? text = null) => Fails("fails", text), new() { Name = "fails" }),
        McpServerTool.Create(
            string (string? text = null) => throw new InvalidOperationException(Run("throws", text)), new() { Name = "throws" }),
    ];

    public string Run(string tool, string? text)
    {
        _ran.Enqueue($"{tool}({text})");
        return $"{tool}: {text}";
    }

    private CallToolResult Fails(string tool, string? text) =>
        new() { IsError = true, Content = [new TextContentBlock { Text = Run(tool, text) }] };

    private int Number(string tool, int number)
    {
        Run(tool, JsonSerializer.Serialize(number));
        return number;
    }

    public sealed record Sum(int Total);
}
