using System.Globalization;
using System.Text;
using PolicyLayer.Proxy.Http;

namespace PolicyLayer.Tests.Proxy.Http;

/// <summary>Which arguments headers repeat, by the lists that were shown.</summary>
public sealed class ParameterHeadersTests
{
    private const string Plain = """{"name":"t","inputSchema":{"properties":{"s":{"x-mcp-header":"S"}}}}""";

    private readonly ParameterHeaders _headers = new();

    [Theory]
    [InlineData(Plain, "Mcp-Param-S s")]
    [InlineData("""{"name":"t","inputSchema":{"properties":{"\u0073E":{"x\u002dmcp-header":"S"}}}}""", "Mcp-Param-S sE")]
    [InlineData("""{"name":"t","inputSchema":{"properties":{"o":{"properties":{"p":{"x-mcp-header":"P"}}}}}}""", "Mcp-Param-P o/p")]
    [InlineData("""{"name":"t","inputSchema":{"properties":{"s":{"x-mcp-header":"S\r\nX: y"}}}}""", "")]
    [InlineData("""{"name":"t","inputSchema":{"properties":{"s":{"x-mcp-header":""}}}}""", "")]
    [InlineData("""{"name":"t","inputSchema":{"properties":{"s":{"x-mcp-header":1}}}}""", "")]
    [InlineData("""{"name":"t","inputSchema":{"items":{"properties":{"s":{"x-mcp-header":"S"}}}}}""", "")]
    [InlineData("""{"name":"t","outputSchema":{"properties":{"s":{"x-mcp-header":"S"}}}}""", "")]
    public void A_schema_names_them(string tool, string expected)
    {
        Learn(tool);

        Assert.Equal(
            expected.Split(',', StringSplitOptions.RemoveEmptyEntries),
            _headers.Of("t").Select(
                header => $"{header.Header} {string.Join('/', header.Path.Select(name => Encoding.UTF8.GetString(name)))}"));
        Assert.Empty(_headers.Of("T"));
    }

    [Fact]
    public void The_latest_list_counts()
    {
        Learn(Plain);
        Learn(Plain.Replace("\"S\"", "\"Other\"", StringComparison.Ordinal));
        Assert.Equal("Mcp-Param-Other", Assert.Single(_headers.Of("t")).Header);

        Learn("""{"name":"t"}""");

        Assert.Empty(_headers.Of("t"));
    }

    [Fact]
    public void Only_so_many_tools_and_names_are_remembered()
    {
        for (int i = 0; i < 10_000; i++)
        {
            Learn(Plain, i.ToString(CultureInfo.InvariantCulture));
        }

        Learn(Plain, "late");
        Learn(Plain.Replace("\"S\"", "\"Other\"", StringComparison.Ordinal), "0");

        Assert.Empty(_headers.Of("late"));
        Assert.Equal("Mcp-Param-Other", Assert.Single(_headers.Of("0")).Header);
        Assert.Equal("Mcp-Param-S", Assert.Single(_headers.Of("9999")).Header);
    }

    [Theory]
    [InlineData(256, 1)]
    [InlineData(257, 0)]
    public void A_name_that_is_too_long_is_not_remembered(int length, int count)
    {
        Learn(Plain, new string('n', length));

        Assert.Equal(count, _headers.Of(new string('n', length)).Count);
    }

    private void Learn(string tool, string name = "t") => _headers.Learn(name, Encoding.UTF8.GetBytes(tool));
}
