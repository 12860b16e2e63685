using System.Globalization;
using System.Text;
using PolicyLayer.Grants;

namespace PolicyLayer.Tests.Documents;

/// <summary>What a file of grants says, and the ways to it: bytes, text and files, with one answer.</summary>
public sealed class GrantLoadTests : IDisposable
{
    private const string Hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    private const string Document =
        $$"""
        { "grants": [
          { "token_sha256": "{{Hash}}", "revoked": true, "expires": "2027-01-31T19:00:00+01:00", "policy": "shop",
            "attributes": { "team": "b\u0075ild", "Région": "é" }, "label": "Build", "id": "c\u0069" },
          { "id": "plain" } ] }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("policylayer").FullName;

    [Fact]
    public void Every_member_is_read_and_absent_ones_say_nothing()
    {
        IReadOnlyList<Grant> grants = GrantDocument.Parse(Document);

        Assert.Equal(["ci", "plain"], grants.Select(grant => grant.Id));
        Grant full = grants[0];
        Assert.Equal(
            ("Build", "shop", new DateTimeOffset(2027, 1, 31, 18, 0, 0, TimeSpan.Zero), true, Hash),
            (full.Label, full.PolicyName, full.Expires, full.IsRevoked, full.TokenSha256));
        Assert.Equal(new Dictionary<string, string> { ["team"] = "build", ["Région"] = "é" }, full.Attributes);
        Grant plain = grants[1];
        Assert.Equal((null, null, null, false, null), (plain.Label, plain.PolicyName, plain.Expires, plain.IsRevoked, plain.TokenSha256));
        Assert.Empty(plain.Attributes);
    }

    [Fact]
    public void A_directory_finds_what_was_read_by_id_and_by_token()
    {
        var directory = new GrantDirectory(GrantDocument.Parse(Document));

        Assert.Equal("ci", directory.FindByToken("test")?.Id);
        Assert.Equal("plain", directory.Find("plain")?.Id);
        Assert.Null(directory.FindByToken(Hash));
    }

    /// <summary>What is written, and the moment in UTC; null where there is none.</summary>
    public static TheoryData<string, string?> Moments => new()
    {
        { "2027-01-31T18:00:00Z", "2027-01-31T18:00:00.0000000" },
        { "2027-01-31t18:00:00z", "2027-01-31T18:00:00.0000000" },
        { "2027-01-31T18:00:00.5-00:30", "2027-01-31T18:30:00.5000000" },
        { "2027-01-01T00:00:00+14:00", "2026-12-31T10:00:00.0000000" },
        { "2027-01-01T00:00:00+23:59", "2026-12-31T00:01:00.0000000" },
        { "2027-01-31T18:00:00.123456789Z", "2027-01-31T18:00:00.1234567" },
        { "2027-01-31T18:00:00.99999999999999999999999999Z", "2027-01-31T18:00:00.9999999" },
        { "2016-12-31T23:59:60Z", "2017-01-01T00:00:00.0000000" },
        { "0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000" },
        { "9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999" },
        { "0001-01-01T00:00:00+00:01", null },
        { "9999-12-31T23:59:59-00:01", null },
        { "0000-01-01T00:00:00Z", null },
        { "2027-01-31T24:00:00Z", null },
        { "2027-01-31T23:59:60Z", "2027-02-01T00:00:00.0000000" },
        { "2027-01-30T23:59:60Z", null },
        { "2027-01-31T18:00:00+1:00", null },
        { "2027-01-31T18:00Z", null },
        { "２027-01-31T18:00:00Z", null },
    };

    [Theory]
    [MemberData(nameof(Moments))]
    public void A_moment_is_read_exactly_and_never_later_than_written(string text, string? expected)
    {
        GrantLoadResult loaded = GrantDocument.Load($$"""{ "grants": [{ "id": "ci", "expires": "{{text}}" }] }""");

        DateTimeOffset? moment = loaded.Grants?[0].Expires;
        Assert.Equal(expected, moment?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff", CultureInfo.InvariantCulture));
        Assert.Equal(expected is null ? ["PL3005"] : [], loaded.Diagnostics.Select(finding => finding.Id));
    }

    [Fact]
    public void Bytes_text_and_file_are_read_alike_and_take_the_same_options()
    {
        byte[] bytes = [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Document)];
        string file = Path.Combine(_folder, "grants.json");
        File.WriteAllBytes(file, bytes);
        var options = new GrantLoadOptions { PolicyNames = ["support"] };

        Assert.All(
            [GrantDocument.Parse(Document), GrantDocument.Parse(bytes), GrantDocument.ParseFile(file)],
            grants => Assert.Equal(["ci", "plain"], grants.Select(grant => grant.Id)));
        Assert.All(
            [GrantDocument.Load(Document, options), GrantDocument.Load(bytes, options), GrantDocument.LoadFile(file, options)],
            loaded => Assert.Equal((false, "PL3003"), (loaded.IsValid, Assert.Single(loaded.Diagnostics).Id)));
        PolicyException exception = Assert.Throws<PolicyException>(() => GrantDocument.ParseFile(file, options));
        Assert.StartsWith("The document yields no grants:\n  PL3003 error grants:2:", exception.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => GrantDocument.Load((string)null!));
        Assert.Throws<FileNotFoundException>(() => GrantDocument.LoadFile(Path.Combine(_folder, "none.json")));
    }

    [Fact]
    public void A_path_in_place_of_a_document_and_half_a_character_are_told()
    {
        PolicyDiagnostic path = Assert.Single(GrantDocument.Load("grants.json").Diagnostics);
        PolicyDiagnostic half = Assert.Single(GrantDocument.Load("{ \"grants\": [{ \"id\": \"\ud83d\" }] }").Diagnostics);

        Assert.Equal(
            ("PL1001", "read a file with `GrantDocument.ParseFile` or `GrantDocument.LoadFile`", "PL1002"), (path.Id, path.Help, half.Id));
    }

    /// <summary>Each bound is reached but not passed: one less is told with its own id at its place.</summary>
    [Theory]
    [InlineData("bytes", 45, "PL1005 1:1 ")]
    [InlineData("depth", 3, "PL1006 1:15 ")]
    [InlineData("grants", 2, "PL3001 1:30 /grants/1")]
    public void A_bound_is_reached_but_not_passed(string bound, int needed, string expected)
    {
        const string Two = """{ "grants": [ { "id":"a"  }, { "id":"b" } ] }""";
        Assert.Empty(GrantDocument.Load(Two, Options(bound, needed)).Diagnostics);
        PolicyDiagnostic found = Assert.Single(GrantDocument.Load(Two, Options(bound, needed - 1)).Diagnostics);
        Assert.Equal(expected, string.Create(CultureInfo.InvariantCulture, $"{found.Id} {found.Line}:{found.Column} {found.Pointer}"));
    }

    [Theory]
    [InlineData("bytes", 0)]
    [InlineData("depth", 0)]
    [InlineData("depth", 1_001)]
    [InlineData("grants", 0)]
    public void A_bound_out_of_range_is_the_callers_bug(string bound, int value) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => GrantDocument.Load(Document, Options(bound, value)));

    [Fact]
    public void Defaults_are_those_of_the_reference()
    {
        var options = new GrantLoadOptions();
        Assert.Equal((16 * 1024 * 1024, 64, 100_000), (options.MaxBytes, options.MaxDepth, options.MaxGrants));
        Assert.Null(options.PolicyNames);
    }

    [Fact]
    public void As_many_grants_as_allowed_are_read_and_one_more_is_an_error()
    {
        Assert.Equal(100_000, GrantDocument.Parse(Many(100_000)).Count);
        Assert.Equal("/grants/100000", Assert.Single(GrantDocument.Load(Many(100_001)).Diagnostics).Pointer);
    }

    [Fact]
    public void Findings_are_at_most_a_hundred_and_errors_come_before_warnings()
    {
        string[] ids = ["ci", "Ci", "ci", "CI"];
        IEnumerable<string> grants = Enumerable.Range(0, 300).Select(i => $"{{\"id\":\"{ids[i % 4]}\"}}");
        GrantLoadResult loaded = GrantDocument.Load($"{{\"grants\":[{string.Join(',', grants)}]}}");

        Assert.Equal(100, loaded.Diagnostics.Count);
        Assert.All(loaded.Diagnostics.Take(99), finding => Assert.Equal("PL3002", finding.Id));
        Assert.Equal("PL2021", loaded.Diagnostics[^1].Id);
    }

    [Fact]
    public void A_host_without_names_of_policies_says_so()
    {
        GrantLoadResult loaded = GrantDocument.Load(Document, new GrantLoadOptions { PolicyNames = [] });

        Assert.Equal("leave it out: the host names no policy", Assert.Single(loaded.Diagnostics).Help);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static GrantLoadOptions Options(string bound, int value) => bound switch
    {
        "bytes" => new GrantLoadOptions { MaxBytes = value },
        "depth" => new GrantLoadOptions { MaxDepth = value },
        _ => new GrantLoadOptions { MaxGrants = value },
    };

    private static string Many(int count) =>
        "{\"grants\":[" + string.Join(',', Enumerable.Range(0, count).Select(i => $"{{\"id\":\"g{i}\"}}")) + "]}";
}
