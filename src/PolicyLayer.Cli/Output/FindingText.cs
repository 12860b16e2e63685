namespace PolicyLayer.Cli.Output;

/// <summary>What a finding says, without its place, which formats for programs say in their own way.</summary>
internal static class FindingText
{
    public static string Of(PolicyDiagnostic finding)
    {
        if (finding.Help is not { } help)
        {
            return finding.Message;
        }

        bool isSentence = help.EndsWith('?') || help.EndsWith('.');
        return isSentence ? $"{finding.Message} Help: {help}" : $"{finding.Message} Help: {help}.";
    }
}
