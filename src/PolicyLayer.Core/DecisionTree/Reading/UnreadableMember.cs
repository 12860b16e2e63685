namespace PolicyLayer.DecisionTree.Reading;

/// <summary>What of a host's dictionary couldn't be judged. It holds no values.</summary>
/// <param name="Place">What the dictionary is of a call.</param>
/// <param name="Pointer">The pointer of the member in it, with <c>*</c> for names below the top.</param>
/// <param name="Type">The full name of its CLR type; null where the type isn't known.</param>
internal sealed record UnreadableMember(string Place, string Pointer, string? Type)
{
    public const string OfArguments = "ToolCall.Arguments";
    public const string OfInputs = "ToolCall.Inputs";
    public const string OfContext = "ToolCall.Context";
    public const string OfAttributes = "GrantAttributes";
}
