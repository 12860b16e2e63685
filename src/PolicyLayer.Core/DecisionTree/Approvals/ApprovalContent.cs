using PolicyLayer.DecisionTree.Verdicts;
using PolicyLayer.Json.Clr;

namespace PolicyLayer.DecisionTree.Approvals;

/// <summary>Writes what the person who approves a call sees of it: one JSON object, without members for what there isn't.</summary>
internal static class ApprovalContent
{
    public static byte[] Write(in ToolCall call, Asking asking, ApprovalSubject subject)
    {
        var output = new Utf8Buffer();
        output.TryAppend("{\"v\":1"u8);
        AppendCall(output, call, asking.Verdict.Risk);
        AppendPolicy(output, asking);
        AppendSame(output, subject);
        output.TryAppend(",\"arguments\":"u8);
        output.TryAppend(subject.Arguments);
        AppendContext(output, subject);
        output.TryAppend("}"u8);
        return output.Written.ToArray();
    }

    private static void AppendCall(Utf8Buffer output, in ToolCall call, ToolRisk risk)
    {
        Append(output, ",\"server\":"u8, call.Server);
        if (ApprovalSubject.SessionOf(call) is { } session)
        {
            Append(output, ",\"session\":"u8, session);
            Append(output, ",\"session_source\":"u8, call.SessionSource.ToWireString());
        }

        Append(output, ",\"tool\":"u8, call.ToolName);
        Append(output, ",\"risk\":"u8, risk == ToolRisk.Unspecified ? null : risk.ToWireString());
    }

    private static void AppendPolicy(Utf8Buffer output, Asking asking)
    {
        Verdict verdict = asking.Verdict;
        Append(output, ",\"policy\":"u8, verdict.Policy.Name);
        Append(output, ",\"revision\":"u8, verdict.Policy.Revision);
        Append(output, ",\"rule\":"u8, verdict.Rule);
        for (int i = 0; i < asking.Rules.Count; i++)
        {
            Append(output, i == 0 ? ",\"rules\":["u8 : ","u8, asking.Rules[i]);
        }

        output.TryAppend("]"u8);
        Append(output, ",\"reason\":"u8, verdict.Words);
    }

    private static void AppendSame(Utf8Buffer output, ApprovalSubject subject)
    {
        if (!subject.IsBoundBySame)
        {
            return;
        }

        for (int i = 0; i < subject.Same.Length; i++)
        {
            Append(output, i == 0 ? ",\"same\":["u8 : ","u8, subject.Same[i].Text);
        }

        output.TryAppend("]"u8);
    }

    private static void AppendContext(Utf8Buffer output, ApprovalSubject subject)
    {
        bool isFirst = true;
        for (int i = 0; i < subject.Paths.Length; i++)
        {
            if (subject.ValueOf(i) is { IsEmpty: false } value)
            {
                Append(output, isFirst ? ",\"context\":{"u8 : ","u8, subject.Paths[i].Text);
                output.TryAppend(":"u8);
                output.TryAppend(value);
                isFirst = false;
            }
        }

        if (!isFirst)
        {
            output.TryAppend("}"u8);
        }
    }

    private static void Append(Utf8Buffer output, ReadOnlySpan<byte> before, string? value)
    {
        if (value is not null)
        {
            output.TryAppend(before);
            ClrScalarWriter.TryWriteString(output, value);
        }
    }
}
