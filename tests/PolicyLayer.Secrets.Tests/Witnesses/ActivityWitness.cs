using System.Diagnostics;
using PolicyLayer.Tests.Secrets.Searching;

namespace PolicyLayer.Tests.Secrets.Witnesses;

/// <summary>Sees every activity of the library's sources, of whatever name, and what is said of the host's own.</summary>
internal sealed class ActivityWitness : IDisposable
{
    public const string Place = "activities";

    private readonly Witness _witness;
    private readonly ActivityListener _listener;

    public ActivityWitness(Witness witness)
    {
        _witness = witness;
        witness.See(Place, "");
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name.StartsWith("PolicyLayer", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = See,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>Runs as part of an activity of the host's.</summary>
    public async Task WithinAsync(Func<Task> run)
    {
        using var activity = new Activity("host");
        activity.SetIdFormat(ActivityIdFormat.W3C);
        activity.Start();
        try
        {
            await run();
        }
        finally
        {
            See(activity);
        }
    }

    public void Dispose() => _listener.Dispose();

    private void See(Activity activity)
    {
        _witness.See(Place, $"{activity.OperationName} {activity.DisplayName} {activity.StatusDescription} {activity.TraceStateString}");
        See(activity.TagObjects);
        See(activity.Baggage.Select(item => KeyValuePair.Create(item.Key, (object?)item.Value)));
        foreach (ActivityEvent told in activity.Events)
        {
            _witness.See(Place, told.Name);
            See(told.Tags);
        }

        foreach (ActivityLink link in activity.Links)
        {
            See(link.Tags ?? []);
        }
    }

    private void See(IEnumerable<KeyValuePair<string, object?>> tags)
    {
        foreach ((string name, object? value) in tags)
        {
            _witness.See(Place, name);
            _witness.SeeObject(Place, value);
        }
    }
}
