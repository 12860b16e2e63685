using System.Globalization;

namespace PolicyLayer.Tests.Rules;

public sealed class WindowNamesTests
{
    public static TheoryData<string, int> Windows =>
        new() { { "second", 1 }, { "minute", 60 }, { "hour", 3_600 }, { "day", 86_400 } };

    [Theory]
    [MemberData(nameof(Windows))]
    public async Task A_name_is_its_seconds_wherever_it_is_read_or_said(string name, int seconds)
    {
        string number = seconds.ToString(CultureInfo.InvariantCulture);

        Assert.Equal($"[POLICY DENIED] The limit `c` of 0 per {name} lets no call pass.", await RefusalAsync(Limit(number)));
        Assert.StartsWith(
            $"[POLICY DENIED] The limit `t_rate` of 1 per {name} is used up. Try again in ",
            await RefusalAsync($"\"rate_limit\":\"1/{name}\"", calls: 2),
            StringComparison.Ordinal);
        Assert.Contains(
            Policy.Load(Document($"\"limits\":[{Limit($"\"{name}\"", list: false)},{Limit(number, list: false)}]")).Diagnostics,
            finding => finding.Id == "PL1204");
    }

    [Fact]
    public async Task Other_windows_are_said_in_seconds() =>
        Assert.Equal("[POLICY DENIED] The limit `c` of 0 per 61 seconds lets no call pass.", await RefusalAsync(Limit("61")));

    private static async Task<string?> RefusalAsync(string entry, int calls = 1)
    {
        var authorizer = new ToolCallAuthorizer(
            Policy.Parse(Document(entry)), new ToolCallAuthorizerOptions { TimeProvider = new SettableClock() });
        ToolCallDecision decision = default;
        for (int i = 0; i < calls; i++)
        {
            decision = await authorizer.AuthorizeAsync(new ToolCall("t") { GrantId = "g" });
        }

        return decision.Message;
    }

    private static string Limit(string window, bool list = true)
    {
        string limit = $$"""{"counter":"c","window":{{window}},"max":0}""";
        return list ? $"\"limits\":[{limit}]" : limit;
    }

    private static byte[] Document(string entry) =>
        System.Text.Encoding.UTF8.GetBytes("{\"version\":\"1\",\"default\":\"deny\",\"tools\":{\"t\":{" + entry + "}}}");
}
