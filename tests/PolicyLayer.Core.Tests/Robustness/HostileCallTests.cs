using System.Text;

namespace PolicyLayer.Tests.Robustness;

/// <summary>Calls made to be slow, to crash the process, or to change while they are judged.</summary>
public sealed class HostileCallTests
{
    private const int Depth = 990;

    private static readonly string DeepArray = new string('[', Depth) + new string(']', Depth);
    private static readonly string DeepObject = string.Concat(Enumerable.Repeat("{\"a\":", Depth)) + "1" + new string('}', Depth);

    [Theory]
    [InlineData("array")]
    [InlineData("object")]
    [InlineData("dictionary")]
    [InlineData("list")]
    public void Deep_arguments_deny_whatever_the_stack(string form)
    {
        string operand = form == "object" ? DeepObject : DeepArray;
        ToolArguments arguments = form switch
        {
            "array" or "object" => ToolArguments.FromJson($$"""{"v":{{operand}}}"""),
            "dictionary" => ToolArguments.FromDictionary(
                new Dictionary<string, object?> { ["v"] = Nest(value => new Dictionary<string, object?> { ["a"] = value }) }),
            _ => ToolArguments.FromDictionary(new Dictionary<string, object?> { ["v"] = Nest(value => new[] { value }) }),
        };
        ToolCallAuthorizer authorizer = Authorizer("eq", operand, maxDepth: 1_000);

        DecisionCode code = DecisionCode.Allowed;
        var small = new Thread(() => code = Judge(authorizer, arguments), maxStackSize: 256 * 1024);
        small.Start();
        small.Join();

        Assert.Equal(DecisionCode.InternalError, code);
    }

    [Fact]
    public void Many_small_elements_are_compared_with_a_large_operand_in_their_own_time()
    {
        string large = string.Join(',', Enumerable.Repeat("1", 100_000));
        string small = string.Join(',', Enumerable.Repeat("[]", 300_000));
        Assert.Equal(DecisionCode.Allowed, Judge(Authorizer("contains", $"[{large}]"), ToolArguments.FromJson($$"""{"v":[{{small}}]}""")));

        large = string.Join(',', Enumerable.Range(0, 100_000).Select(i => $"\"n{i}\":1"));
        small = string.Join(',', Enumerable.Repeat("{}", 300_000));
        Assert.Equal(
            DecisionCode.Allowed, Judge(Authorizer("contains", $"{{{large}}}"), ToolArguments.FromJson($$"""{"v":[{{small}}]}""")));
    }

    [Theory]
    [InlineData("77", "")]
    [InlineData("0.0", "7")]
    [InlineData("5000000000000000000000", ".5")]
    public void A_long_number_is_read_once_however_many_it_is_compared_with(string start, string end)
    {
        string many = string.Join(',', Enumerable.Range(0, 5_000).Select(i => $"{i}.5"));
        string number = start + new string('0', 1_000_000) + end;
        Assert.Equal(DecisionCode.Allowed, Judge(Authorizer("in", $"[{many}]"), ToolArguments.FromJson($$"""{"v":{{number}}}""")));
    }

    [Fact]
    public async Task A_dictionary_that_changes_while_it_is_judged_gives_a_decision_and_no_exception()
    {
        ToolCallAuthorizer authorizer = Authorizer("eq", "\"x\"");
        var arguments = new Dictionary<string, object?>();
        using var end = new CancellationTokenSource();
        Task changing = Task.Run(() =>
        {
            for (int i = 0; !end.IsCancellationRequested; i++)
            {
                arguments["v"] = "x";
                arguments[$"n{i % 50}"] = i;
                arguments.Remove($"n{(i + 25) % 50}");
            }
        });

        var seen = new HashSet<DecisionCode>();
        for (int i = 0; i < 20_000; i++)
        {
            seen.Add(Judge(authorizer, ToolArguments.FromDictionary(arguments)));
        }

        await end.CancelAsync();
        await changing;
        DecisionCode[] possible =
            [DecisionCode.Allowed, DecisionCode.DenyIfMatched, DecisionCode.InternalError, DecisionCode.ArgumentsMalformed];
        Assert.All(seen, code => Assert.Contains(code, possible));
    }

    private static object? Nest(Func<object?, object?> around)
    {
        object? value = 1;
        for (int i = 0; i < Depth; i++)
        {
            value = around(value);
        }

        return value;
    }

    private static ToolCallAuthorizer Authorizer(string op, string operand, int maxDepth = 64)
    {
        byte[] document = Encoding.UTF8.GetBytes(
            $$"""
            { "version": "1", "default": "deny", "tools": { "t": { "deny_if": [ { "conditions": [
              { "path": "args.v", "op": "{{op}}", "value": {{operand}} } ] } ] } } }
            """);
        return new ToolCallAuthorizer(
            Policy.Parse(document, new PolicyLoadOptions { MaxDepth = 1_000 }),
            new ToolCallAuthorizerOptions { DefaultGrantId = "ci", MaxArgumentsDepth = maxDepth });
    }

    private static DecisionCode Judge(ToolCallAuthorizer authorizer, ToolArguments arguments) =>
        authorizer.AuthorizeAsync(new ToolCall("t", arguments)).AsTask().GetAwaiter().GetResult().Code;
}
