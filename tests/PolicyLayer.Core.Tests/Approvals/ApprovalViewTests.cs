using System.Text;
using PolicyLayer.Approvals;

namespace PolicyLayer.Tests.Approvals;

public sealed class ApprovalViewTests
{
    private static readonly string Id = new('1', 32);

    /// <summary>What another protector made stands where a content is looked for.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("\u0001sealed")]
    [InlineData("{\"tool\":\"run\"")]
    [InlineData("{\"tool\":\"run\"}}")]
    [InlineData("[]")]
    public async Task What_is_no_content_is_not_read_and_the_request_stands(string content)
    {
        ApprovalInbox inbox = await InboxOfAsync(content);
        ApprovalView found = (await inbox.FindAsync(Id))!;
        ApprovalView listed = Assert.Single(await inbox.ListPendingAsync());

        Assert.All(
            [found, listed],
            view => Assert.Equal((ApprovalStatus.Pending, null, null), (view.Status, view.ToolName, view.Arguments)));
        Assert.Equal(ApprovalResolution.Done, await inbox.RefuseAsync(Id, new Approver("bob")));
    }

    [Fact]
    public async Task A_content_is_read() =>
        Assert.Equal("run", (await (await InboxOfAsync("""{"tool":"run","arguments":{}}""")).FindAsync(Id))!.ToolName);

    [Fact]
    public async Task Counters_are_read()
    {
        ApprovalView view = (await (await InboxOfAsync("""
            {"tool":"run","arguments":{},"counters":[
            {"rule":"/tools/run/limits/0","name":"c","used":1.5,"amount":1e0,"max":9007199254,"more":1}]}
            """)).FindAsync(Id))!;

        Assert.Equal([new ApprovalCounter("/tools/run/limits/0", "c", 1.5m, 1, 9_007_199_254)], view.Counters);
        Assert.Equal("c: /tools/run/limits/0", view.Counters[0].ToString());
    }

    /// <summary>Requests of an earlier version have none; who writes into a store may have put anything there.</summary>
    [Theory]
    [InlineData("{}")]
    [InlineData("""{"counters":null}""")]
    [InlineData("""{"counters":{}}""")]
    [InlineData("""{"counters":"c"}""")]
    [InlineData("""{"counters":[]}""")]
    [InlineData("""{"counters":[1]}""")]
    [InlineData("""{"counters":[null]}""")]
    [InlineData("""{"counters":[[]]}""")]
    [InlineData("""{"counters":[{}]}""")]
    [InlineData("""{"counters":[{"rule":"r","name":"c","used":1,"amount":1,"max":2},{"rule":"r"}]}""")]
    [InlineData("""{"counters":[{"rule":"r","name":"c","used":"1","amount":1,"max":2}]}""")]
    [InlineData("""{"counters":[{"rule":"r","name":"c","used":-1,"amount":1,"max":2}]}""")]
    [InlineData("""{"counters":[{"rule":"r","name":"c","used":1e400,"amount":1,"max":2}]}""")]
    [InlineData("""{"counters":[{"rule":"r","name":"c","used":79228162514264337593543950335,"amount":1,"max":2}]}""")]
    [InlineData("""{"counters":[{"rule":"r","name":"c","used":1,"amount":9007199254.000001,"max":2}]}""")]
    [InlineData("""{"counters":[{"rule":"r","name":7,"used":1,"amount":1,"max":2}]}""")]
    [InlineData("""{"counters":[{"rule":"r","name":"\ud800","used":1,"amount":1,"max":2}]}""")]
    [InlineData("""{"counters":[{"rule":"r\ud800","name":"c","used":1,"amount":1,"max":2}]}""")]
    public async Task Counters_of_another_form_are_none_and_all_else_is_read(string member)
    {
        string counters = member.Length > 2 ? member[1..^1] + "," : "";
        string content = """{"tool":"run","arguments":{"a":1},""" + counters + "\"same\":[\"args.a\"]}";
        ApprovalView view = (await (await InboxOfAsync(content)).FindAsync(Id))!;

        Assert.Empty(view.Counters);
        Assert.Equal(("run", """{"a":1}"""), (view.ToolName, view.Arguments?.GetRawText()));
        Assert.Equal(["args.a"], view.Same);
    }

    /// <summary>Nobody could tell what would be approved.</summary>
    [Theory]
    [InlineData("same", "1")]
    [InlineData("same", "[1]")]
    [InlineData("same", "[null]")]
    [InlineData("same", "[\"\\ud800\"]")]
    [InlineData("rules", "{}")]
    [InlineData("rules", "[[]]")]
    public async Task Where_what_asked_or_would_be_covered_is_of_another_form_nothing_is_read(string name, string value)
    {
        string content = $$"""{"tool":"run","arguments":{},"{{name}}":{{value}}}""";
        ApprovalView view = (await (await InboxOfAsync(content)).FindAsync(Id))!;

        Assert.Equal((null, null), (view.ToolName, view.Arguments));
        Assert.Empty(view.Same);
    }

    [Fact]
    public async Task Text_that_is_none_and_facts_that_are_no_object_are_left_out()
    {
        const string Content = """{"tool":"run","arguments":{},"reason":"\ud800","label":7,"context":[1]}""";
        ApprovalView view = (await (await InboxOfAsync(Content)).FindAsync(Id))!;

        Assert.Equal(("run", null, null, null), (view.ToolName, view.AskedBecause, view.GrantLabel, view.Context));
    }

    private static async Task<ApprovalInbox> InboxOfAsync(string content)
    {
        var store = new InMemoryApprovalStore();
        await store.AskAsync(new ApprovalRequest
        {
            Time = DateTimeOffset.UtcNow,
            NewId = Id,
            Binding = Id + Id,
            ExactBinding = Id + Id,
            GrantId = "ci",
            MayRequest = true,
            MaxPending = 1,
            PendingFor = TimeSpan.FromMinutes(10),
            Terms = new ApprovalTerms(1, TimeSpan.FromMinutes(10)),
            Content = Encoding.UTF8.GetBytes(content),
        });
        return new ApprovalInbox(store);
    }
}
