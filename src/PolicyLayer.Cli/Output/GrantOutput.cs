using System.Globalization;
using System.Text;
using System.Text.Json;
using PolicyLayer.Cli.Commands;
using PolicyLayer.Cli.Grants;
using PolicyLayer.Grants;

namespace PolicyLayer.Cli.Output;

/// <summary>Shows grants. A token's hash is shown with its token alone, as it goes into a file.</summary>
internal static class GrantOutput
{
    public static void WriteNew(GrantEntry entry, string token, bool asJson, CommandEnvironment environment)
    {
        if (!asJson)
        {
            string shown = $"{Encoding.UTF8.GetString(entry.ToJson(isIndented: true))}\nToken, shown only now: {token}\n";
            environment.Output.Write(Encoding.UTF8.GetBytes(shown));
            environment.Output.Flush();
            return;
        }

        using var line = new JsonLine(environment.Output);
        Utf8JsonWriter json = line.Begin();
        json.WritePropertyName("grant");
        entry.Write(json);
        json.WriteString("token", token);
        line.End();
    }

    public static void WriteJson(IEnumerable<Grant> grants, DateTimeOffset now, CommandEnvironment environment)
    {
        using var line = new JsonLine(environment.Output);
        foreach (Grant grant in grants)
        {
            Write(grant, now, line, line.Begin());
            line.End();
        }
    }

    public static void WriteTable(IReadOnlyList<Grant> grants, DateTimeOffset now, CommandEnvironment environment)
    {
        if (grants.Count == 0)
        {
            environment.Error.WriteLine("The file has no grant.");
            return;
        }

        var table = new PlainTable("id", "status", "expires (UTC)", "policy", "token", "label", "attributes");
        foreach (Grant grant in grants)
        {
            string status = StatusOf(grant, now);
            table.AddRow(
                PlainTable.Cell(grant.Id),
                PlainTable.Cell(status, status == "active"),
                PlainTable.Cell(grant.Expires?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)),
                PlainTable.Cell(grant.PolicyName),
                PlainTable.Cell(grant.TokenSha256 is null ? "no" : "yes"),
                PlainTable.Cell(grant.Label),
                PlainTable.Cell(string.Join(' ', grant.Attributes.Select(attribute => $"{attribute.Key}={attribute.Value}"))));
        }

        table.Write(environment);
    }

    /// <summary>Says how a grant stands now; null when there is none of the id.</summary>
    public static void WriteChange(GrantTarget target, Grant? grant, CommandEnvironment environment)
    {
        DateTimeOffset now = environment.Time.GetUtcNow();
        if (target.Json)
        {
            using var line = new JsonLine(environment.Output);
            Utf8JsonWriter json = line.Begin();
            json.WriteBoolean("ok", grant is not null);
            if (grant is null)
            {
                json.WriteString("id", target.Id);
                json.WriteString("reason", "unknown");
            }
            else
            {
                Write(grant, now, line, json);
            }

            line.End();
        }

        if (grant is null)
        {
            environment.Error.WriteLine(
                $"{QuotedText.Of(target.Id)} is no grant of `{PlainTable.OneLine(target.File)}`. "
                + "Help: `policylayer grant list` shows those that are.");
        }
        else if (!target.Json)
        {
            WriteTable([grant], now, environment);
        }
    }

    private static void Write(Grant grant, DateTimeOffset now, JsonLine line, Utf8JsonWriter json)
    {
        json.WriteString("id", grant.Id);
        line.WriteIfPresent("label", grant.Label);
        line.WriteIfPresent("policy", grant.PolicyName);
        if (grant.Attributes.Count > 0)
        {
            json.WriteStartObject("attributes");
            foreach ((string name, string value) in grant.Attributes)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
        }

        if (grant.Expires is { } expires)
        {
            json.WriteString("expires", expires);
        }

        json.WriteBoolean("revoked", grant.IsRevoked);
        json.WriteBoolean("has_token", grant.TokenSha256 is not null);
        json.WriteString("status", StatusOf(grant, now));
    }

    /// <summary>As a call of the grant would be judged: what was revoked is that, expired or not.</summary>
    private static string StatusOf(Grant grant, DateTimeOffset now)
    {
        if (grant.IsRevoked)
        {
            return "revoked";
        }

        return grant.Expires <= now ? "expired" : "active";
    }
}
