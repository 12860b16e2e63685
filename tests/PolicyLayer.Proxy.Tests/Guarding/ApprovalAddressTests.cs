using System.Text;
using PolicyLayer.Proxy;
using PolicyLayer.Proxy.Guarding;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Tests.Proxy.Guarding;

/// <summary>Where a person answers what waits.</summary>
public sealed class ApprovalAddressTests
{
    [Theory]
    [InlineData("https://desk.example/approve/{id}", true)]
    [InlineData("http://127.0.0.1:8080/?id={id}", true)]
    [InlineData("https://desk.example?id={id}", true)]
    [InlineData("https://desk.example/approve", false)]
    [InlineData("https://desk.example/{id}/{id}", false)]
    [InlineData("https://{id}.example/", false)]
    [InlineData("https://{id}.example", false)]
    [InlineData("https://desk.example:{id}/", false)]
    [InlineData("https://user:{id}@desk.example/", false)]
    [InlineData("ftp://desk.example/{id}", false)]
    [InlineData("/approve/{id}", false)]
    public void A_template_has_one_place_for_an_id_behind_the_host(string text, bool isTemplate)
    {
        Assert.Equal(isTemplate, ApprovalAddress.IsTemplate(text));
        Exception? refused = Record.Exception(() => new McpProxyOptions { ApprovalUrl = text }.Validate());
        Assert.Equal(isTemplate ? null : nameof(McpProxyOptions.ApprovalUrl), (refused as ArgumentException)?.ParamName);
    }

    [Theory]
    [InlineData("ask", true)]
    [InlineData("other", false)]
    public async Task What_a_caller_reads_of_a_call_that_waits_ends_with_it(string tool, bool isTold)
    {
        Policy policy = Policy.Parse(
            """{"version":"1","name":"p","default":"deny","tools":{"ask":{"action":"require_approval"}}}""");
        var authorizer = new ToolCallAuthorizer(policy, new ToolCallAuthorizerOptions { DefaultGrantId = "g" });
        var options = new McpProxyOptions { ApprovalUrl = "https://desk.example/{id}" };
        var conversation = new Conversation(new CallGuard(authorizer, options), new Caller(null, "process", "s", SessionSource.Process));
        byte[] call = Encoding.UTF8.GetBytes(
            $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}"}}""");

        Passage passage = await conversation.FromClientAsync(MessageReader.Read(call).Message!, CancellationToken.None);

        string answer = Encoding.UTF8.GetString(passage.Answer!.Value.Span);
        Assert.Equal(isTold, answer.Contains("https://desk.example/", StringComparison.Ordinal));
        if (isTold)
        {
            string id = Assert.Single(await authorizer.Approvals.ListPendingAsync(10)).Id;
            Assert.Contains(
                $" Call again with the same arguments once the request {id} is approved. A person answers at https://desk.example/{id}\"",
                answer,
                StringComparison.Ordinal);
        }
    }
}
