using System.Globalization;
using PolicyLayer.Grants;

namespace PolicyLayer.Tests.Documents;

/// <summary>Which findings a file of grants has, each with its place. Single quotes stand for double ones.</summary>
public sealed class GrantFindingsTests
{
    private const string Hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    private const string OtherHash = "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752";
    private const string Token = "q7Hd-3kWm0_9sVbXy2LfTzRn5EoPcJ8uGaIiQwKMt14";

    /// <summary>A marked document, and its findings in order: id, number of the mark where there are several, pointer.</summary>
    public static TheoryData<string, string[]> Documents => new()
    {
        // What is no JSON, and what lenient readers let pass.
        { "⟦⟧", ["PL1001"] },
        { "⟦grants:⟧\n  - id: ci", ["PL1001"] },
        { "{'grants':[]} ⟦x⟧", ["PL1001"] },
        { "{ ⟦1:/* why */⟧ 'grants':[{'id':'ci'⟦2:,⟧}] }", ["PL1003 1", "PL1004 2 /grants/0"] },
        { "{'grants':[{'id':'ci',⟦'\\u0069d'⟧:'cd'}]}", ["PL1010 /grants/0/id"] },
        { "{'grants':[],⟦'grants'⟧:[]}", ["PL1010 /grants"] },

        // The document.
        { "⟦[]⟧", ["PL1103"] },
        { "⟦{}⟧", ["PL1102"] },
        { "{'grants':⟦{}⟧}", ["PL1103 /grants"] },
        { "{'grants':⟦null⟧}", ["PL1103 /grants"] },
        { "{'$schema':⟦1:1⟧,⟦2:'version'⟧:'1','grants':[]}", ["PL1103 1 /$schema", "PL1101 2 /version"] },
        { "{'$schema':'grants.v1.schema.json','grants':[]}", [] },
        { "{'grants':[]}", [] },

        // Members.
        { "{'grants':[⟦1:7⟧,⟦2:'ci'⟧,⟦3:null⟧,⟦4:[]⟧]}",
            ["PL1103 1 /grants/0", "PL1103 2 /grants/1", "PL1103 3 /grants/2", "PL1103 4 /grants/3"] },
        { "{'grants':[⟦1:{}⟧,⟦2:{'label':'x'}⟧]}", ["PL1102 1 /grants/0", "PL1102 2 /grants/1"] },
        { Grant("⟦'Label'⟧:'x'"), ["PL1101 /grants/0/Label"] },
        {
            Grant("'label':⟦1:1⟧,'policy':⟦2:{}⟧,'attributes':⟦3:[]⟧,'expires':⟦4:17⟧,'revoked':⟦5:'true'⟧,'token_sha256':⟦6:1⟧"),
            [
                "PL1103 1 /grants/0/label", "PL1103 2 /grants/0/policy", "PL1103 3 /grants/0/attributes", "PL1103 4 /grants/0/expires",
                "PL1103 5 /grants/0/revoked", "PL1103 6 /grants/0/token_sha256",
            ]
        },
        {
            Grant("'label':⟦1:null⟧,'expires':⟦2:null⟧,'revoked':⟦3:null⟧"),
            ["PL1103 1 /grants/0/label", "PL1103 2 /grants/0/expires", "PL1103 3 /grants/0/revoked"]
        },
        { Grant("'label':'','attributes':{},'expires':'2027-01-31T18:00:00Z','revoked':true,'token_sha256':'" + Hash + "'"), [] },

        // Ids.
        { "{'grants':[{'id':⟦1:''⟧},{'id':⟦2:7⟧}]}", ["PL1106 1 /grants/0/id", "PL1103 2 /grants/1/id"] },
        { "{'grants':[{'id':'" + new string('x', 128) + "'},{'id':⟦'" + new string('y', 129) + "'⟧}]}", ["PL1106 /grants/1/id"] },
        {
            "{'grants':[{'id':'ci'},{'id':⟦1:'ci'⟧},{'id':⟦2:'\\u0063i'⟧},{'id':'cd'}]}",
            ["PL3002 1 /grants/1/id", "PL3002 2 /grants/2/id"]
        },
        { "{'grants':[{'id':'ci'},{'id':⟦1:'Ci'⟧},{'id':⟦2:'ci'⟧}]}", ["PL3501 1 /grants/1/id", "PL3002 2 /grants/2/id"] },
        { "{'grants':[{'id':'kiosk'},{'id':⟦'\u212Aio\u017Fk'⟧}]}", ["PL3501 /grants/1/id"] },

        // Policies: the host has `shop` and `support`.
        { Grant("'policy':'shop'"), [] },
        { Grant("'policy':⟦'Shop'⟧"), ["PL3003 /grants/0/policy"] },
        { Grant("'policy':⟦''⟧"), ["PL1106 /grants/0/policy"] },
        { Grant("'policy':⟦'default'⟧"), ["PL3003 /grants/0/policy"] },

        // Attributes.
        { Grant("'attributes':{'a':'1','b':'1','':''}"), [] },
        {
            Grant("'attributes':{'a':⟦1:1⟧,'b':⟦2:null⟧,'c':⟦3:['x']⟧}"),
            ["PL1103 1 /grants/0/attributes/a", "PL1103 2 /grants/0/attributes/b", "PL1103 3 /grants/0/attributes/c"]
        },
        { Grant("'attributes':{'a':'x',⟦'a'⟧:'x'}"), ["PL1010 /grants/0/attributes/a"] },
        { Grant("'attributes':{'team':'x',⟦'TEAM'⟧:'x'}"), ["PL3004 /grants/0/attributes/TEAM"] },
        {
            Grant("'attributes':{'s':⟦1:1⟧,⟦2:'\u017F'⟧:'x'}"),
            ["PL1103 1 /grants/0/attributes/s", "PL3004 2 /grants/0/attributes/\u017F"]
        },

        // Moments.
        { Grant("'expires':⟦'2027-01-31T18:00:00'⟧"), ["PL3005 /grants/0/expires"] },
        { Grant("'expires':⟦'2027-01-31'⟧"), ["PL3005 /grants/0/expires"] },
        { Grant("'expires':⟦'2027-01-31 18:00:00Z'⟧"), ["PL3005 /grants/0/expires"] },
        { Grant("'expires':⟦'2027-02-29T18:00:00Z'⟧"), ["PL3005 /grants/0/expires"] },
        { Grant("'expires':⟦'2027-01-31T18:00:00+01'⟧"), ["PL3005 /grants/0/expires"] },
        { Grant("'expires':⟦'2027-01-31T18:00:00.Z'⟧"), ["PL3005 /grants/0/expires"] },
        { Grant("'expires':⟦' 2027-01-31T18:00:00Z'⟧"), ["PL3005 /grants/0/expires"] },
        { Grant("'expires':⟦''⟧"), ["PL3005 /grants/0/expires"] },

        // Tokens.
        { Grant("'token_sha256':⟦''⟧"), ["PL3006 /grants/0/token_sha256"] },
        {
            Grant("'token_sha256':⟦'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'⟧"),
            ["PL3006 /grants/0/token_sha256"]
        },
        { Grant("'token_sha256':⟦'" + Hash.ToUpperInvariant() + "'⟧"), ["PL3006 /grants/0/token_sha256"] },
        { Grant("'token_sha256':⟦'" + Hash[1..] + "'⟧"), ["PL3006 /grants/0/token_sha256"] },
        { Grant("'token_sha256':⟦'" + Token + "'⟧"), ["PL3006 /grants/0/token_sha256"] },
        {
            "{'grants':[" + WithToken("a", "'" + Hash + "'") + "," + WithToken("b", "'" + OtherHash + "'") + ","
                + WithToken("c", "⟦'" + Hash + "'⟧") + "]}",
            ["PL3007 /grants/2/token_sha256"]
        },
    };

    [Theory]
    [MemberData(nameof(Documents))]
    public void Findings(string marked, string[] expected)
    {
        MarkedDocument document = MarkedDocument.Parse(marked.Replace('\'', '"'));
        GrantLoadResult loaded = Load(document.Text);

        Assert.Equal(
            expected.Select(finding => Place(finding, document)),
            loaded.Diagnostics.Select(finding => string.Create(
                CultureInfo.InvariantCulture, $"{finding.Id} {finding.Line}:{finding.Column} {finding.Pointer}")));
        Assert.Equal(loaded.Diagnostics.All(finding => finding.Severity == DiagnosticSeverity.Warning), loaded.IsValid);
    }

    /// <summary>A document without marks, and the help of its only finding, or a part of it.</summary>
    public static TheoryData<string, string> Helps => new()
    {
        { "[]", "write `{ \"grants\": [ … ] }`" },
        { "{'grant':[]}", "did you mean `grants`?" },
        { "// nobody\n{'grants':[]}", "use `label`" },
        { "# nobody\n{'grants':[]}", "use `label`" },
        { Grant("'lable':'x'"), "did you mean `label`?" },
        { Grant("'name':'x'"), "did you mean `id` or `label`?" },
        { Grant("'token':'x'"), "a file of grants holds no token, only its SHA-256: `policylayer grant new` makes both; if this was" },
        { Grant("'Bearer':'x'"), "holds no token, only its SHA-256" },
        { Grant("'tokn_sha256':'x'"), "did you mean `token_sha256`?" },
        { "{'$schema':'x','tools':{},'default':'deny','version':'1'}", "this is a policy: `policylayer validate FILE` checks it" },
        { Grant("'expires_at':'x'"), "did you mean `expires`?" },
        { Grant("'policy':'shopp'"), "did you mean `shop`?" },
        { Grant("'policy':'other'"), "the host has `shop` and `support`" },
        { Grant("'attributes':{'n':1}"), "write the value in double quotes" },
        { Grant("'expires':'2027-01-31T18:00:00'"), "add the offset: `Z` for UTC" },
        { Grant("'expires':'soon'"), "write it like `2027-01-31T18:00:00Z`" },
        { Grant("'token_sha256':'" + Hash.ToUpperInvariant() + "'"), "write the digits in lower case" },
        { Grant("'token_sha256':'" + Token + "'"), "this looks like a token itself, which belongs in no file" },
        { Grant("'token_sha256':'hash'"), "`policylayer grant new` makes a token and its SHA-256" },
    };

    [Theory]
    [MemberData(nameof(Helps))]
    public void Help(string document, string expected)
    {
        GrantLoadResult loaded = Load(document.Replace('\'', '"'));

        Assert.Contains(loaded.Diagnostics, finding => finding.Help?.Contains(expected, StringComparison.Ordinal) ?? false);
    }

    [Theory]
    [InlineData("{'tools':{},'default':'deny','version':'1'}", 1)]
    [InlineData("{'tools':{},'version':'1'}", 3)]
    [InlineData("{'default':'deny','version':'1','grants':[]}", 2)]
    public void Only_what_is_plainly_a_policy_is_told_so_alone(string document, int findings) =>
        Assert.Equal(findings, Load(document.Replace('\'', '"')).Diagnostics.Count);

    [Theory]
    [InlineData("'token_sha256':'#'")]
    [InlineData("'token_sha256':'#','token_sha256':'#'")]
    [InlineData("'token_sha256':['#']")]
    [InlineData("'token':'#'")]
    [InlineData("'token_sha256':'#")]
    [InlineData("'token_sha256':#")]
    [InlineData("token_sha256:'#'")]
    [InlineData("'token_sha256':'\\#'")]
    [InlineData("'token_sha256':'#','expires':'never','surprise':1")]
    public void No_finding_quotes_a_token(string members)
    {
        string grant = Grant(members.Replace("#", Token, StringComparison.Ordinal));
        GrantLoadResult loaded = Load(grant.Replace('\'', '"'));

        Assert.False(loaded.IsValid);
        Assert.All(
            loaded.Diagnostics,
            finding => Assert.DoesNotContain(Token[1..], finding + finding.Pointer + finding.Help, StringComparison.Ordinal));
    }

    [Fact]
    public void No_finding_quotes_the_hash_of_two_grants()
    {
        PolicyDiagnostic finding = Assert.Single(
            Load(("{'grants':[" + WithToken("a", "'" + Hash + "'") + "," + WithToken("b", "'" + Hash + "'") + "]}").Replace('\'', '"'))
                .Diagnostics);

        Assert.Equal("The token is that of the grant `a` already.", finding.Message);
        Assert.DoesNotContain(Hash[..8], finding.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_finding_is_told_of_the_grants() => Assert.Equal(
        "PL3003 error grants:1:32 /grants/0/policy: There is no policy `shopp`. Help: did you mean `shop`?",
        Assert.Single(Load(Grant("'policy':'shopp'").Replace('\'', '"')).Diagnostics).ToString());

    /// <summary>The loader that a test of the page and of the schema uses too: of a host with two policies.</summary>
    internal static GrantLoadResult Load(string document) =>
        GrantDocument.Load(document, new GrantLoadOptions { PolicyNames = ["shop", "support"] });

    private static string Grant(string members) => "{'grants':[{'id':'ci'," + members + "}]}";

    private static string WithToken(string id, string token) => "{'id':'" + id + "','token_sha256':" + token + "}";

    private static string Place(string expected, MarkedDocument document)
    {
        string[] parts = expected.Split(' ');
        int mark = parts.Length > 1 && int.TryParse(parts[1], CultureInfo.InvariantCulture, out int number) ? number : 0;
        return $"{parts[0]} {document.PlaceOf(mark)} {(parts[^1].StartsWith('/') ? parts[^1] : "")}";
    }
}
