namespace PolicyLayer.Tests.Robustness;

/// <summary>The public suite of JSON texts, as policy documents and as arguments.</summary>
public sealed class JsonSuiteTests
{
    private const string Suite = "json-parsing";

    /// <summary>Ids of findings about the text itself, before it is looked at as a policy.</summary>
    private static readonly string[] JsonLevel = ["PL1001", "PL1002", "PL1003", "PL1004", "PL1005", "PL1006"];

    [SuiteFact(Suite)]
    public void Well_formed_texts_are_diagnosed_as_no_policies_and_never_as_malformed() => Each("y_", (name, bytes) =>
    {
        PolicyLoadResult loaded = Policy.Load(bytes);
        Assert.False(loaded.IsValid, name);
        Assert.Contains(loaded.Diagnostics, d => d.Severity == DiagnosticSeverity.Error);
        Assert.All(loaded.Diagnostics, d => Assert.False(JsonLevel.Contains(d.Id), $"{name}: {d}"));
        Assert.True(loaded.Diagnostics.All(d => d.Line >= 1 && d.Column >= 1), name);
        if (name.Contains("duplicated_key", StringComparison.Ordinal))
        {
            Assert.Contains(loaded.Diagnostics, d => d.Id == "PL1010");
        }
    });

    [SuiteFact(Suite)]
    public void Malformed_texts_are_refused_as_such() => Each("n_", (name, bytes) =>
    {
        PolicyLoadResult loaded = Policy.Load(bytes);
        Assert.False(loaded.IsValid, name);
        Assert.True(loaded.Diagnostics.Any(d => JsonLevel.Contains(d.Id)), name + ": " + string.Join('\n', loaded.Diagnostics));
    });

    [SuiteFact(Suite)]
    public void Texts_that_the_standard_leaves_open_are_no_policies_and_crash_nothing() =>
        Each("i_", (name, bytes) => Assert.False(Policy.Load(bytes).IsValid, name));

    [SuiteFact(Suite)]
    public void As_arguments_only_well_formed_objects_without_duplicates_are_judged()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer("""{ "version": "1", "default": "allow" }""");
        Each("", (name, bytes) =>
        {
            var call = new ToolCall("t", ToolArguments.FromUtf8(bytes));
            DecisionCode code = authorizer.AuthorizeAsync(call).AsTask().GetAwaiter().GetResult().Code;
            bool judged = name.Contains("lonely_null", StringComparison.Ordinal)
                || (name.StartsWith("y_object_", StringComparison.Ordinal) && !name.Contains("duplicated_key", StringComparison.Ordinal));
            bool deep = name.Contains("nested_arrays", StringComparison.Ordinal)
                || name.Contains("100000_opening", StringComparison.Ordinal)
                || name.Contains("open_array_object", StringComparison.Ordinal);
            DecisionCode[] expected = judged ? [DecisionCode.Allowed]
                : deep ? [DecisionCode.ArgumentsMalformed, DecisionCode.ArgumentsTooLarge]
                : [DecisionCode.ArgumentsMalformed];
            Assert.True(expected.Contains(code), $"{name} gives {code}");
        });
    }

    private static void Each(string prefix, Action<string, byte[]> check)
    {
        string[] files = Directory.GetFiles(SuiteFactAttribute.Find(Suite)!, prefix + "*.json");
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            check(Path.GetFileName(file), File.ReadAllBytes(file));
        }
    }
}
