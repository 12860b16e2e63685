using PolicyLayer.Cli.Proxying;
using PolicyLayer.Grants;

namespace PolicyLayer.Tests.Cli.Proxying;

/// <summary>What a person is told of an address that other machines may reach.</summary>
public sealed class ReachableAddressTests
{
    private static readonly GrantDirectory Grants = new([new Grant("ci")]);

    [Theory]
    [InlineData("http://127.0.0.1:8080", "all", false, "")]
    [InlineData("http://localhost:8080", "all", false, "")]
    [InlineData("http://[::1]:8080", "all", false, "")]
    [InlineData("http://0.0.0.0:8080", "all", false, "without a token|unencrypted")]
    [InlineData("http://[::]:8080", "all", false, "without a token|unencrypted")]
    [InlineData("https://10.0.0.1", "all", true, "without a token")]
    [InlineData("http://10.0.0.1:8080/mcp", null, false, "unencrypted")]
    [InlineData("https://10.0.0.1:8080", null, true, "")]
    public void What_is_open_is_told(string listen, string? grant, bool isEncrypted, string expected)
    {
        string[] warnings = [.. ReachableAddress.WarningsOf(new Uri(listen), new ProxyCallers(Grants, grant, "grants.json"), isEncrypted)];

        string[] words = expected.Split('|', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(words.Length, warnings.Length);
        Assert.All(words.Zip(warnings), pair => Assert.Contains(pair.First, pair.Second, StringComparison.Ordinal));
        Assert.All(warnings, warning => Assert.Contains(" Help: ", warning, StringComparison.Ordinal));
    }
}
