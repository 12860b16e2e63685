using PolicyLayer.Documents;
using PolicyLayer.Grants;
using PolicyLayer.Json.Values;
using PolicyLayer.Text;

namespace PolicyLayer.Compilation.Grants;

/// <summary>Compiles one grant.</summary>
internal static class GrantCompiler
{
    private static readonly string[] Members = ["id", "label", "policy", "attributes", "expires", "revoked", "token_sha256"];

    private const string NoToken = "a file of grants holds no token, only its SHA-256: `policylayer grant new` makes both; "
        + "if this was the token, make another";

    private static readonly (string Name, string Help)[] Misplaced = [("token", NoToken), ("bearer", NoToken), ("secret", NoToken)];

    /// <summary>The grant; null, and reported, when it has no id to be found by.</summary>
    public static Grant? Compile(SyntaxNode node, GrantContext context)
    {
        const string Help = "write `{ \"id\": \"ci\" }`";
        if (!ObjectReader.TryRead(node, Members, context, out ObjectReader grant, help: Help, misplaced: Misplaced))
        {
            return null;
        }

        string? id = ReadId(grant, context);
        string? label = grant.ReadText("label");
        string? policyName = ReadPolicy(grant, context);
        Dictionary<string, string> attributes = ReadAttributes(grant, context);
        DateTimeOffset? expires = grant.Find("expires") is { } expiry ? ExpiryReader.Read(expiry, context) : null;
        bool isRevoked = grant.Find("revoked") is { } revoked && context.ReadBoolean(revoked);
        string? tokenSha256 = grant.Find("token_sha256") is { } hash ? TokenHashReader.Read(hash, id, context) : null;
        return id is null
            ? null
            : new Grant(id)
            {
                Label = label,
                PolicyName = policyName,
                Attributes = attributes,
                Expires = expires,
                IsRevoked = isRevoked,
                TokenSha256 = tokenSha256,
            };
    }

    private static string? ReadId(in ObjectReader grant, GrantContext context)
    {
        if (grant.Require("id", "calls name a grant by its id") is not { } node
            || context.ReadText(node, 1, Grant.MaxIdLength) is not { } id)
        {
            return null;
        }

        if (!context.TryAddId(id, out string? twin))
        {
            context.Findings.Report(
                DiagnosticDescriptors.DuplicateGrant,
                node,
                $"{Quoted.Of(id)} is the id of an earlier grant.",
                "give each an id of its own");
        }
        else if (twin is not null)
        {
            context.Findings.Report(
                DiagnosticDescriptors.GrantsDifferByCase,
                node,
                $"{Quoted.Of(id)} differs from the earlier id {Quoted.Of(twin)} by case only.",
                "ids are told apart by case, and people mistake one for the other");
        }

        return id;
    }

    private static string? ReadPolicy(in ObjectReader grant, GrantContext context)
    {
        if (grant.Find("policy") is not { } node || context.ReadText(node, 1, 128) is not { } name)
        {
            return null;
        }

        if (!context.HasPolicy(name))
        {
            ReportUnknownPolicy(node, name, context);
        }

        return name;
    }

    // Apart, as what a lambda captures is made where its method begins.
    private static void ReportUnknownPolicy(SyntaxNode node, string name, GrantContext context) =>
        context.Findings.Report(
            DiagnosticDescriptors.UnknownPolicy,
            node,
            $"There is no policy {Quoted.Of(name)}.",
            () => SuggestPolicy(name, [.. context.Options.PolicyNames!]));

    private static string SuggestPolicy(string name, string[] known) => known.Length == 0
        ? "leave it out: the host names no policy"
        : Spelling.Suggest(name, known) ?? $"the host has {Listing.Cut([.. known.Select(Quoted.Of)])}";

    private static Dictionary<string, string> ReadAttributes(in ObjectReader grant, GrantContext context)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        if (grant.Find("attributes") is not { } node || !context.Expect(node, JsonKind.Object))
        {
            return attributes;
        }

        var folded = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (SyntaxMember member in node.Members)
        {
            string name = member.Name.GetString();
            bool isText = context.Expect(member.Value, JsonKind.String, "attributes are strings: write the value in double quotes");
            string key = NameFolding.Fold(name);
            if (folded.TryAdd(key, name) && isText)
            {
                attributes.Add(name, member.Value.GetString());
            }
            else if (folded[key] != name)
            {
                context.Findings.Report(
                    DiagnosticDescriptors.AttributesDifferByCase,
                    member.Name,
                    $"{Quoted.Of(name)} differs from {Quoted.Of(folded[key])} by case only.",
                    "give attributes names that differ in more than case, or remove one");
            }
        }

        return attributes;
    }
}
