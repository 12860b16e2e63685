using System.Threading.Channels;

namespace PolicyLayer.Tests.Readme;

/// <summary>README's host that reloads.</summary>
public sealed class ReloadingHostTests
{
    private const string Good = """{ "version": "1", "default": "allow", "tools": {} }""";

    [Fact]
    public async Task A_bad_edit_is_logged_and_a_good_one_revokes()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        string policy = Path.Combine(folder, "policy.json");
        string grants = Path.Combine(folder, "grants.json");
        await File.WriteAllTextAsync(policy, Good);
        await File.WriteAllTextAsync(grants, """{ "grants": [{ "id": "ci" }] }""");
        var logged = Channel.CreateUnbounded<string>();
        await using (ReloadingHost host = ReloadingHost.Start(policy, grants, line => logged.Writer.TryWrite(line)))
        {
            Assert.True(host.IsHealthy);
            Replace(policy, "{");
            Assert.StartsWith("Kept what was in force. PL", await NextAsync(logged), StringComparison.Ordinal);
            Assert.False(host.IsHealthy);
            Assert.True((await host.Authorizer.AuthorizeAsync(new ToolCall("t") { GrantId = "ci" })).IsAllowed);

            Replace(grants, """{ "grants": [{ "id": "ci", "revoked": true }] }""");
            await NextAsync(logged);
            Replace(policy, Good);
            Assert.Equal("Reloaded.", await NextAsync(logged));
            Assert.True(host.IsHealthy);
            ToolCallDecision denied = await host.Authorizer.AuthorizeAsync(new ToolCall("t") { GrantId = "ci" });
            Assert.Equal(DecisionCode.GrantRevoked, denied.Code);
        }

        Directory.Delete(folder, recursive: true);
    }

    private static Task<string> NextAsync(Channel<string> logged) =>
        logged.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(2));

    private static void Replace(string path, string text)
    {
        File.WriteAllText(path + ".next", text);
        File.Move(path + ".next", path, overwrite: true);
    }
}
