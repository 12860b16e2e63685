using Microsoft.Extensions.AI;

namespace PolicyLayer.Extensions.AI;

/// <summary>
/// One request of a host's, which may take several of the framework's: it asks about each call of a function that the policy may want
/// somebody asked about, and goes on by itself where the policy doesn't. For one thread.
/// </summary>
/// <param name="messages">What the host sent.</param>
/// <param name="options">The request's options.</param>
/// <param name="max">How often it goes on by itself.</param>
internal sealed class ConfirmedRounds(IReadOnlyList<ChatMessage> messages, ChatOptions? options, int max)
{
    private readonly List<ChatMessage> _before = [];
    private UsageDetails? _usage;
    private int _rounds;

    /// <summary>What the next request says.</summary>
    public IReadOnlyList<ChatMessage> Messages { get; private set; } = messages;

    public ChatOptions? Options { get; private set; } = options;

    /// <summary>An update without requests.</summary>
    public static ChatResponseUpdate WithoutRequests(ChatResponseUpdate update)
    {
        ChatResponseUpdate copy = update.Clone();
        copy.Contents = WithoutRequests(update.Contents);
        return copy;
    }

    /// <summary>Whether there are requests, and none of them is for a person.</summary>
    public bool GoesOnAfter(IReadOnlyList<RequestedCall> taken) =>
        taken.Count > 0 && _rounds < max && !taken.Any(request => request.NeedsPerson);

    /// <summary>Goes on.</summary>
    /// <param name="response">What came.</param>
    /// <param name="answer">The answer to its requests.</param>
    public void Next(ChatResponse response, ChatMessage answer)
    {
        _rounds++;
        Add(response.Usage);
        foreach (ChatMessage message in response.Messages)
        {
            ChatMessage copy = message.Clone();
            copy.Contents = WithoutRequests(message.Contents);
            if (copy.Contents.Count > 0)
            {
                _before.Add(copy);
            }
        }

        if (response.ConversationId is null)
        {
            Messages = [.. Messages, .. response.Messages, answer];
            return;
        }

        // The service has all of it but the answer.
        Options = Options?.Clone() ?? new ChatOptions();
        Options.ConversationId = response.ConversationId;
        Messages = [answer];
    }

    /// <summary>The last response with all that came before it.</summary>
    public ChatResponse Join(ChatResponse last)
    {
        if (_rounds > 0)
        {
            last.Messages = [.. _before, .. last.Messages];
            Add(last.Usage);
            last.Usage = _usage;
        }

        return last;
    }

    private static List<AIContent> WithoutRequests(IList<AIContent> contents) =>
        [.. contents.Where(content => !ApprovalRequests.IsRequest(content))];

    private void Add(UsageDetails? usage)
    {
        if (usage is not null)
        {
            _usage ??= new UsageDetails();
            _usage.Add(usage);
        }
    }
}
