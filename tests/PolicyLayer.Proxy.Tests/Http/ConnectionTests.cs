using System.Net.Sockets;
using System.Text;
using PolicyLayer.Grants;
using PolicyLayer.Proxy.Http;
using PolicyLayer.Tests.Proxy.Bridging;

namespace PolicyLayer.Tests.Proxy.Http;

/// <summary>What a connection may do beside sending a request and reading the answer.</summary>
public sealed class ConnectionTests
{
    private const string OfA = "Authorization: Bearer token-of-a";

    public static TheoryData<bool, string> HeldBack
    {
        get
        {
            var data = new TheoryData<bool, string>();
            foreach (bool isRenewed in (bool[])[true, false])
            {
                data.Add(isRenewed, Guarded.Call("echo"));
                data.Add(isRenewed, """{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"file:///x"}}""");
                data.Add(isRenewed, """{"jsonrpc":"2.0","method":"notifications/initialized"}""");
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(HeldBack))]
    public async Task A_body_that_comes_after_its_token_has_ended_goes_nowhere(bool isRenewed, string body)
    {
        await using Guarded guarded = await Guarded.StartAsync();
        using HeldBackRequest request = await HeldBackRequest.BeginAsync(guarded.Proxy.Address, body, OfA);
        await guarded.Authorizer.ReloadAsync(new PolicyBundle(guarded.Authorizer.Policies, Without(isRenewed)));

        Assert.StartsWith("HTTP/1.1 503", await request.EndAsync());
        Assert.Empty(guarded.Server.Requests);
    }

    [Theory]
    [MemberData(nameof(HeldBack))]
    public async Task Nor_to_a_process(bool isRenewed, string body)
    {
        await using Bridged bridged = await Bridged.StartAsync();
        string session = await bridged.OpenAsync();
        await bridged.PostAsync(Bridged.StatelessCall("echo"));
        string[] before = bridged.Recorded;
        const string Stateless = """
            {"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"file:///x",
            "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}} } }
            """;
        using HeldBackRequest inSession = await HeldBackRequest.BeginAsync(bridged.Proxy.Address, body, OfA, $"Mcp-Session-Id: {session}");
        using HeldBackRequest without = await HeldBackRequest.BeginAsync(
            bridged.Proxy.Address, Stateless, OfA, "MCP-Protocol-Version: 2026-07-28", "Mcp-Method: resources/read",
            "Mcp-Name: file:///x");
        await bridged.Authorizer.ReloadAsync(new PolicyBundle(bridged.Authorizer.Policies, Without(isRenewed)));

        Assert.Matches("^HTTP/1.1 (404|503)", await inSession.EndAsync());
        Assert.StartsWith("HTTP/1.1 503", await without.EndAsync());
        Assert.Equal(before, bridged.Recorded);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nor_is_a_person_asked_about_it(bool isBridged)
    {
        await using Guarded guarded = await Guarded.StartAsync();
        await using Bridged bridged = await Bridged.StartAsync();
        (ToolCallAuthorizer authorizer, Uri address) =
            isBridged ? (bridged.Authorizer, bridged.Proxy.Address) : (guarded.Authorizer, guarded.Proxy.Address);
        using HeldBackRequest request = await HeldBackRequest.BeginAsync(
            address, Bridged.StatelessCall("asked"), OfA, "MCP-Protocol-Version: 2026-07-28", "Mcp-Method: tools/call", "Mcp-Name: asked");
        await authorizer.ReloadAsync(new PolicyBundle(authorizer.Policies, Without(isRenewed: true)));

        Assert.StartsWith("HTTP/1.1 503", await request.EndAsync());
        Assert.Empty(await authorizer.Approvals.ListPendingAsync());
    }

    [Theory]
    [InlineData("/", "Authorization", null, 401, true)]
    [InlineData("/", "Authorization", "Bearer wrong", 401, true)]
    [InlineData("/x", "Authorization", null, 404, true)]
    [InlineData("/", "Origin", "https://evil.example", 403, true)]
    [InlineData("/", "Content-Type", "text/plain", 415, null)]
    [InlineData("/", "Content-Type", "application/json", 200, null)]
    public async Task Who_is_not_known_keeps_no_connection(string path, string name, string? value, int status, bool? isClosed)
    {
        await using Guarded guarded = await Guarded.StartAsync();
        using HttpRequestMessage request = Guarded.Request(HttpMethod.Post, Guarded.Call("echo"), (name, value));
        request.RequestUri = new Uri(guarded.Proxy.Address, path);

        using HttpResponseMessage response = await guarded.Client.SendAsync(request);

        Assert.Equal((status, isClosed), ((int)response.StatusCode, response.Headers.ConnectionClose));
    }

    [Fact]
    public async Task One_address_does_not_have_all_connections()
    {
        await using Guarded guarded = await Guarded.StartAsync();
        List<(TcpClient Client, Task<int> Read)> connections = [];
        for (int i = 0; i <= ConnectionsByAddress.Max; i++)
        {
            connections.Add(await ConnectAsync(guarded.Proxy.Address));
        }

        await Task.WhenAny(connections.Select(connection => connection.Read));
        (TcpClient cut, _) = Assert.Single(connections, connection => connection.Read.IsCompleted);
        cut.Dispose();

        // Another one takes the place of one that left.
        (TcpClient served, Task<int> answer) = connections.First(connection => !connection.Read.IsCompleted);
        string request = $"GET /x HTTP/1.1\r\nHost: {guarded.Proxy.Address.Authority}\r\n\r\n";
        await served.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        Assert.NotEqual(0, await answer);
        Assert.Equal(404, await UntilServedAsync(guarded));

        connections.ForEach(connection => connection.Client.Dispose());
    }

    [Fact]
    public async Task A_grant_holds_so_many_bytes_of_requests_and_no_more()
    {
        await using Guarded guarded = await Guarded.StartAsync(options => options.Guard.MaxMessageBytes = HeldBodies.Max);
        string filling = new('x', (HeldBodies.Max / 2) + 1);
        string large = $$"""{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":"{{filling}}"} }""";
        using var arrived = new SemaphoreSlim(0);
        var answer = new TaskCompletionSource();
        guarded.Server.Answer = async (context, _) =>
        {
            arrived.Release();
            await answer.Task;
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes("""{"jsonrpc":"2.0","id":1,"result":{}}"""));
        };
        Task<(int Status, string)> first = guarded.PostAsync(large);
        await arrived.WaitAsync();

        (int status, string text) = await guarded.PostAsync(large);
        Task<(int Status, string)> others = guarded.PostAsync(large, ("Authorization", "Bearer token-of-b"));
        await arrived.WaitAsync();
        answer.SetResult();

        Assert.Equal(503, status);
        Assert.Contains("Too many requests aren't answered yet.", text.Replace("\\u0027", "'", StringComparison.Ordinal));
        Assert.Equal((200, 200), ((await first).Status, (await others).Status));
        Assert.Equal(200, (await guarded.PostAsync(large)).Status);
    }

    [Fact]
    public async Task What_is_cut_off_at_the_end_is_no_fault_of_the_proxys()
    {
        var log = new LogLines();
        await using Guarded guarded = await Guarded.StartAsync(options => options.Guard.LoggerFactory = log);
        using HeldBackRequest request = await HeldBackRequest.BeginAsync(guarded.Proxy.Address, Guarded.Call("echo"), OfA);

        await guarded.DisposeAsync();

        Assert.Empty(log.Of("Failed"));
    }

    private static Grant[] Without(bool isRenewed) =>
        isRenewed ? [new Grant("a") { TokenSha256 = GrantToken.Hash("new") }, Guarded.GrantOf("b")] : [Guarded.GrantOf("b")];

    private static async Task<(TcpClient Client, Task<int> Read)> ConnectAsync(Uri address)
    {
        var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        return (client, ReadAsync(client));
    }

    // A connection that is cut off ends, or is reset.
    private static async Task<int> ReadAsync(TcpClient client)
    {
        try
        {
            return await client.GetStream().ReadAsync(new byte[1024]);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static async Task<int> UntilServedAsync(Guarded guarded)
    {
        while (true)
        {
            try
            {
                using HttpResponseMessage response = await guarded.Client.GetAsync(new Uri(guarded.Proxy.Address, "/x"));
                return (int)response.StatusCode;
            }
            catch (HttpRequestException)
            {
                // Its place isn't free yet.
            }
        }
    }
}
