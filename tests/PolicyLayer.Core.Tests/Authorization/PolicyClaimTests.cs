using PolicyLayer.Counters;

namespace PolicyLayer.Tests.Authorization;

/// <summary>Two documents of one name never share a quota in silence.</summary>
public sealed class PolicyClaimTests
{
    private readonly InMemoryCounterStore _store = new();

    [Fact]
    public void Another_document_of_the_same_name_is_refused_on_the_same_store()
    {
        Policy first = Document("shop", 1);
        _ = Authorizer(first);
        ArgumentException refused = Assert.Throws<ArgumentException>("policy", () => Authorizer(Document("shop", 2)));
        Assert.Contains("`shop`", refused.Message, StringComparison.Ordinal);
        Assert.Contains("`ToolCallAuthorizer.ReloadAsync`", refused.Message, StringComparison.Ordinal);

        // The same document again, another name, and another store are no conflict.
        _ = Authorizer(first);
        _ = Authorizer(Document("shop", 1));
        _ = Authorizer(Document("Shop", 2));
        _ = new ToolCallAuthorizer(Document("shop", 2), new ToolCallAuthorizerOptions { Counters = new InMemoryCounterStore() });
        _ = new ToolCallAuthorizer(Document("shop", 3));
    }

    [Fact]
    public async Task A_reload_keeps_the_counters_and_takes_the_name_of_its_own()
    {
        Policy first = Document("shop", 1);
        Policy second = Document("shop", 2);
        ToolCallAuthorizer authorizer = Authorizer(first);
        Assert.True((await authorizer.AuthorizeAsync(new ToolCall("t") { GrantId = "g" })).IsAllowed);

        await authorizer.ReloadAsync(new PolicyBundle([second]));
        Assert.True((await authorizer.AuthorizeAsync(new ToolCall("t") { GrantId = "g" })).IsAllowed);
        Assert.False((await authorizer.AuthorizeAsync(new ToolCall("t") { GrantId = "g" })).IsAllowed);

        // The name is the new document's from now on.
        Assert.Throws<ArgumentException>(() => Authorizer(first));
        ToolCallAuthorizer other = Authorizer(second);

        // One of two that judge by the same may be a version ahead, and a name that is given up is free.
        await authorizer.ReloadAsync(new PolicyBundle([Document("shop", 3)]));
        await other.ReloadAsync(new PolicyBundle([Document("shop", 4)]));
        await other.ReloadAsync(new PolicyBundle([Document("other", 1)]));
        Assert.Throws<ArgumentException>(() => Authorizer(Document("shop", 5)));
        await authorizer.ReloadAsync(new PolicyBundle([Document("other", 1)]));
        _ = Authorizer(Document("shop", 5));
    }

    [Fact]
    public async Task A_reload_to_a_name_of_another_policy_is_refused_and_changes_nothing()
    {
        _ = Authorizer(Document("taken", 1));
        ToolCallAuthorizer authorizer = Authorizer(Document("shop", 1));
        await Assert.ThrowsAsync<ArgumentException>(
            "policy", async () => await authorizer.ReloadAsync(new PolicyBundle([Document("taken", 2)])));

        Assert.Equal("shop", (await authorizer.AuthorizeAsync(new ToolCall("t") { GrantId = "g" })).PolicyName);
        Assert.Throws<ArgumentException>(() => Authorizer(Document("shop", 2)));
    }

    private static Policy Document(string name, int max) => Policy.Parse(
        $$"""{ "version": "1", "default": "deny", "tools": { "t": { "rate_limit": { "max": {{max}}, "window": 2678400 } } } }""",
        new PolicyLoadOptions { Name = name });

    private ToolCallAuthorizer Authorizer(Policy policy) => new(policy, new ToolCallAuthorizerOptions { Counters = _store });

    [Fact]
    public void Policies_of_which_one_has_a_taken_name_take_none()
    {
        static Policy Named(string name, string end) =>
            Policy.Parse($$"""{ "version": "1", "name": "{{name}}", "default": "deny" }""" + end);
        var store = new InMemoryCounterStore();
        var options = new ToolCallAuthorizerOptions { Counters = store, Grants = new PolicyLayer.Grants.GrantDirectory([]) };
        _ = new ToolCallAuthorizer(Named("taken", ""), options);

        Assert.Throws<ArgumentException>(() => new ToolCallAuthorizer([Named("free", ""), Named("taken", " ")], options));
        _ = new ToolCallAuthorizer([Named("free", " "), Named("taken", "")], options);
    }
}
