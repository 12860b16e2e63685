namespace PolicyLayer.Tests.Documents;

/// <summary>Each limit of the reader holds exactly, and is told with its own id at its place.</summary>
public sealed class LoadOptionsTests
{
    private static readonly MarkedDocument Marked = MarkedDocument.Parse("""
        ⟦1:{⟧ "version": "1", "default": "deny", "tools": {
          "a": { "require": [ { "conditions": [
            ⟦2:{ "path": "args.x", "op": "regex", "value": ⟦3:"^[a-z]+$"⟧ }⟧,
            ⟦4:{ "path": "args.y", "op": "exists", "value": true }⟧ ] } ] },
          ⟦5:"b"⟧: {} }, "hide": ["*_x", ⟦6:"x*y"⟧] }
        """);

    private static readonly string Document = Marked.Text;

    private static readonly Dictionary<string, Action<PolicyLoadOptions, int>> Limits = new()
    {
        ["bytes"] = (options, value) => options.MaxBytes = value,
        ["depth"] = (options, value) => options.MaxDepth = value,
        ["tools"] = (options, value) => options.MaxTools = value,
        ["wildcards"] = (options, value) => options.MaxWildcardPatterns = value,
        ["conditions"] = (options, value) => options.MaxConditionsPerRule = value,
        ["regex"] = (options, value) => options.MaxRegexLength = value,
        ["states"] = (options, value) => options.MaxRegexStates = value,
        ["cache"] = (options, value) => options.MaxRegexCacheBytes = value,
        ["caches"] = (options, value) => options.MaxRegexCacheBytesInAll = value,
    };

    /// <summary>A limit, what the document needs of it, and the finding when it has one less: id, mark, pointer.</summary>
    public static TheoryData<string, int, string, int, string> Bounds => new()
    {
        { "bytes", Document.Length, "PL1005", 1, "" },
        { "depth", 7, "PL1006", 2, "" },
        { "tools", 2, "PL1007", 5, "/tools/b" },
        { "wildcards", 2, "PL1012", 6, "/hide/1" },
        { "conditions", 2, "PL1008", 4, "/tools/a/require/0/conditions/1" },
        { "regex", 8, "PL1009", 3, "/tools/a/require/0/conditions/0/value" },
        { "states", 4, "PL1405", 3, "/tools/a/require/0/conditions/0/value" },
    };

    [Theory]
    [MemberData(nameof(Bounds))]
    public void A_limit_is_reached_but_not_passed(string limit, int needed, string id, int mark, string pointer)
    {
        var options = new PolicyLoadOptions();
        Limits[limit](options, needed);
        Assert.Empty(TestPolicies.Load(Document, options).Diagnostics);

        Limits[limit](options, needed - 1);
        PolicyDiagnostic found = Assert.Single(TestPolicies.Load(Document, options).Diagnostics);
        Assert.Equal($"{id} {Marked.PlaceOf(mark)} {pointer}", $"{found.Id} {found.Line}:{found.Column} {found.Pointer}");
    }

    [Fact]
    public void Defaults_are_those_of_the_reference()
    {
        var options = new PolicyLoadOptions();
        Assert.Equal(
            (16 * 1024 * 1024, 64, 100_000, 256, 4_096),
            (options.MaxBytes, options.MaxDepth, options.MaxTools, options.MaxConditionsPerRule, options.MaxRegexLength));
        Assert.Equal(1_000, options.MaxWildcardPatterns);
        Assert.Equal(
            (10_000, 64 * 1024, 16L * 1024 * 1024), (options.MaxRegexStates, options.MaxRegexCacheBytes, options.MaxRegexCacheBytesInAll));
    }

    [Theory]
    [InlineData("bytes", 0)]
    [InlineData("depth", 0)]
    [InlineData("depth", 1_001)]
    [InlineData("tools", 0)]
    [InlineData("wildcards", 0)]
    [InlineData("conditions", 0)]
    [InlineData("regex", -1)]
    [InlineData("states", 0)]
    [InlineData("states", 1_000_001)]
    [InlineData("cache", -1)]
    [InlineData("cache", (1024 * 1024 * 1024) + 1)]
    [InlineData("caches", -1)]
    public void A_limit_out_of_range_is_the_callers_bug(string limit, int value)
    {
        var options = new PolicyLoadOptions();
        Limits[limit](options, value);
        Assert.Throws<ArgumentOutOfRangeException>(() => TestPolicies.Load(Document, options));
    }

    [Fact]
    public void A_name_of_the_hosts_wins_over_the_documents()
    {
        const string Named = """{ "version": "1", "default": "deny", "name": "own" }""";
        Assert.Equal("default", Policy.Parse(Document).Name);
        Assert.Equal("own", Policy.Parse(Named).Name);
        Assert.Equal("host", TestPolicies.Load(Named, new PolicyLoadOptions { Name = "host" }).Policy?.Name);
        Assert.Throws<ArgumentException>(() => TestPolicies.Load(Named, new PolicyLoadOptions { Name = "" }));
        Assert.Throws<ArgumentException>(() => TestPolicies.Load(Named, new PolicyLoadOptions { Name = new string('x', 129) }));
    }
}
