using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using PolicyLayer.Cli.Grants;
using PolicyLayer.Cli.Output;
using PolicyLayer.Grants;

namespace PolicyLayer.Cli.Commands;

/// <summary>One run of <c>grant new</c>, <c>list</c>, <c>revoke</c> or <c>expire</c>.</summary>
internal static class GrantRun
{
    public static int New(NewGrantOptions options, CommandEnvironment environment)
    {
        string token = GrantToken.Create();
        var entry = new GrantEntry(options.Id, GrantToken.Hash(token))
        {
            Label = options.Label,
            Policy = options.Policy,
            Attributes = options.Attributes,
            Expires = options.Expires,
        };
        if (options.File is not { } file)
        {
            GrantsFile.Accept(GrantsText.Empty.Add(entry), ExplainNew);
            GrantOutput.WriteNew(entry, token, options.Json, environment);
            return ExitCodes.Good;
        }

        bool isNew = !File.Exists(file);
        GrantsFile.Edit(file, mayBeNew: true, (text, _) => text.Add(entry), ExplainNew, environment);

        // INVARIANT: a token is shown once its grant stands in the file, and never elsewhere.
        GrantOutput.WriteNew(entry, token, options.Json, environment);
        environment.Error.WriteLine($"Added to `{PlainTable.OneLine(file)}`{(isNew ? ", which is new" : "")}.");
        return ExitCodes.Good;
    }

    public static int List(string file, bool asJson, CommandEnvironment environment)
    {
        IReadOnlyList<Grant> grants = GrantsFile.Read(file, options: null, environment);
        DateTimeOffset now = environment.Time.GetUtcNow();
        if (asJson)
        {
            GrantOutput.WriteJson(grants, now, environment);
        }
        else
        {
            GrantOutput.WriteTable(grants, now, environment);
        }

        return ExitCodes.Good;
    }

    public static int Revoke(GrantTarget target, CommandEnvironment environment) =>
        Change(target, "revoked", "true", grant => grant.IsRevoked, finding => finding.ToString(target.File), environment);

    public static int Expire(GrantTarget target, string? at, CommandEnvironment environment)
    {
        DateTimeOffset now = environment.Time.GetUtcNow();
        string moment = at ?? now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return Change(
            target,
            "expires",
            $"\"{JsonEncodedText.Encode(moment, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"",
            grant => at is null && grant.Expires <= now,
            finding => Explain("--at", finding),
            environment);
    }

    /// <param name="target">The grant.</param>
    /// <param name="member">The member that says what is to be.</param>
    /// <param name="value">The member's JSON.</param>
    /// <param name="isDone">Whether the grant is so already, and nothing is written.</param>
    /// <param name="explain">What to say of a value that isn't allowed there.</param>
    /// <param name="environment">Where the answer goes.</param>
    private static int Change(
        GrantTarget target,
        string member,
        string value,
        Func<Grant, bool> isDone,
        Func<PolicyDiagnostic, string> explain,
        CommandEnvironment environment)
    {
        IReadOnlyList<Grant> grants = GrantsFile.Edit(
            target.File,
            mayBeNew: false,
            (text, old) => Find(old, target.Id) is { } grant && !isDone(grant) ? text.Set(target.Id, member, value) : null,
            explain,
            environment);
        Grant? changed = Find(grants, target.Id);
        GrantOutput.WriteChange(target, changed, environment);
        return changed is null ? ExitCodes.Bad : ExitCodes.Good;
    }

    private static Grant? Find(IReadOnlyList<Grant> grants, string id) =>
        grants.FirstOrDefault(grant => grant.Id == id);

    /// <summary>A finding in the entry that was made, told of the option which it came from.</summary>
    private static string ExplainNew(PolicyDiagnostic finding) => finding.Pointer.Split('/') switch
    {
        [_, _, _, "id", ..] => Explain("--id", finding),
        [_, _, _, "label", ..] => Explain("--label", finding),
        [_, _, _, "policy", ..] => Explain("--policy", finding),
        [_, _, _, "attributes", ..] => Explain("--attribute", finding),
        [_, _, _, "expires", ..] => Explain("--expires", finding),
        _ => finding.ToString(),
    };

    private static string Explain(string option, PolicyDiagnostic finding) =>
        finding.Help is { } help ? $"`{option}`: {finding.Message} Help: {help.TrimEnd('.')}." : $"`{option}`: {finding.Message}";
}
