using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using PolicyLayer.ModelContextProtocol;

namespace PolicyLayer.Tests.Mcp;

/// <summary>What a guarded server is made of: alternate handlers, lists that change, options that can't be meant, and clients.</summary>
public sealed class ServerTests
{
    private const string Policy = """
        { "version": "1", "default": "deny", "tools": { "echo": { "rate_limit": "1/day" }, "fails": {}, "closed": { "action": "deny" } } }
        """;

    private readonly TestTools _tools = new();

    [Theory]
    [InlineData(GuardedServer.November2025, false)]
    [InlineData(GuardedServer.June2025, false)]
    [InlineData(GuardedServer.November2025, true)]
    public async Task Clients_are_told_that_the_list_changed(string revision, bool reloads)
    {
        await using GuardedServer server = GuardedServer.Start(Policy, _tools);
        var told = new TaskCompletionSource();
        McpClient client = await server.ConnectAsync(revision, options => options.Handlers.NotificationHandlers =
            [new("notifications/tools/list_changed", (_, _) => { told.TrySetResult(); return default; })]);
        Assert.True(client.ServerCapabilities.Tools!.ListChanged);

        if (reloads)
        {
            var authorizer = server.Services.GetRequiredService<ToolCallAuthorizer>();
            await authorizer.ReloadAsync(new PolicyBundle(
                [PolicyLayer.Policy.Parse("""{ "version": "1", "default": "deny", "hide": ["echo"], "tools": { "fails": {} } }""")]));
        }
        else
        {
            server.Services.GetRequiredService<ToolListChanges>().Announce();
        }

        await told.Task;
        Assert.Equal(!reloads, (await client.ListToolsAsync()).Any(tool => tool.Name == "echo"));
    }

    [Fact]
    public async Task A_server_without_tools_stays_one()
    {
        await using GuardedServer server = GuardedServer.Start(
            Policy, builder => builder.WithPrompts([McpServerPrompt.Create(() => "A prompt.", new() { Name = "p" })]));
        McpClient client = await server.ConnectAsync(GuardedServer.November2025);

        Assert.Null(client.ServerCapabilities.Tools);
        Assert.NotNull(client.ServerCapabilities.Prompts);
    }

    [Fact]
    public async Task A_tool_that_is_added_later_is_listed_and_judged()
    {
        var tools = new McpServerPrimitiveCollection<McpServerTool>();
        await using GuardedServer server = GuardedServer.Start(
            Policy, builder => builder.Services.Configure<McpServerOptions>(options => options.ToolCollection = tools));
        McpClient client = await server.ConnectAsync(GuardedServer.November2025);
        foreach (McpServerTool tool in _tools.All)
        {
            tools.Add(tool);
        }

        Assert.Contains("echo", (await client.ListToolsAsync()).Select(tool => tool.Name));
        Assert.Null(CallTests.Code(await client.CallToolAsync("echo", CallTests.Arguments(new { text = "x" }))));
        Assert.Equal("not_listed", CallTests.Code(await client.CallToolAsync("shout")));
        Assert.Equal(["echo(x)"], _tools.Ran);
    }

    [Fact]
    public async Task An_alternate_handler_is_guarded_as_calls_come_in_and_says_that_no_more_is_checked()
    {
        // The member is experimental: a host that uses it says so itself.
        await using GuardedServer server = GuardedServer.Start(Policy, builder => builder.WithTools(_tools.All)
            .Services.Configure<McpServerOptions>(SetAlternateHandler));
        McpClient client = await server.ConnectAsync(GuardedServer.November2025);

        Assert.Null(CallTests.Code(await client.CallToolAsync("echo", CallTests.Arguments(new { text = "x" }))));
        Assert.Equal("action_deny", CallTests.Code(await client.CallToolAsync("closed")));
        Assert.Equal("not_listed", CallTests.Code(await client.CallToolAsync("shout")));

        Assert.Equal(["echo(x)"], _tools.Ran);
        Assert.Single(server.Log.Lines, line => line.StartsWith("Warning PolicyLayer: This server's tools", StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_an_alternate_handler_the_answer_says_what_became_of_a_call_and_limits_hold()
    {
        await using GuardedServer server = GuardedServer.Start(
            """
            { "version": "1", "default": "deny", "tools": {
              "echo": { "rate_limit": "1/day" }, "fails": { "rate_limit": "1/day" }, "throws": { "rate_limit": "1/day" },
              "ghost": { "rate_limit": "1/day" } } }
            """,
            builder => builder.WithTools(_tools.All).Services.Configure<McpServerOptions>(SetAlternateHandler));
        using RawClient client = await server.OpenRaw(GuardedServer.November2025).ReadyAsync();
        foreach (string tool in new[] { "echo", "fails", "throws", "ghost" })
        {
            string call = $$""" "name":"{{tool}}","arguments":{"text":"x"} """;
            JsonNode first = await client.CallAsync(call);
            JsonNode second = await client.CallAsync(call);

            Assert.Null(first["result"]?["_meta"]);
            Assert.Equal("limit_exceeded", (string?)second["result"]!["_meta"]!["policylayer/denial"]!["code"]);
        }

        Assert.Equal(["echo(x)", "fails(x)", "throws(x)"], _tools.Ran);
        Assert.Equal(
            [ToolCallOutcome.Succeeded, ToolCallOutcome.Failed, ToolCallOutcome.Failed, ToolCallOutcome.Failed], server.Outcomes);
    }

    [Fact]
    public async Task Tools_that_the_host_takes_away_once_the_options_are_made_are_gone()
    {
        var tools = new McpServerPrimitiveCollection<McpServerTool>();
        foreach (McpServerTool tool in _tools.All)
        {
            tools.Add(tool);
        }

        await using GuardedServer server = GuardedServer.Start(
            """{ "version": "1", "default": "allow" }""",
            builder => builder.Services.Configure<McpServerOptions>(options => options.ToolCollection = tools));
        McpServerPrimitiveCollection<McpServerTool> known =
            server.Services.GetRequiredService<IOptions<McpServerOptions>>().Value.ToolCollection!;

        Assert.Equal((7, false, "echo"), (known.Count, known.IsEmpty, known["echo"].ProtocolTool.Name));
        foreach (McpServerTool tool in known.ToList())
        {
            known.Remove(tool);
        }

        McpClient client = await server.ConnectAsync(GuardedServer.November2025);
        Assert.Empty(await client.ListToolsAsync());
        await Assert.ThrowsAsync<McpProtocolException>(async () => await client.CallToolAsync("shout"));
        Assert.Empty(_tools.Ran);
        Assert.Same(tools, known);
    }

    [Theory]
    [InlineData("grant")]
    [InlineData("session")]
    [InlineData("age")]
    [InlineData("source")]
    [InlineData("input")]
    [InlineData("name")]
    public void Options_that_cannot_be_meant_stop_the_host(string which)
    {
        Assert.Throws<OptionsValidationException>(() => GuardedServer.Start(Policy, _tools, options =>
        {
            options.GrantClaim = which == "grant" ? "sub" : null;
            options.Grant = which == "grant" ? _ => "ci" : null;
            options.SessionClaim = which == "session" ? "sid" : null;
            options.Session = which == "session" ? _ => "s" : null;
            options.MaxToolListAge = which == "age" ? TimeSpan.FromDays(2) : TimeSpan.Zero;
            options.SessionSource = which == "source" ? (SessionSource)9 : SessionSource.Host;
            options.InputWithin = which == "input" ? TimeSpan.Zero : TimeSpan.FromMinutes(1);
            options.Name = which == "name" ? "another" : null;
        }));
    }

    [Fact]
    public void A_server_that_no_grant_is_known_for_stops_the_host()
    {
        OptionsValidationException stopped = Assert.Throws<OptionsValidationException>(() => GuardedServer.Start(
            Policy,
            builder => builder.Services.Configure<Extensions.DependencyInjection.PolicyLayerOptions>(
                options => options.DefaultGrantId = null)));
        Assert.Contains("`GrantClaim`", stopped.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_is_guarded_once() =>
        Assert.Throws<InvalidOperationException>(() => GuardedServer.Start(Policy, builder => builder.WithPolicyLayer()));

    [Fact]
    public async Task A_client_judges_before_it_calls()
    {
        await using GuardedServer server = GuardedServer.Start(null, _tools);
        McpClient client = await server.ConnectAsync(GuardedServer.July2026);
        var audit = new Auditing.InMemoryAuditSink();
        var options = new ToolCallAuthorizerOptions { DefaultGrantId = "default" };
        options.AuditSinks.Add(audit);
        var authorizer = new ToolCallAuthorizer(PolicyLayer.Policy.Parse(Policy), options);
        IList<McpClientTool> tools = await client.ListToolsAsync();
        Microsoft.Extensions.AI.AIFunction Guarded(string name) =>
            tools.Single(tool => tool.Name == name).WithName("renamed").WithPolicyLayer(authorizer, call => call with { GrantId = "ci" });

        object? allowed = await Guarded("echo").InvokeAsync(new() { ["text"] = "x" });
        object? denied = await Guarded("echo").InvokeAsync(new() { ["text"] = "y" });
        object? unlisted = await Guarded("shout").InvokeAsync();
        await Guarded("fails").InvokeAsync();

        Assert.Equal("echo: x", Assert.IsType<Microsoft.Extensions.AI.TextContent>(allowed).Text);
        Assert.StartsWith("[POLICY DENIED] The limit", Assert.IsType<string>(denied), StringComparison.Ordinal);
        Assert.StartsWith("[POLICY DENIED] ", Assert.IsType<string>(unlisted), StringComparison.Ordinal);
        Assert.Equal(["echo(x)", "fails()"], _tools.Ran);
        Assert.Equal(
            [ToolCallOutcome.Succeeded, ToolCallOutcome.Failed],
            audit.Records.Where(record => record.CallOutcome is not null).Select(record => record.CallOutcome!.Value));
        Assert.All(audit.Records, record => Assert.Equal("ci", record.GrantId));
    }

    private static void SetAlternateHandler(McpServerOptions options)
    {
        System.Reflection.PropertyInfo property = typeof(McpServerHandlers).GetProperty("CallToolWithAlternateHandler")!;
        Type result = property.PropertyType.GetGenericArguments()[1];
        System.Reflection.MethodInfo handler = typeof(ServerTests).GetMethod(
            nameof(HandleAsync), System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!;
        property.SetValue(options.Handlers, Delegate.CreateDelegate(property.PropertyType, handler.MakeGenericMethod(result)));
    }

    private static ValueTask<T> HandleAsync<T>(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("Nothing gets here.");
}
