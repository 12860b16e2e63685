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
