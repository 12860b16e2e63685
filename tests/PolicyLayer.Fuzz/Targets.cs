namespace PolicyLayer.Fuzz;

/// <summary>What must hold of any bytes; a break is an exception, which the fuzzer reports as a crash.</summary>
internal static class Targets
{
    private static readonly ToolCallAuthorizer Authorizer = new(PolicyLayer.Policy.Parse("""
        { "version": "1", "default": "deny", "tools": { "t": {
            "require": [ { "conditions": [ { "path": "args.items[*].id", "op": "regex", "value": "^[a-z]+$" } ] } ],
            "deny_if": [ { "conditions": [ { "path": "args[\"a b\"].c[0]", "op": "in", "value": [ 100, "x", [ 1, { "y": null } ] ] } ] },
                         { "conditions": [ { "path": "args.n", "op": "gt", "value": 1e400 },
                                           { "path": "args.text", "op": "contains", "value": "é" } ] } ],
            "limits": [ { "counter": "amount", "window": "second", "max": 1000000, "increment_from": "args.n" } ] } } }
        """));

    /// <summary>A document gives a policy or an error, never both and never neither; a policy judges a call.</summary>
    public static void Policy(ReadOnlySpan<byte> document)
    {
        PolicyLoadResult loaded = PolicyLayer.Policy.Load(document);
        bool hasError = loaded.Diagnostics.Any(d => d.Severity == DiagnosticSeverity.Error);
        Must(loaded.IsValid != hasError, "a policy beside an error, or neither");
        Must(loaded.Diagnostics.Count <= 100, "more than a hundred findings");
        if (loaded.IsValid)
        {
            Judge(
                new ToolCallAuthorizer(loaded.Policy, new ToolCallAuthorizerOptions { MaxOpenCalls = 1 }),
                """{"items":[{"id":"x"}],"n":5}"""u8);
        }
    }

    /// <summary>Any arguments are judged, and nothing unforeseen happens.</summary>
    public static void Arguments(ReadOnlySpan<byte> arguments) => Judge(Authorizer, arguments);

    private static void Judge(ToolCallAuthorizer authorizer, ReadOnlySpan<byte> arguments)
    {
        var call = new ToolCall("t", ToolArguments.FromUtf8(arguments.ToArray())) { GrantId = "fuzz" };
        ToolCallDecision decision = authorizer.AuthorizeAsync(call).AsTask().GetAwaiter().GetResult();
        Must(decision.Code != DecisionCode.InternalError, "an internal error");
    }

    private static void Must(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}
