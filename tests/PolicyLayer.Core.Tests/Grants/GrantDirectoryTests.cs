using PolicyLayer.Grants;

namespace PolicyLayer.Tests.Grants;

public sealed class GrantDirectoryTests
{
    [Fact]
    public void A_token_finds_its_grant_and_nothing_else_does()
    {
        string token = GrantToken.Create();
        var directory = new GrantDirectory(
        [
            new Grant("a") { TokenSha256 = GrantToken.Hash(token) },
            new Grant("b") { TokenSha256 = GrantToken.Hash(GrantToken.Create()), IsRevoked = true },
            new Grant("c"),
        ]);

        Assert.Equal("a", directory.FindByToken(token)?.Id);
        foreach (string other in new[] { "", "a", token + " ", token[..^1], token.ToUpperInvariant(), GrantToken.Hash(token), "\ud800" })
        {
            Assert.Null(directory.FindByToken(other));
        }
    }

    [Fact]
    public void The_empty_token_and_text_that_is_none_find_nothing()
    {
        var directory = new GrantDirectory(
        [
            new Grant("a") { TokenSha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
            new Grant("b") { TokenSha256 = GrantToken.Hash("x\ufffd") },
        ]);
        Assert.Null(directory.FindByToken(""));
        Assert.Null(directory.FindByToken("x\ud800"));
        Assert.Equal("b", directory.FindByToken("x\ufffd")?.Id);
    }

    [Fact]
    public void Tokens_are_long_never_alike_and_stand_in_a_header_as_they_are()
    {
        string[] tokens = [.. Enumerable.Range(0, 1_000).Select(_ => GrantToken.Create())];
        Assert.Equal(1_000, tokens.Distinct().Count());
        Assert.All(tokens, token => Assert.Matches("^[A-Za-z0-9_-]{43}$", token));
    }

    [Fact]
    public void The_hash_of_a_token_is_its_sha256() =>
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", GrantToken.Hash("abc"));

    [Fact]
    public void What_cannot_be_told_apart_is_refused_and_replaces_nothing()
    {
        string hash = GrantToken.Hash("t");
        Assert.Throws<ArgumentException>(() => new GrantDirectory([new Grant("a"), new Grant("a")]));
        var directory = new GrantDirectory([new Grant("a")]);
        Assert.Throws<ArgumentException>(
            () => directory.Replace([new Grant("b") { TokenSha256 = hash }, new Grant("c") { TokenSha256 = hash }]));
        Assert.Equal("a", Assert.Single(directory.Grants).Id);
        Assert.NotNull(directory.Find("a"));
        Assert.Null(directory.Find("A"));
    }

    [Fact]
    public void Revoking_keeps_all_else_of_a_grant()
    {
        Grant grant = new("a")
        {
            Label = "CI",
            PolicyName = "p",
            Attributes = new Dictionary<string, string> { ["k"] = "v" },
            Expires = DateTimeOffset.UnixEpoch,
            TokenSha256 = GrantToken.Hash("t"),
        };
        Grant revoked = grant.Revoke();
        Assert.True(revoked.IsRevoked);
        Assert.False(grant.IsRevoked);
        Assert.Equal(
            (grant.Id, grant.Label, grant.PolicyName, grant.Expires, grant.TokenSha256),
            (revoked.Id, revoked.Label, revoked.PolicyName, revoked.Expires, revoked.TokenSha256));
        Assert.Equal(grant.Attributes, revoked.Attributes);
    }

    [Fact]
    public void An_id_is_unicode_text()
    {
        Assert.Throws<ArgumentException>(() => new Grant(""));
        Assert.Throws<ArgumentException>(() => new Grant("a\ud800"));
    }

    [Fact]
    public void What_a_grant_cannot_have_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new Grant(new string('a', Grant.MaxIdLength + 1)));
        Assert.Equal(Grant.MaxIdLength, new Grant(new string('a', Grant.MaxIdLength)).Id.Length);
        Assert.Throws<ArgumentException>(
            () => new Grant("a") { Attributes = new Dictionary<string, string> { ["team"] = "x", ["Team"] = "y" } });
        Assert.Throws<ArgumentException>(() => new Grant("a") { Attributes = new Dictionary<string, string> { ["team"] = null! } });
        Assert.Throws<ArgumentException>(() => new Grant("a") { TokenSha256 = GrantToken.Hash("t").ToUpperInvariant() });
        Assert.Throws<ArgumentException>(() => new Grant("a") { TokenSha256 = GrantToken.Create() });
    }

    [Fact]
    public void A_text_of_a_grant_has_nothing_but_its_id() =>
        Assert.Equal("a", new Grant("a") { Label = "secret", TokenSha256 = GrantToken.Hash("t") }.ToString());
}
