using Microsoft.Extensions.AI;

namespace PolicyLayer.Extensions.AI;

/// <summary>
/// Calls that go out without a result are answered as denied, so that whoever stands in front has none to run with a function that isn't
/// guarded. For one response.
/// </summary>
/// <param name="isKept">Whether nobody in front may run what is called so.</param>
internal sealed class UnansweredCalls(Func<string, bool> isKept)
{
    private const string Denial = "[POLICY DENIED] The call wasn't run.";

    private readonly List<FunctionCallContent> _calls = [];

    /// <summary>Sees what goes out, in its order.</summary>
    public void See(IEnumerable<AIContent> contents)
    {
        foreach (AIContent content in contents)
        {
            if (content is FunctionCallContent { InformationalOnly: false } call)
            {
                _calls.Add(call);
            }
            else if (content is FunctionResultContent result)
            {
                // One result is one call's: models may give two the same id.
                int index = _calls.FindIndex(each => each.CallId == result.CallId);
                if (index >= 0)
                {
                    _calls.RemoveAt(index);
                }
            }
        }
    }

    /// <summary>The denials of all that is still without a result; empty where nothing is.</summary>
    public IList<AIContent> Deny()
    {
        List<AIContent> results = [];
        foreach (FunctionCallContent call in _calls.Where(call => isKept(call.Name)))
        {
            call.InformationalOnly = true;
            results.Add(new FunctionResultContent(call.CallId, Denial));
        }

        return results;
    }
}
