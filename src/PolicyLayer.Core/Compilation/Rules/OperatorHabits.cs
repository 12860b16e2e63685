namespace PolicyLayer.Compilation.Rules;

/// <summary>What other languages and habits call operators, and the nearest way here.</summary>
internal static class OperatorHabits
{
    private const string Anchored = "which is found anywhere unless `^` and `$` anchor it";

    private const string Negation = "`neq` and `not_in` negate; else put this condition alone into a rule of `deny_if` instead";

    /// <summary>The help for a word that isn't an operator, or null.</summary>
    public static string? Suggest(string written) => Plain(written) switch
    {
        "=" or "==" or "===" or "equals" or "equal" or "is" => "use `eq`",
        "!=" or "!==" or "<>" or "≠" or "ne" or "notequals" or "notequal" or "isnot" => "use `neq`",
        ">" or "greater" or "greaterthan" or "morethan" or "above" => "use `gt`",
        ">=" or "=>" or "≥" or "ge" or "greaterthanorequal" or "greaterorequal" or "min" or "atleast" => "use `gte`",
        "<" or "less" or "lessthan" or "below" => "use `lt`",
        "<=" or "=<" or "≤" or "le" or "lessthanorequal" or "lessorequal" or "max" or "atmost" => "use `lte`",
        "between" or "range" => "use two conditions, `gte` and `lte`",
        "~" or "=~" or "~=" or "matches" or "match" or "regexp" or "re" or "pattern" => $"use `regex`, {Anchored}",
        "like" or "glob" or "wildcard" => $"use `regex`, {Anchored}: `*` there is `.*`",
        "startswith" or "beginswith" or "hasprefix" or "prefix" =>
            "for a path or URL use `within` or `url_in`; else `regex` with `^` before the text, as in `^report-`",
        "endswith" or "hassuffix" or "suffix" => "use `regex` with `$` after the text, as in `\\.txt$`",
        "has" or "includes" or "include" or "contain" or "substring" => "use `contains`",
        "notcontains" or "notregex" or "notmatches" or "notmatch" or "doesnotcontain" or "excludes" or "!~" or "!contains" =>
            "use `contains` or `regex`, and put this condition alone into a rule of `deny_if` instead",
        "anyof" or "oneof" or "isin" or "memberof" => "use `in`",
        "noneof" or "nin" or "isnotin" => "use `not_in`",
        "not" or "!" => Negation,
        "and" or "or" or "all" or "any" => "the conditions of a rule must all hold; of several rules in `deny_if` one is enough",
        "present" or "isset" or "defined" or "required" or "notnull" or "isnotnull" =>
            "use `exists` with `true`, which takes `null` too: against that give the argument a type in the entry's `arguments`",
        "missing" or "absent" or "notexists" => "use `exists` with `false`, which an argument of `null` doesn't meet",
        "null" or "isnull" =>
            "use `eq` with `null`; an argument that isn't there is `exists` with `false`, in a rule or list of its own",
        "type" or "istype" or "length" or "minlength" or "maxlength" or "isempty" or "format" =>
            "say it in the entry's `arguments`, a JSON Schema",
        _ => null,
    };

    /// <summary>Without case and what joins words, so that `startsWith`, `starts_with` and `starts with` are one.</summary>
    private static string Plain(string written) => written.Length > 40 ? "" : string.Concat(
        written.ToLowerInvariant().Where(c => c is not ('_' or '-' or ' ' or '.' or '$')));
}
