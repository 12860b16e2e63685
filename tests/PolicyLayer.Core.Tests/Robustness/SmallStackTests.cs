using System.Text;

namespace PolicyLayer.Tests.Robustness;

/// <summary>
/// What is read and judged on small stacks, as deep as the options allow: it is decided or reported, and the process lives.
/// </summary>
public sealed class SmallStackTests
{
    private const int StackBytes = 512 * 1024;
    private const int Depth = 1_000;

    private static readonly PolicyLoadOptions Deep = new() { MaxDepth = Depth };

    /// <summary>Schemas that nest as deep as documents may, each with the finding that it has; empty for none.</summary>
    public static TheoryData<string, string> Schemas => new()
    {
        { Nest(330, "{'properties':{'a':{'items':", "{}", "}}}"), "" },
        { Nest(900, "{'items':", "{}", "}"), "" },
        { Nest(900, "{'not':", "{}", "}"), "PL1511" },
        { Nest(450, "{'allOf':[", "{}", "]}"), "PL1511" },
        { Nest(300, "{'if':{'dependentSchemas':{'a':", "{}", "}}}"), "PL1511" },
        { "{'enum':[1,2,3,4,5,6,7,8,9," + Nest(900, "[", "", "]") + "]}", "" },
        { "{'const':" + Nest(900, "{'a':", "1", "}") + "}", "" },
        { Nest(990, "{'nokeyword':", "1", "}"), "PL1501" },
    };

    /// <summary>Entries, and arguments about as deep as they may be.</summary>
    public static TheoryData<string, string> Calls => new()
    {
        { "'arguments':{'items':{'$ref':'#'},'properties':{'a':{'$ref':'#'}}}", Nest(990, "{'a':", "1", "}") },
        {
            "'arguments':{'properties':{'a':{'uniqueItems':true}}}",
            "{'a':[" + Nest(900, "[", "", "]") + "," + Nest(900, "[", "", "]") + "]}"
        },
        { "'arguments':{'properties':{'a':{'const':" + Nest(900, "[", "", "]") + "}}}", "{'a':" + Nest(900, "[", "", "]") + "}" },
        {
            "'require':[{'conditions':[{'path':'args.a','op':'eq','value':" + Nest(900, "[", "1", "]") + "}]}]",
            "{'a':" + Nest(900, "[", "1", "]") + "}"
        },
        {
            "'require':[{'conditions':[{'path':'args.a" + Nest(990, "[*]", "", "") + "','op':'eq','value':1}]}]",
            "{'a':" + Nest(990, "[", "1", "]") + "}"
        },
    };

    [Theory]
    [MemberData(nameof(Schemas))]
    public void A_deep_schema_compiles_as_on_any_stack(string schema, string finding)
    {
        byte[] document = Document("'arguments':" + schema);
        string[] ids = OnSmallStack(() => Policy.Load(document, Deep).Diagnostics.Select(found => found.Id).Distinct().ToArray());
        Assert.Equal(finding.Length == 0 ? [] : [finding], ids);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public void A_deep_call_is_decided(string entry, string arguments)
    {
        Policy policy = Policy.Parse(Document(entry), Deep);
        byte[] text = Encoding.UTF8.GetBytes(arguments.Replace('\'', '"'));
        var authorizer = new ToolCallAuthorizer(policy, new ToolCallAuthorizerOptions { DefaultGrantId = "ci", MaxArgumentsDepth = Depth });
        ToolCallDecision decision = OnSmallStack(() => authorizer.AuthorizeAsync(new ToolCall("t", text)).AsTask().Result);

        // What the stack can't hold is denied; what it can is judged.
        Assert.Contains(decision.Code, (DecisionCode[])[DecisionCode.Allowed, DecisionCode.InternalError, DecisionCode.ArgumentsTooLarge]);
    }

    [Fact]
    public void A_document_of_the_usual_depth_compiles_on_a_stack_of_a_quarter_MiB()
    {
        byte[] document = Document("'arguments':" + Nest(30, "{'allOf':[", "{}", "]}"));
        Assert.True(OnStack(StackBytes / 2, () => Policy.Load(document).IsValid));
    }

    private static byte[] Document(string entry) =>
        Encoding.UTF8.GetBytes(("{'version':'1','default':'deny','tools':{'t':{" + entry + "}}}").Replace('\'', '"'));

    private static string Nest(int times, string open, string inner, string close) =>
        string.Concat(Enumerable.Repeat(open, times)) + inner + string.Concat(Enumerable.Repeat(close, times));

    private static T OnSmallStack<T>(Func<T> run) => OnStack(StackBytes, run);

    private static T OnStack<T>(int bytes, Func<T> run)
    {
        T result = default!;
        var thread = new Thread(() => result = run(), bytes);
        thread.Start();
        thread.Join();
        return result;
    }
}
