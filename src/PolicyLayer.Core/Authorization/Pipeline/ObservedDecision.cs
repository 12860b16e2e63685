using System.Diagnostics;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>One decision while somebody listens: ended once, with the decision or what was thrown in its place. It never throws.</summary>
/// <param name="observing">What made it.</param>
/// <param name="activity">Its span; null where nobody wants one.</param>
/// <param name="started">The clock's timestamp when the call came in.</param>
internal sealed class ObservedDecision(Observing observing, Activity? activity, long started)
{
    public void End(in ToolCallDecision decision)
    {
        string tool = observing.WordFor(decision);
        try
        {
            Count(decision, tool);
        }
        catch (Exception)
        {
            // Who listens to the meter threw: no decision hangs on that.
        }

        try
        {
            Describe(decision, tool);
            activity?.Dispose();
        }
        catch (Exception)
        {
            // Who listens to activities threw.
        }
    }

    /// <summary>The host gave up, or there is a fault in this library: there is no decision to count.</summary>
    public void Fail(Exception exception)
    {
        try
        {
            activity?.SetTag(TelemetryNames.ErrorType, exception.GetType().FullName).SetStatus(ActivityStatusCode.Error);
            activity?.Dispose();
        }
        catch (Exception)
        {
            // A listener threw.
        }
    }

    private void Count(in ToolCallDecision decision, string tool)
    {
        var tags = new TagList { { TelemetryNames.DecisionOutcome, decision.Outcome.ToWireString() } };
        AddUnlessEmpty(ref tags, TelemetryNames.PolicyName, decision.PolicyName);
        if (observing.ElapsedSince(started) is { } duration)
        {
            Instruments.DecisionDuration.Record(duration.TotalSeconds, tags);
        }

        tags.Add(TelemetryNames.DecisionCode, decision.Code.ToWireString());
        tags.Add(TelemetryNames.Tool, tool);
        Instruments.Decisions.Add(1, tags);
    }

    private void Describe(in ToolCallDecision decision, string tool)
    {
        if (activity is not { IsAllDataRequested: true })
        {
            return;
        }

        activity.DisplayName = $"{TelemetryNames.DecisionSpan} {tool}";
        activity.SetTag(TelemetryNames.Tool, tool);
        activity.SetTag(TelemetryNames.DecisionId, decision.DecisionId);
        activity.SetTag(TelemetryNames.DecisionOutcome, decision.Outcome.ToWireString());
        activity.SetTag(TelemetryNames.DecisionCode, decision.Code.ToWireString());
        activity.SetTag(TelemetryNames.DecisionRule, decision.Rule.Length == 0 ? null : decision.Rule);
        activity.SetTag(TelemetryNames.ToolRisk, decision.Risk.ToWireString());
        if (decision.PolicyName.Length > 0)
        {
            activity.SetTag(TelemetryNames.PolicyName, decision.PolicyName);
            activity.SetTag(TelemetryNames.PolicyRevision, decision.PolicyRevision);
        }

        if (IsOfFault(decision.Code))
        {
            activity.SetTag(TelemetryNames.ErrorType, decision.Code.ToWireString());
            activity.SetStatus(ActivityStatusCode.Error);
        }
    }

    private static void AddUnlessEmpty(ref TagList tags, string name, string value)
    {
        if (value.Length > 0)
        {
            tags.Add(name, value);
        }
    }

    /// <summary>Whether something broke; a denial as such is no error.</summary>
    private static bool IsOfFault(DecisionCode code) => code is DecisionCode.InternalError
        or DecisionCode.GrantResolverUnavailable
        or DecisionCode.CounterStoreUnavailable
        or DecisionCode.ApprovalStoreUnavailable
        or DecisionCode.AuditUnavailable;
}
