using System.Buffers;
using System.Globalization;
using System.Text;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Tests.Documents;

/// <summary>The ways to a policy: bytes, text and files, with one answer.</summary>
public sealed class LoadTests : IDisposable
{
    private const string Document = """{ "version": "1", "default": "deny", "tools": { "café": {} } }""";

    private readonly string _folder = Directory.CreateTempSubdirectory("policylayer").FullName;

    public static TheoryData<string> Paths { get; } = new(
        "policy.json", "  policy.json\n", "policies/shop", "/etc/policy.JSON", "C:\\policies\\shop.json", "..\\shop",
        "~/shop.policy", "a.b.json5");

    public static TheoryData<string> NoPaths { get; } = new(
        "", "1.5", "true", "deny", "{ policy.json }", "\"policy.json\"", "[\"a/b\"]", "// nobody",
        "/* nobody */", "a/b\nc", "policy.", ".5", "a.?");

    [Fact]
    public async Task A_policy_keeps_nothing_of_the_room_that_it_was_read_in()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer("""
            { "version": "1", "default": "deny", "tools": { "t": {
                "arguments": { "properties": { "a": { "enum": [ { "x": [ 1, "two" ] } ], "$comment": "\u0061" },
                    "b": { "pattern": "^b+$" } } },
                "require": [ { "conditions": [ { "path": "args.c", "op": "in", "value": [ "three", 4.5, { "y": null } ] } ] } ] } } }
            """);
        Scribble<byte>(0xFF);
        Scribble<JsonToken>(default);

        Assert.Equal(DecisionCode.Allowed, await Decide("""{ "a": { "x": [ 1, "two" ] }, "b": "bb", "c": { "y": null } }"""));
        Assert.Equal(DecisionCode.ArgumentsInvalid, await Decide("""{ "a": { "x": [ 1, "too" ] }, "b": "bb", "c": 4.5 }"""));
        Assert.Equal(DecisionCode.RequireFailed, await Decide("""{ "a": { "x": [ 1, "two" ] }, "b": "bb", "c": { "y": 0 } }"""));

        async Task<DecisionCode> Decide(string arguments) =>
            (await authorizer.AuthorizeAsync(new ToolCall("t", ToolArguments.FromUtf8(Encoding.UTF8.GetBytes(arguments))))).Code;
    }

    [Fact]
    public void Loading_allocates_little_beside_what_stays()
    {
        const int Tools = 2_000;
        string tools = string.Join(',', Enumerable.Range(0, Tools).Select(i => string.Create(
            CultureInfo.InvariantCulture, $$"""
            "server_{{i % 97}}_tool_{{i}}": { "limits": [ { "counter": "calls", "window": "minute", "max": 10 } ] }
            """)));
        byte[] document = Encoding.UTF8.GetBytes("""{ "version": "1", "default": "deny", "tools": {""" + tools + "} }");
        Policy.Parse(document);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Policy.Parse(document);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // 180 of them stay: the entry, its name and its place in the index. The bytes and the tokens, 270 a tool, are lent.
        Assert.InRange(allocated / Tools, 180, 700);
    }

    [Fact]
    public void Bytes_text_and_file_are_one_policy_and_take_the_same_options()
    {
        string file = Write("policy.json", Document);
        var options = new PolicyLoadOptions { Name = "host" };
        Policy[] policies =
        [
            Policy.Parse(Document, options),
            Policy.Parse(Encoding.UTF8.GetBytes(Document), options),
            Policy.ParseFile(file, options),
            Policy.Load(Document, options).Policy!,
            Policy.Load(Encoding.UTF8.GetBytes(Document), options).Policy!,
            Policy.LoadFile(file, options).Policy!,
        ];
        Assert.All(policies, policy => Assert.Equal(("host", policies[0].Revision), (policy.Name, policy.Revision)));
        Assert.Equal("default", Policy.LoadFile(file).Policy!.Name);
        Assert.Throws<ArgumentOutOfRangeException>(() => Policy.Load("policy.json", new PolicyLoadOptions { MaxBytes = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Policy.LoadFile("policy.json", new PolicyLoadOptions { MaxBytes = 0 }));
        Assert.Throws<ArgumentNullException>(() => Policy.Load((string)null!));
        Assert.Throws<ArgumentNullException>(() => Policy.Parse((string)null!));
    }

    [Fact]
    public void A_broken_document_has_the_same_findings_from_text_and_file()
    {
        const string Broken = """{ "version": "2", "tools": [] }""";
        string file = Write("broken.json", Broken);
        string[] findings = [.. TestPolicies.Load(Broken).Diagnostics.Select(finding => finding.ToString())];
        Assert.Equal(3, findings.Length);
        Assert.Equal(findings, Policy.Load(Broken).Diagnostics.Select(finding => finding.ToString()));
        Assert.Equal(findings, Policy.LoadFile(file).Diagnostics.Select(finding => finding.ToString()));
        PolicyException exception = Assert.Throws<PolicyException>(() => Policy.ParseFile(file));
        Assert.Equal(findings, exception.Diagnostics.Select(finding => finding.ToString()));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_path_in_place_of_a_document_is_told_as_one(string path)
    {
        PolicyException exception = Assert.Throws<PolicyException>(() => Policy.Parse(path));
        PolicyDiagnostic finding = Assert.Single(exception.Diagnostics);
        Assert.Equal(("PL1001", 1, 1, ""), (finding.Id, finding.Line, finding.Column, finding.Pointer));
        Assert.Contains(path.Trim(), finding.Message, StringComparison.Ordinal);
        Assert.Contains("`Policy.ParseFile`", finding.Help, StringComparison.Ordinal);
        Assert.Contains("`Policy.LoadFile`", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(NoPaths))]
    public void Other_texts_are_judged_as_documents(string text) => Assert.Equal(
        TestPolicies.Load(text).Diagnostics.Select(finding => finding.ToString()),
        Policy.Load(text).Diagnostics.Select(finding => finding.ToString()));

    [Fact]
    public void A_file_that_cannot_be_read_is_an_exception()
    {
        Assert.Throws<FileNotFoundException>(() => Policy.LoadFile(Path.Combine(_folder, "none.json")));
        Assert.Throws<DirectoryNotFoundException>(() => Policy.ParseFile(Path.Combine(_folder, "no", "none.json")));
        Assert.Throws<UnauthorizedAccessException>(() => Policy.LoadFile(_folder));
        Assert.Throws<ArgumentException>(() => Policy.LoadFile(""));
        Assert.Throws<ArgumentNullException>(() => Policy.LoadFile(null!));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(-1, false)]
    public void A_file_is_read_to_its_end_and_no_further_than_a_document_may_go(int more, bool isValid)
    {
        string file = Write("policy.json", Document);
        int length = Encoding.UTF8.GetByteCount(Document);
        PolicyLoadResult result = Policy.LoadFile(file, new PolicyLoadOptions { MaxBytes = length + more });
        Assert.Equal(isValid, result.IsValid);
        Assert.Equal(isValid ? [] : ["PL1005"], result.Diagnostics.Select(finding => finding.Id));
    }

    [Fact]
    public void A_file_without_a_length_or_an_end_is_read_as_far_as_a_document_may_go()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        PolicyDiagnostic finding = Assert.Single(Policy.LoadFile("/dev/zero", new PolicyLoadOptions { MaxBytes = 65_536 }).Diagnostics);
        Assert.Equal("The document has more than 65536 bytes.", finding.Message);
        Assert.Equal("PL1001", Assert.Single(Policy.LoadFile("/proc/self/status").Diagnostics).Id);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string name, string document)
    {
        string file = Path.Combine(_folder, name);
        File.WriteAllText(file, document);
        return file;
    }

    /// <summary>Overwrites what this thread gave back to the pool.</summary>
    private static void Scribble<T>(T value)
    {
        T[][] rented = [.. Enumerable.Range(4, 13).Select(size => ArrayPool<T>.Shared.Rent(1 << size))];
        foreach (T[] array in rented)
        {
            Array.Fill(array, value);
            ArrayPool<T>.Shared.Return(array);
        }
    }
}
