using System.Text.Json;
using Microsoft.Extensions.AI;
using PolicyLayer.Auditing;
using PolicyLayer.Extensions.AI;
using static PolicyLayer.Tests.AI.ScriptedChatClient;

namespace PolicyLayer.Tests.AI;

/// <summary>The framework's own loop, with a model that says what it was told to.</summary>
public sealed class ChatClientTests
{
    private readonly InMemoryAuditSink _sink = new();

    [Fact]
    public async Task The_model_reads_what_a_function_says_and_why_another_is_denied()
    {
        var allowed = new CountedFunction("f");
        var denied = new CountedFunction("g");
        var model = new ScriptedChatClient(Asks(("f", "{}"), ("g", "{}")), Says("end"));
        IChatClient client = Pipeline(model, Authorizers.Of("""{ "f": {} }"""));

        ChatResponse response = await client.GetResponseAsync("go", new ChatOptions { Tools = [allowed, denied] });
        Assert.Equal("end", response.Text);
        Assert.Equal(["done", "[POLICY DENIED] This tool is not listed in the policy."], ResultsOf(model));
        Assert.Equal((1, 0), (allowed.Runs, denied.Runs));
    }

    [Fact]
    public async Task Thrown_denials_end_the_loop_of_the_framework()
    {
        var function = new CountedFunction("f");
        var model = new ScriptedChatClient([.. Enumerable.Range(0, 10).Select(_ => Asks(("f", "{}")))]);
        IChatClient client = Pipeline(model, Authorizers.Of("{}"), options => options.ThrowsDenials = true);

        await Assert.ThrowsAsync<ToolCallDeniedException>(() => client.GetResponseAsync("go", new ChatOptions { Tools = [function] }));
        Assert.Equal(0, function.Runs);
    }

    [Fact]
    public async Task Denials_as_text_do_not_end_the_loop()
    {
        var model = new ScriptedChatClient([.. Enumerable.Range(0, 6).Select(_ => Asks(("f", "{}"))), Says("end")]);
        IChatClient client = Pipeline(model, Authorizers.Of("{}"));

        Assert.Equal("end", (await client.GetResponseAsync("go", new ChatOptions { Tools = [new CountedFunction("f")] })).Text);
    }

    [Fact]
    public async Task What_the_policy_hides_is_neither_shown_nor_run()
    {
        var hidden = new CountedFunction("admin_reset");
        var model = new ScriptedChatClient(Asks(("admin_reset", "{}")), Says("end"));
        IChatClient client = Pipeline(model, Authorizers.Of("""{ "f": {} }""", hide: """["admin_*"]"""));
        var options = new ChatOptions { Tools = [hidden, new CountedFunction("f")] };

        await client.GetResponseAsync("go", options);
        Assert.Equal(["f"], model.Options[0]!.Tools!.Select(tool => tool.Name));
        Assert.Equal(0, hidden.Runs);
        Assert.Equal(2, options.Tools.Count);
        Assert.Same(hidden, options.Tools[0]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_limit_holds_over_parallel_calls(bool concurrent)
    {
        var function = new CountedFunction("f", async (_, _) =>
        {
            await Task.Yield();
            return "done";
        });
        var model = new ScriptedChatClient(Asks([.. Enumerable.Repeat(("f", "{}"), 8)]), Says("end"));
        IChatClient client = Pipeline(
            model, Authorizers.Of("""{ "f": { "rate_limit": "3/day" } }"""), invoking: each => each.AllowConcurrentInvocation = concurrent);

        await client.GetResponseAsync("go", new ChatOptions { Tools = [function] });
        Assert.Equal(3, function.Runs);
        Assert.Equal(5, ResultsOf(model).Count(text => text.Contains("is used up", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_streamed_answer_is_guarded_too()
    {
        var denied = new CountedFunction("g");
        var model = new ScriptedChatClient(Asks(("g", "{}")), Says("end"));
        IChatClient client = Pipeline(model, Authorizers.Of("""{ "f": {} }"""));

        List<ChatResponseUpdate> updates = [];
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync("go", new ChatOptions { Tools = [denied] }))
        {
            updates.Add(update);
        }

        Assert.Equal("end", updates.ToChatResponse().Text);
        Assert.Equal(0, denied.Runs);
        Assert.Equal(["[POLICY DENIED] This tool is not listed in the policy."], ResultsOf(model));
    }

    [Fact]
    public async Task Additional_tools_are_guarded()
    {
        var denied = new CountedFunction("g");
        var model = new ScriptedChatClient(Asks(("g", "{}")), Says("end"));
        IChatClient client = Pipeline(model, Authorizers.Of("""{ "f": {} }"""), invoking: each => each.AdditionalTools = [denied]);

        await client.GetResponseAsync("go");
        Assert.Equal(0, denied.Runs);
        Assert.IsNotType<CountedFunction>(client.GetService<FunctionInvokingChatClient>()!.AdditionalTools![0]);
    }

    [Fact]
    public async Task A_function_that_another_one_brings_in_is_guarded()
    {
        var late = new CountedFunction("g");
        var first = new CountedFunction("f", (_, _) =>
        {
            FunctionInvokingChatClient.CurrentContext!.Options!.Tools!.Add(late);
            return new ValueTask<object?>("added");
        });
        var model = new ScriptedChatClient(Asks(("f", "{}")), Asks(("g", "{}")), Says("end"));
        IChatClient client = Pipeline(model, Authorizers.Of("""{ "f": {} }"""));

        await client.GetResponseAsync("go", new ChatOptions { Tools = [first] });
        Assert.Equal("[POLICY DENIED] This tool is not listed in the policy.", ResultsOf(model).Last());
        Assert.Equal(0, late.Runs);
    }

    [Fact]
    public async Task The_invoker_of_the_host_is_called_and_gets_guarded_functions()
    {
        var denied = new CountedFunction("g");
        int invoked = 0;
        var model = new ScriptedChatClient(Asks(("g", "{}")), Says("end"));
        IChatClient client = Pipeline(
            model,
            Authorizers.Of("{}"),
            invoking: each => each.FunctionInvoker = (context, token) =>
            {
                invoked++;
                return context.Function.InvokeAsync(context.Arguments, token);
            });

        await client.GetResponseAsync("go", new ChatOptions { Tools = [denied] });
        Assert.Equal((1, 0), (invoked, denied.Runs));
    }

    [Fact]
    public async Task Functions_of_a_guarded_list_ask_once_in_a_guarded_pipeline()
    {
        ToolCallAuthorizer authorizer = Authorizers.Of("""{ "f": {} }""", _sink);
        var model = new ScriptedChatClient(Asks(("f", "{}")), Says("end"));
        IList<AITool> tools = new AITool[] { new CountedFunction("f") }.WithPolicyLayer(authorizer);

        await Pipeline(model, authorizer).GetResponseAsync("go", new ChatOptions { Tools = tools });
        Assert.Single(_sink.Records, record => record.Kind == AuditRecordKind.Decision);
    }

    [Fact]
    public async Task Options_of_a_request_are_guarded_in_a_copy()
    {
        var function = new CountedFunction("f");
        var options = new ChatOptions { ModelId = "m", Tools = [function] };
        ChatOptions guarded = options.WithPolicyLayer(Authorizers.Of("{}"));

        Assert.Same(function, options.Tools[0]);
        Assert.Equal("m", guarded.ModelId);
        await ((AIFunction)guarded.Tools![0]).InvokeAsync();
        Assert.Equal(0, function.Runs);
    }

    [Fact]
    public async Task A_tool_that_runs_elsewhere_stays_and_is_warned_of_once()
    {
        var log = new LogList();
        var model = new ScriptedChatClient(Says("a"), Says("b"));
        IChatClient client = Pipeline(model, Authorizers.Of("{}"), options => options.LoggerFactory = log);
        var options = new ChatOptions { Tools = [new HostedCodeInterpreterTool()] };

        await client.GetResponseAsync("go", options);
        await client.GetResponseAsync("go", options);
        Assert.Single(model.Options[1]!.Tools!);
        Assert.Equal(
            ["The tool `code_interpreter` of type HostedCodeInterpreterTool runs elsewhere: nobody asks PolicyLayer before it does."],
            log.Lines);
    }

    [Fact]
    public async Task A_tool_that_runs_elsewhere_is_refused_where_the_host_wants_it()
    {
        IChatClient client = Pipeline(
            new ScriptedChatClient(Says("a")), Authorizers.Of("{}"), options => options.RefusesUnguardedTools = true);

        await Assert.ThrowsAsync<ArgumentException>(
            () => client.GetResponseAsync("go", new ChatOptions { Tools = [new HostedCodeInterpreterTool()] }));
    }

    [Fact]
    public async Task A_declaration_goes_back_to_the_caller()
    {
        var function = new CountedFunction("f");
        var model = new ScriptedChatClient(Asks(("f", "{}")));
        IChatClient client = Pipeline(
            model, Authorizers.Of("""{ "f": {} }"""), options => options.RefusesUnguardedTools = true);

        ChatResponse response = await client.GetResponseAsync("go", new ChatOptions { Tools = [function.AsDeclarationOnly()] });
        Assert.Equal("f", Assert.IsType<FunctionCallContent>(response.Messages.Single().Contents.Single()).Name);
        Assert.Equal(0, function.Runs);
    }

    [Fact]
    public void A_pipeline_that_runs_no_function_behind_the_guard_is_refused()
    {
        ChatClientBuilder builder = new ScriptedChatClient().AsBuilder().UseFunctionInvocation().UsePolicyLayer(Authorizers.Of("{}"));
        var thrown = Assert.Throws<InvalidOperationException>(() => builder.Build());
        Assert.Contains("and none before it", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_client_behind_that_runs_functions_is_refused()
    {
        IChatClient second = new FunctionInvokingChatClient(new ScriptedChatClient()) { AdditionalTools = [new CountedFunction("f")] };
        Assert.Throws<InvalidOperationException>(() => Pipeline(second, Authorizers.Of("{}")));
    }

    [Fact]
    public void A_client_behind_that_may_have_several_which_run_functions_is_refused()
    {
        using var router = new RoutingChatClient(new FunctionInvokingChatClient(new ScriptedChatClient()));
        ChatClientBuilder builder = router.AsBuilder().UsePolicyLayer(Authorizers.Of("{}"));
        var thrown = Assert.Throws<InvalidOperationException>(() => builder.Build());
        Assert.Contains(nameof(RoutingChatClient), thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_loop_in_front_runs_nothing_that_the_policy_hides(bool isStreamed)
    {
        var hidden = new CountedFunction("admin_reset");
        var model = new ScriptedChatClient(Asks(("admin_reset", "{}")), Says("end"));
        IChatClient client = new FunctionInvokingChatClient(Pipeline(
            model, Authorizers.Of("{}", hide: """["admin_*"]"""), invoking: each => each.TerminateOnUnknownCalls = true));

        Assert.Equal(["[POLICY DENIED] The call wasn't run."], await ResultsAsync(client, isStreamed, hidden));
        Assert.Equal(0, hidden.Runs);
    }

    /// <summary>The framework lets go of what it has no turns left for.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_loop_in_front_runs_nothing_that_the_one_behind_left(bool isStreamed)
    {
        var denied = new CountedFunction("g");
        var model = new ScriptedChatClient(Asks(("g", "{}")), Asks(("g", "{}")), Says("end"));
        IChatClient client = new FunctionInvokingChatClient(Pipeline(
            model, Authorizers.Of("{}"), invoking: each => each.MaximumIterationsPerRequest = 1));

        Assert.Equal("[POLICY DENIED] The call wasn't run.", (await ResultsAsync(client, isStreamed, denied))[^1]);
        Assert.Equal(0, denied.Runs);
    }

    /// <summary>Models may give two calls the same id.</summary>
    [Fact]
    public async Task A_result_answers_one_call()
    {
        var denied = new CountedFunction("g");
        var model = new ScriptedChatClient([Call("1", "g", "{}")], [Call("1", "g", "{}")]);
        IChatClient client = Pipeline(model, Authorizers.Of("{}"), invoking: each => each.MaximumIterationsPerRequest = 1);

        Assert.Equal(
            ["[POLICY DENIED] This tool is not listed in the policy.", "[POLICY DENIED] The call wasn't run."],
            await ResultsAsync(client, isStreamed: false, denied));
    }

    [Fact]
    public async Task Nothing_that_the_policy_hides_is_shown_wherever_it_runs()
    {
        var model = new ScriptedChatClient(Says("end"));
        IChatClient client = Pipeline(
            model,
            Authorizers.Of("{}", hide: """["admin_*", "code_*"]"""),
            options => options.RefusesUnguardedTools = true);

        await client.GetResponseAsync("go", new ChatOptions
        {
            Tools =
            [
                new CountedFunction("admin_reset").AsDeclarationOnly(),
                new HostedCodeInterpreterTool(),
                new CountedFunction("f").AsDeclarationOnly(),
            ],
        });
        Assert.Equal(["f"], model.Options[0]!.Tools!.Select(tool => tool.Name));
    }

    private static async Task<IReadOnlyList<string?>> ResultsAsync(IChatClient client, bool isStreamed, AITool tool)
    {
        var options = new ChatOptions { Tools = [tool] };
        ChatResponse response = isStreamed
            ? await client.GetStreamingResponseAsync("go", options).ToChatResponseAsync()
            : await client.GetResponseAsync("go", options);
        return
        [
            .. from message in response.Messages
               from result in message.Contents.OfType<FunctionResultContent>()
               select result.Result?.ToString(),
        ];
    }

    internal static IChatClient Pipeline(
        IChatClient model,
        IToolCallAuthorizer authorizer,
        Action<FunctionGuardOptions>? configure = null,
        Action<FunctionInvokingChatClient>? invoking = null) =>
        model.AsBuilder().UsePolicyLayer(authorizer, configure).UseFunctionInvocation(configure: invoking).Build();

    /// <summary>The results of functions that the model was sent last, as text.</summary>
    internal static IEnumerable<string> ResultsOf(ScriptedChatClient model) =>
        from message in model.Requests[^1]
        from result in message.Contents.OfType<FunctionResultContent>()
        select result.Result is JsonElement element ? element.ToString() : result.Result?.ToString();
}
