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
        Assert.Contains("`ToolCallAuthorizerOptions.Replaces`", refused.Message, StringComparison.Ordinal);

        // The same document again, another name, and another store are no conflict.
        _ = Authorizer(first);
        _ = Authorizer(Document("shop", 1));
        _ = Authorizer(Document("Shop", 2));
        _ = new ToolCallAuthorizer(Document("shop", 2), new ToolCallAuthorizerOptions { Counters = new InMemoryCounterStore() });
        _ = new ToolCallAuthorizer(Document("shop", 3));
    }

    [Fact]
    public async Task A_reload_says_what_it_replaces_and_keeps_the_counters()
    {
        Policy first = Document("shop", 1);
        Policy second = Document("shop", 2);
        ToolCallAuthorizer before = Authorizer(first);
        Assert.True((await before.AuthorizeAsync(new ToolCall("t") { GrantId = "g" })).IsAllowed);

        ToolCallAuthorizer after = Authorizer(second, replaced: first);
        Assert.True((await after.AuthorizeAsync(new ToolCall("t") { GrantId = "g" })).IsAllowed);
        Assert.False((await after.AuthorizeAsync(new ToolCall("t") { GrantId = "g" })).IsAllowed);

        // The name is the new document's from now on.
        Assert.Throws<ArgumentException>(() => Authorizer(first));
        Assert.Throws<ArgumentException>(() => Authorizer(Document("shop", 3), replaced: first));
        Assert.Throws<ArgumentException>(() => Authorizer(Document("shop", 3), replaced: Document("other", 2)));
        _ = Authorizer(first, replaced: second);
    }

    private static Policy Document(string name, int max) => Policy.Parse(
        $$"""{ "version": "1", "default": "deny", "tools": { "t": { "rate_limit": { "max": {{max}}, "window": 2678400 } } } }""",
        new PolicyLoadOptions { Name = name });

    private ToolCallAuthorizer Authorizer(Policy policy, Policy? replaced = null) =>
        new(policy, new ToolCallAuthorizerOptions { Counters = _store, Replaces = replaced });

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
