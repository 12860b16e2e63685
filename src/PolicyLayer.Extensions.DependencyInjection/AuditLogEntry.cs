using System.Collections;
using System.Globalization;
using System.Text.Encodings.Web;
using PolicyLayer.Approvals;
using PolicyLayer.Auditing;

namespace PolicyLayer.Extensions.DependencyInjection;

/// <summary>A record as loggers take it: the parts that it has, by name, and a line of text. Immutable.</summary>
internal sealed class AuditLogEntry : IReadOnlyList<KeyValuePair<string, object?>>
{
    private const string CompletionFormat = "{Tool} {Status}, decision {DecisionId}";
    private const string ApprovalFormat = "{Tool} {Status}, approval {ApprovalId}, decision {DecisionId}";
    private const string DecisionFormat = "{Outcome} {Tool}: {Code}, decision {DecisionId}";

    private const string PolicyReloadFormat = "Reloaded {Policy}, revision {Revision}";
    private const string PolicyGoneFormat = "Reloaded {Policy}, which is gone";
    private const string GrantReloadFormat =
        "Reloaded grants: {GrantsAdded} added, {GrantsChanged} changed, {GrantsRemoved} removed";

    private readonly AuditRecord _record;
    private readonly List<KeyValuePair<string, object?>> _parts = [];

    public AuditLogEntry(AuditRecord record)
    {
        _record = record;
        if (record.Reload is { } reload)
        {
            AddReload(record, reload);
            return;
        }

        AddCall(record);
        AddDecision(record);
        AddArguments(record);
        Add("Status", record.CallOutcome?.ToWireString() ?? record.ApprovalStatus?.ToWireString());
        Add("ApprovedUses", record.ApprovedUses);
        Add("ApprovedUntil", record.ApprovedUntil);
        Add("ApprovalIsExact", record.IsApprovalExact ? true : null);
        Add("Duration", record.Duration);
        Add("{OriginalFormat}", FormatOf(record.Kind));
    }

    private static bool IsOfGrants(AuditRecord record) => record.PolicyName.Length == 0;

    private static string TextOf(AuditRecord record, AuditReload reload)
    {
        if (IsOfGrants(record))
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"Reloaded grants: {reload.GrantsAdded} added, {reload.GrantsChanged} changed, {reload.GrantsRemoved} removed");
        }

        string policy = JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(record.PolicyName);
        return record.PolicyRevision.Length == 0
            ? $"Reloaded {policy}, which is gone"
            : $"Reloaded {policy}, revision {record.PolicyRevision}";
    }

    private void AddReload(AuditRecord record, AuditReload reload)
    {
        Add("Kind", record.Kind);
        Add("Time", record.Time);
        Add("Policy", IsOfGrants(record) ? null : record.PolicyName);
        Add("Revision", record.PolicyRevision.Length == 0 ? null : record.PolicyRevision);
        Add("PreviousRevision", reload.PreviousRevision);
        Add("NewCounters", reload.NewCounters.Count == 0 ? null : reload.NewCounters);
        Add("NewMarks", reload.NewMarks.Count == 0 ? null : reload.NewMarks);
        Add("GrantsAdded", reload.GrantsAdded);
        Add("GrantsChanged", reload.GrantsChanged);
        Add("GrantsRemoved", reload.GrantsRemoved);
        string format = record.PolicyRevision.Length == 0 ? PolicyGoneFormat : PolicyReloadFormat;
        Add("{OriginalFormat}", IsOfGrants(record) ? GrantReloadFormat : format);
    }

    public int Count => _parts.Count;

    public KeyValuePair<string, object?> this[int index] => _parts[index];

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _parts.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>One line whatever the tool is called: the agent chose the name.</summary>
    public override string ToString()
    {
        if (_record.Reload is { } reload)
        {
            return TextOf(_record, reload);
        }

        string tool = JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(_record.Tool);
        string decision = $"decision {_record.DecisionId}";
        return _record.Kind switch
        {
            AuditRecordKind.Completion => $"{tool} {_record.CallOutcome?.ToWireString()}, {decision}",
            AuditRecordKind.Approval => $"{tool} {_record.ApprovalStatus?.ToWireString()}, approval {_record.ApprovalId}, {decision}",
            _ => $"{_record.DecisionOutcome.ToWireString()} {tool}: {_record.Code.ToWireString()}, {decision}",
        };
    }

    private static string FormatOf(AuditRecordKind kind) => kind switch
    {
        AuditRecordKind.Completion => CompletionFormat,
        AuditRecordKind.Approval => ApprovalFormat,
        _ => DecisionFormat,
    };

    private void AddCall(AuditRecord record)
    {
        Add("Kind", record.Kind);
        Add("Time", record.Time);
        Add("DecisionId", record.DecisionId);
        Add("Grant", record.GrantId);
        Add("GrantLabel", record.GrantLabel);
        Add("Session", record.SessionId);
        Add("SessionSource", record.SessionSource?.ToWireString());
        Add("Server", record.Server);
        Add("Tool", record.Tool);
        Add("Risk", record.Risk.ToWireString());
        Add("Continues", record.Continues);
        Add("TraceId", record.TraceId);
    }

    private void AddDecision(AuditRecord record)
    {
        Add("Outcome", record.DecisionOutcome.ToWireString());
        Add("Code", record.Code.ToWireString());
        Add("Rule", record.Rule.Length == 0 ? null : record.Rule);
        Add("RuleName", record.RuleName);
        Add("DenialMessage", record.Message);
        Add("Policy", record.PolicyName);
        Add("Revision", record.PolicyRevision);
        Add("Counters", record.Counters.Count == 0 ? null : record.Counters);
        Add("ApprovalId", record.ApprovalId);
        Add("AnsweredBy", record.AnsweredBy);
        Add("RetryAfter", record.RetryAfter);
    }

    private void AddArguments(AuditRecord record)
    {
        Add("ArgumentNames", record.ArgumentNames.Count == 0 ? null : record.ArgumentNames);
        Add("ArgumentBytes", record.ArgumentBytes);
        Add("ArgumentsDigest", record.ArgumentsDigest);
        Add("InputsDigest", record.InputsDigest);
    }

    private void Add(string name, object? value)
    {
        if (value is not null)
        {
            _parts.Add(new KeyValuePair<string, object?>(name, value));
        }
    }
}
