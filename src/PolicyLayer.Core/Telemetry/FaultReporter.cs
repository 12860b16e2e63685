using System.Diagnostics;

namespace PolicyLayer.Telemetry;

/// <summary>Tells the host's listener, if there is one, and whoever traces the process. It never throws.</summary>
internal sealed class FaultReporter(IFaultListener? listener)
{
    /// <summary>Tells of a fault.</summary>
    /// <param name="kind">What was being done.</param>
    /// <param name="place">What broke.</param>
    /// <param name="exception">What was thrown, or stands for what is wrong.</param>
    /// <param name="decisionId">The decision.</param>
    /// <param name="member">Where in a host's dictionary; null for all else.</param>
    /// <param name="memberType">What stands there; null where that isn't known.</param>
    public void Tell(
        FaultKind kind, string place, Exception exception, string decisionId, string? member = null, string? memberType = null)
    {
        FaultEvents events = FaultEvents.Log;
        if (listener is null && !events.IsEnabled() && !Instruments.Faults.Enabled)
        {
            return;
        }

        string exceptionType = exception.GetType().FullName ?? exception.GetType().Name;
        Count(kind, place, exceptionType);
        events.Tell(kind, place, exceptionType, decisionId, member, memberType);
        try
        {
            listener?.OnFault(new Fault
            {
                Kind = kind,
                Place = place,
                ExceptionType = exceptionType,
                Exception = MayHoldValues(kind) ? null : exception,
                StackTrace = MayHoldValues(kind) ? FramesOf(exception) : exception.StackTrace,
                Member = member,
                MemberType = memberType,
                DecisionId = decisionId,
            });
        }
        catch (Exception)
        {
            // Nobody is left to be told.
        }
    }

    private static void Count(FaultKind kind, string place, string exceptionType)
    {
        if (!Instruments.Faults.Enabled)
        {
            return;
        }

        try
        {
            Instruments.Faults.Add(
                1,
                KeyValuePair.Create<string, object?>(TelemetryNames.Operation, Operations.Names.TextOf(kind)),
                KeyValuePair.Create<string, object?>(TelemetryNames.OperationPlace, place),
                KeyValuePair.Create<string, object?>(TelemetryNames.ErrorType, exceptionType));
        }
        catch (Exception)
        {
            // Who listens to the meter threw.
        }
    }

    /// <summary>What a call's own objects throw, and those that are given arguments to show.</summary>
    private static bool MayHoldValues(FaultKind kind) => kind is
        FaultKind.Judging or FaultKind.Malformed or FaultKind.ApprovalAsk or FaultKind.ApprovalNotify;

    /// <summary>Where it was thrown, as the runtime knows it: a type may say something else of itself.</summary>
    private static string? FramesOf(Exception exception)
    {
        string frames = new StackTrace(exception, fNeedFileInfo: true).ToString().TrimEnd();
        return frames.Length == 0 ? null : frames;
    }

    /// <summary>Tells what becomes of work that nobody waits for any more, should it fail.</summary>
    public async Task TellLaterAsync(FaultKind kind, string place, Task work, string decisionId)
    {
        try
        {
            await work.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It was told to stop, and did.
        }
        catch (Exception e)
        {
            Tell(kind, place, e, decisionId);
        }
    }
}
