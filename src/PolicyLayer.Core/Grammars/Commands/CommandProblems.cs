namespace PolicyLayer.Grammars.Commands;

/// <summary>What makes a script or a pattern unreadable, as a finding says it of a pattern and a denial of a script.</summary>
internal static class CommandProblems
{
    public const string Empty = "a command without words";
    public const string Control = "a carriage return or another control character";
    public const string Encoding = "text that is not UTF-8";
    public const string UnclosedQuote = "a quote left open";
    public const string Backslash = "a backslash before a line end or at the end";
    public const string BackslashBehindCharacter = "a backslash behind a character beyond ASCII";
    public const string Expansion = "a substitution (`$`, a backquote or `!` outside single quotes)";
    public const string History = "`^` at the start of a line, or `!` on a later line of a quoted text";
    public const string Parenthesis = "an unquoted parenthesis";
    public const string Brace = "an unquoted brace";
    public const string Glob = "a glob (an unquoted `*`, `?` or `[`)";
    public const string Tilde = "an unquoted `~` at the start of a word or behind `=` or `:`";
    public const string Comment = "a comment (an unquoted `#` at the start of a word)";
    public const string NonAscii = "an unquoted character beyond ASCII";
    public const string Background = "an unquoted `&`";
    public const string Redirection = "a redirection other than `2>&1` and those to `/dev/null`";
    public const string HereDocument = "a here-document or here-string";
    public const string ReservedWord = "a loop or another reserved word of the shell in place of a program";
    public const string Assignment = "an assignment in place of a program";
    public const string Job = "`%` at the start of a program";
    public const string ProgramCase = "a program's name that differs only by case from a listed one";
    public const string MoreThanWords = "an operator or a redirection: a pattern is one command's words";
}
