using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using PolicyLayer.Approvals;
using PolicyLayer.Auditing;
using PolicyLayer.Grants;

namespace PolicyLayer.Tests.Auditing;

/// <summary>Who called, from where, what stood for the arguments, who approved and what was continued, as records say it.</summary>
public sealed class RecordedCallTests
{
    private const string Document = """
        { "version": "1", "default": "allow", "tools": {
          "deploy": { "action": "require_approval" },
          "publish": { "action": "require_approval", "limits": [{ "counter": "c", "window": "hour", "max": 1 }] },
          "draft": { "limits": [{ "counter": "c", "window": "hour", "max": 1 }] },
          "read": { "require": [{ "conditions": [{ "path": "args.file", "op": "regex", "value": "^a*$" }] }] } } }
        """;

    private static readonly PolicyLayerKeys Keys = KeysOf(1);

    private readonly InMemoryAuditSink _sink = new();

    private AuditRecord Last => _sink.Records[^1];

    [Fact]
    public async Task A_record_says_where_the_call_came_from()
    {
        ToolCallAuthorizer authorizer = Authorizer(options =>
        {
            options.DefaultGrantId = null;
            options.Grants = new GrantDirectory([new Grant("ci") { Label = "nightly" }]);
        });
        await authorizer.AuthorizeAsync(new ToolCall("x")
        {
            GrantId = "ci",
            SessionId = "s",
            SessionSource = SessionSource.Header,
            Server = new string('v', 300),
        });

        Assert.Equal(("ci", "nightly", SessionSource.Header), (Last.GrantId, Last.GrantLabel, Last.SessionSource));
        Assert.StartsWith(new string('v', 256) + "…sha256:", Last.Server, StringComparison.Ordinal);

        await authorizer.AuthorizeAsync(new ToolCall("x") { GrantId = "other", SessionSource = SessionSource.Header });
        Assert.Equal((DecisionCode.GrantUnknown, null, null, null), (Last.Code, Last.GrantLabel, Last.SessionSource, Last.Server));
        Assert.Null(Last.TraceId);
    }

    [Fact]
    public async Task A_record_names_the_trace_that_the_call_is_part_of()
    {
        using var activity = new Activity("request");
        activity.SetIdFormat(ActivityIdFormat.W3C).Start();
        await Authorizer().AuthorizeAsync(new ToolCall("x"));
        Assert.Equal(activity.TraceId.ToHexString(), Last.TraceId);
    }

    [Fact]
    public async Task Equal_arguments_have_equal_digests_under_the_hosts_key_alone()
    {
        string first = (await DigestAsync("""{"b":1.0,"a":"x"}""", Keys))!;
        byte[] key = HKDF.DeriveKey(
            HashAlgorithmName.SHA256, BytesOf(1), 32, salt: null, Encoding.UTF8.GetBytes("policylayer audit arguments v1"));
        Assert.Equal(Convert.ToHexStringLower(HMACSHA256.HashData(key, """{"a":"x","b":1}"""u8)), first);
        Assert.Equal(first, await DigestAsync("""{ "a": "\u0078", "b": 1 }""", Keys));
        Assert.NotEqual(first, await DigestAsync("""{"a":"x","b":2}""", Keys));
        Assert.NotEqual(first, await DigestAsync("""{"a":"x","b":1}""", KeysOf(2)));
        Assert.Null(await DigestAsync("""{"a":"x","b":1}""", keys: null));
        Assert.Null(await DigestAsync("""{"a":"x","a":1}""", Keys));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(50)]
    public async Task Recording_a_digest_takes_no_work_from_the_rules(int more)
    {
        // The least that this call may cost, and a little more.
        var call = new ToolCall("read", ToolArguments.FromJson($$"""{"file":"{{new string('a', 500)}}"}"""));
        long work = 0;
        while (!await IsAllowedAsync(call, ++work, isRecorded: false))
        {
        }

        Assert.True(await IsAllowedAsync(call, work + more, isRecorded: true));
        Assert.NotNull(Last.ArgumentsDigest);
        Assert.False(await IsAllowedAsync(call, work - 1, isRecorded: true));
    }

    [Fact]
    public async Task A_record_names_the_approval_and_who_answered_it()
    {
        ToolCallAuthorizer authorizer = Authorizer();
        var call = new ToolCall("deploy");
        string id = (await authorizer.AuthorizeAsync(call)).ApprovalId!;
        Assert.Equal((id, null), (Last.ApprovalId, Last.AnsweredBy));

        await authorizer.Approvals.ApproveAsync(id, new Approver("alice"));
        Assert.True((await authorizer.AuthorizeAsync(call)).IsAllowed);
        Assert.Equal((id, "alice", DecisionCode.Allowed), (Last.ApprovalId, Last.AnsweredBy, Last.Code));

        string second = (await authorizer.AuthorizeAsync(call)).ApprovalId!;
        await authorizer.Approvals.RefuseAsync(second, new Approver("bob"), "no");
        await authorizer.AuthorizeAsync(call);
        Assert.Equal((second, "bob", DecisionCode.ApprovalDenied), (Last.ApprovalId, Last.AnsweredBy, Last.Code));

        await authorizer.AuthorizeAsync(new ToolCall("x"));
        Assert.Equal((null, null), (Last.ApprovalId, Last.AnsweredBy));
    }

    [Fact]
    public async Task A_denial_that_no_approval_has_to_do_with_names_nobody_who_answered_one()
    {
        ToolCallAuthorizer authorizer = Authorizer();
        var call = new ToolCall("publish");
        string id = (await authorizer.AuthorizeAsync(call)).ApprovalId!;
        await authorizer.Approvals.ApproveAsync(id, new Approver("alice"));
        Assert.True((await authorizer.AuthorizeAsync(new ToolCall("draft"))).IsAllowed);

        Assert.Equal(DecisionCode.LimitExceeded, (await authorizer.AuthorizeAsync(call)).Code);
        Assert.Equal((null, null), (Last.ApprovalId, Last.AnsweredBy));
    }

    [Fact]
    public async Task A_record_names_what_the_call_went_on_with_and_only_if_it_did()
    {
        ToolCallAuthorizer authorizer = Authorizer();
        var call = new ToolCall("deploy") { MayContinue = true };
        await authorizer.Approvals.ApproveAsync((await authorizer.AuthorizeAsync(call)).ApprovalId!, new Approver("alice"));
        ToolCallDecision first = await authorizer.AuthorizeAsync(call);
        Assert.Null(Last.Continues);

        Assert.True((await authorizer.AuthorizeAsync(call with { Continues = first.DecisionId })).IsAllowed);
        Assert.Equal((first.DecisionId, "alice"), (Last.Continues, Last.AnsweredBy));

        // It was continued before: now it is a call of its own.
        await authorizer.AuthorizeAsync(call with { Continues = first.DecisionId });
        Assert.Null(Last.Continues);
    }

    private static byte[] BytesOf(byte value) => [.. Enumerable.Repeat(value, 32)];

    private static PolicyLayerKeys KeysOf(byte value) => new("k", new Dictionary<string, byte[]> { ["k"] = BytesOf(value) });

    private async Task<string?> DigestAsync(string arguments, PolicyLayerKeys? keys)
    {
        await Authorizer(options => options.Keys = keys).AuthorizeAsync(new ToolCall("x", ToolArguments.FromJson(arguments)));
        return Last.ArgumentsDigest;
    }

    private async Task<bool> IsAllowedAsync(ToolCall call, long work, bool isRecorded)
    {
        ToolCallAuthorizerOptions options = TestPolicies.OneGrant;
        options.MaxWork = work;
        options.Keys = Keys;
        if (isRecorded)
        {
            options.AuditSinks.Add(_sink);
        }

        return (await new ToolCallAuthorizer(Policy.Parse(Document), options).AuthorizeAsync(call)).IsAllowed;
    }

    private ToolCallAuthorizer Authorizer(Action<ToolCallAuthorizerOptions>? configure = null) =>
        TestPolicies.Authorizer(Document, options =>
        {
            options.AuditSinks.Add(_sink);
            configure?.Invoke(options);
        });
}
