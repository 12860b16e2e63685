using System.Collections.Frozen;

namespace PolicyLayer.Documents;

/// <summary>What other formats, languages and habits call the words of a policy, and of a file of grants.</summary>
internal static class Synonyms
{
    private const int MaxLength = 40;

    /// <summary>A word of these documents, and what is written for it: that may stand for several, of which one is known there.</summary>
    private static readonly (string Word, string[] Written)[] Words =
    [
        ("arguments", ["inputschema", "parameters", "params", "args", "schema", "input", "jsonschema"]),
        ("conditions", ["condition", "if", "when", "all", "allof", "where", "match"]),
        ("any", ["or", "anyof", "oneof", "either"]),
        ("path", ["field", "argument", "arg", "key", "property", "param", "parameter"]),
        ("op", ["operator", "operation", "comparator", "comparison"]),
        ("value", ["values", "equals", "expected", "operand", "pattern"]),
        ("value_from", ["ref", "valueref", "valuepath"]),
        ("on_deny", ["message", "error", "errormessage", "denymessage", "reason"]),
        ("reason", ["message", "error", "errormessage", "denymessage", "ondeny"]),
        ("counter", ["name", "key", "id"]),
        ("tool", ["name", "toolname", "call"]),
        ("within", ["window", "period", "interval", "duration", "seconds", "time", "for"]),
        ("same", ["per", "match", "where", "key", "by", "path", "paths", "arguments", "args"]),
        ("uses", ["use", "count", "max", "maximum", "times", "calls", "maxuses", "limit"]),
        ("for", ["within", "window", "duration", "period", "seconds", "time", "validfor", "expires", "expiry", "ttl", "until"]),
        ("max", ["limit", "count", "maximum", "maxcalls", "requests"]),
        ("window", ["period", "interval", "duration", "per", "seconds", "time"]),
        ("increment_from", ["amount", "amountfrom", "cost", "weight", "sum"]),
        ("count_of", ["count", "elements", "items", "length"]),
        ("increment_default", ["default", "defaultamount", "amountdefault"]),
        ("per", ["by", "each", "foreach", "groupby", "partition", "partitionby"]),
        ("tools", ["tool", "rules", "permissions"]),
        ("hide", ["hidden", "exclude", "blocklist", "blacklist", "denylist"]),
        ("default", ["defaultaction", "fallback"]),
        ("time_zone", ["tz"]),
        ("allow", ["permit", "accept", "pass", "yes", "ok", "enabled"]),
        ("deny", ["block", "forbid", "reject", "disallow", "refuse", "no", "disabled"]),
        ("require_approval", ["ask", "approve", "approval", "confirm", "prompt", "human", "review"]),
        ("read", ["get", "view", "list", "readonly"]),
        ("write", ["update", "create", "modify", "edit"]),
        ("execute", ["exec", "run", "shell"]),
        ("destructive", ["delete", "remove", "drop", "dangerous"]),
        ("financial", ["payment", "pay", "money"]),
        ("grant", ["agent", "caller", "identity"]),
        ("policy", ["global", "all", "policyname", "document"]),
        ("grants", ["grant", "agents", "callers", "identities"]),
        ("id", ["name", "grant", "grantid", "agent", "key"]),
        ("label", ["name", "title", "description", "displayname", "comment"]),
        ("attributes", ["attribute", "attrs", "claims", "tags", "metadata", "properties", "labels"]),
        ("expires", ["expiry", "expiration", "expiresat", "expireson", "exp", "until", "validuntil"]),
        ("revoked", ["isrevoked", "disabled", "inactive", "blocked"]),
        ("token_sha256", ["tokenhash", "hash", "sha256", "key"]),
        ("fixed", ["tumbling"]),
        ("sliding", ["rolling", "slidingwindow"]),
        ("second", ["secondly", "s", "sec", "1s"]),
        ("minute", ["minutely", "m", "min", "1m"]),
        ("hour", ["hourly", "h", "1h"]),
        ("day", ["daily", "d", "1d", "24h"]),
        ("week", ["weekly", "w", "1w", "calendarweek"]),
        ("month", ["monthly", "1month", "calendarmonth"]),
        ("integer", ["int", "long", "int32", "int64"]),
        ("number", ["float", "double", "decimal", "num"]),
        ("string", ["str", "text", "char", "date", "datetime", "uuid", "url", "file", "enum"]),
        ("boolean", ["bool"]),
        ("array", ["list", "tuple", "set"]),
        ("object", ["dict", "map", "record", "hash", "struct", "json"]),
        ("null", ["none", "nil", "undefined", "void"]),
        ("date-time", ["rfc3339"]),
        ("email", ["mail", "emailaddress"]),
        ("regex", ["regexp", "re"]),
    ];

    private static readonly FrozenDictionary<string, string[]> Meant = Words
        .SelectMany(entry => entry.Written.Select(written => (entry.Word, Written: written)))
        .GroupBy(pair => pair.Written, pair => pair.Word, StringComparer.Ordinal)
        .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);

    /// <summary>The help for a word that stands for one of some; null where it stands for none.</summary>
    public static string? Suggest(string written, ReadOnlySpan<string> words)
    {
        if (written.Length > MaxLength)
        {
            return null;
        }

        string plain = string.Concat(written.ToLowerInvariant().Where(c => c is not ('_' or '-' or ' ')));
        var meant = new List<string>();
        foreach (string word in Meant.GetValueOrDefault(plain, []))
        {
            if (words.Contains(word))
            {
                meant.Add(word);
            }
        }

        return meant.Count == 0 ? null : $"did you mean `{string.Join("` or `", meant)}`?";
    }
}
