using System.Security.Claims;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Client;
using PolicyLayer.ModelContextProtocol;

namespace PolicyLayer.Tests.Mcp;

/// <summary>Who calls, and in which session: from verified claims or the host's own code.</summary>
public sealed class CallerTests
{
    private const string Policy = """
        { "version": "1", "default": "deny", "hide": ["secret"],
          "tools": { "shout": { "limits": [ { "counter": "c", "window": "day", "max": 1, "scope": "session" } ] }, "echo": {} } }
        """;

    private readonly TestTools _tools = new();

    [Theory]
    [InlineData("sub=ci", "ci")]
    [InlineData("sub=ci;sub=ci", "ci")]
    [InlineData("sub=ci;sub=admin", null)]
    [InlineData("sub=", null)]
    [InlineData("Sub=ci", "ci")]
    [InlineData("other=ci", null)]
    [InlineData("", null)]
    [InlineData("unverified:sub=ci", null)]
    [InlineData("nobody", null)]
    public async Task A_grant_is_the_one_value_of_its_claim(string claims, string? grant)
    {
        await using GuardedServer server = Start(claims, options => options.GrantClaim = "sub");
        McpClient client = await server.ConnectAsync(GuardedServer.July2026);

        string? code = CallTests.Code(await client.CallToolAsync("echo", CallTests.Arguments(new { text = "x" })));

        Assert.Equal(grant is null ? "grant_unknown" : null, code);
        Assert.Equal(grant, server.Audit.Records.Select(record => record.GrantId).FirstOrDefault());
        Assert.Equal(grant is null ? [] : ["echo(x)"], _tools.Ran);
        Assert.Equal(grant is null ? 0 : 6, (await client.ListToolsAsync()).Count);
        const string Told = "Warning PolicyLayer: Nothing says whose grant a caller uses (no verified claim `sub`, or several)";
        Assert.Equal(grant is null ? 1 : 0, server.Log.Lines.Count(line => line.StartsWith(Told, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_function_says_the_grant_and_one_that_fails_denies()
    {
        string? grant = "ops";
        await using GuardedServer server = GuardedServer.Start(
            Policy, _tools, options => options.Grant = _ => grant ?? throw new InvalidOperationException("grant-secret"));
        McpClient client = await server.ConnectAsync(GuardedServer.July2026);

        await client.CallToolAsync("echo", CallTests.Arguments(new { text = "x" }));
        grant = null;
        Assert.Equal("internal_error", CallTests.Code(await client.CallToolAsync("echo", CallTests.Arguments(new { text = "y" }))));

        Assert.Equal("ops", server.Audit.Records[0].GrantId);
        Assert.Equal(["echo(x)"], _tools.Ran);
    }

    [Theory]
    [InlineData("sid=s1", "s1", SessionSource.Claim)]
    [InlineData("sid=s1;sid=s2", null, null)]
    [InlineData("nobody", null, null)]
    public async Task A_session_is_the_one_value_of_its_claim(string claims, string? session, SessionSource? source)
    {
        await using GuardedServer server = Start(claims, options => options.SessionClaim = "sid");
        McpClient client = await server.ConnectAsync(GuardedServer.July2026);

        string? code = CallTests.Code(await client.CallToolAsync("shout"));

        Assert.Equal(session is null ? "session_missing" : null, code);
        Assert.Equal((session, source), (server.Audit.Records[0].SessionId, server.Audit.Records[0].SessionSource));
    }

    [Fact]
    public async Task A_caller_that_has_the_process_to_itself_has_a_session()
    {
        await using GuardedServer server = GuardedServer.Start(Policy, _tools);
        McpClient client = await server.ConnectAsync(GuardedServer.July2026);

        await client.CallToolAsync("shout");
        Assert.Equal("limit_exceeded", CallTests.Code(await client.CallToolAsync("shout")));

        Assert.Matches("^[0-9a-f]{32}$", server.Audit.Records[0].SessionId);
        Assert.Equal(SessionSource.Process, server.Audit.Records[0].SessionSource);
    }

    [Fact]
    public async Task A_function_says_the_session_and_the_host_where_it_comes_from()
    {
        await using GuardedServer server = GuardedServer.Start(Policy, _tools, options =>
        {
            options.Session = _ => "from-the-gateway";
            options.SessionSource = SessionSource.Header;
            options.Server = "files";
        });
        McpClient client = await server.ConnectAsync(GuardedServer.November2025);

        await client.CallToolAsync("shout");

        Auditing.AuditRecord record = server.Audit.Records[0];
        Assert.Equal(("from-the-gateway", SessionSource.Header, "files"), (record.SessionId, record.SessionSource, record.Server));
    }

    private static ClaimsPrincipal? User(string claims)
    {
        if (claims == "nobody")
        {
            return null;
        }

        bool isVerified = !claims.StartsWith("unverified:", StringComparison.Ordinal);
        return new ClaimsPrincipal(new ClaimsIdentity(
            claims[(isVerified ? 0 : "unverified:".Length)..].Split(';', StringSplitOptions.RemoveEmptyEntries)
                .Select(claim => new Claim(claim.Split('=')[0], claim.Split('=')[1])),
            isVerified ? "test" : null));
    }

    private GuardedServer Start(string claims, Action<PolicyLayerMcpOptions> options) => GuardedServer.Start(
        Policy,
        builder => builder.WithTools(_tools.All).WithMessageFilters(filters => filters.AddIncomingFilter(
            next => (context, cancellationToken) =>
            {
                // As a transport with authentication does.
                context.JsonRpcMessage.Context!.User = User(claims);
                context.User = User(claims);
                return next(context, cancellationToken);
            })),
        options);
}
