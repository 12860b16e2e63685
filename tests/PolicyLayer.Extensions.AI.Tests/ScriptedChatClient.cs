using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace PolicyLayer.Tests.AI;

/// <summary>A model that says what it was told to say, one answer a request, and keeps what it was asked.</summary>
internal sealed class ScriptedChatClient(params IReadOnlyList<AIContent>[] answers) : IChatClient
{
    private static int _calls;

    private readonly Queue<IReadOnlyList<AIContent>> _answers = new(answers);

    public List<IReadOnlyList<ChatMessage>> Requests { get; } = [];

    public List<ChatOptions?> Options { get; } = [];

    public static IReadOnlyList<AIContent> Says(string text) => [new TextContent(text)];

    /// <param name="calls">Names of functions, each with the arguments as JSON.</param>
    public static IReadOnlyList<AIContent> Asks(params (string Name, string Arguments)[] calls) =>
        [.. calls.Select(call => Call($"call-{Interlocked.Increment(ref _calls)}", call.Name, call.Arguments))];

    public static FunctionCallContent Call(string id, string name, string arguments) => new(id, name, Json.Members(arguments));

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new ChatResponse(Next(messages, options)));

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ChatMessage answer = Next(messages, options);
        foreach (AIContent content in answer.Contents)
        {
            await Task.Yield();
            yield return new ChatResponseUpdate(answer.Role, [content]) { MessageId = answer.MessageId };
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    private ChatMessage Next(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        Requests.Add([.. messages]);
        Options.Add(options);
        return new ChatMessage(ChatRole.Assistant, [.. _answers.Dequeue()]) { MessageId = $"message-{Requests.Count}" };
    }
}
