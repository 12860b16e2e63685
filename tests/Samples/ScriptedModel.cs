using Microsoft.Extensions.AI;

/// <summary>Stands in for a model, so that the samples need no network: it says what it is told to, one answer a request.</summary>
internal sealed class ScriptedModel(params AIContent[] answers) : IChatClient
{
    private readonly Queue<AIContent> _answers = new(answers);

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        foreach (FunctionResultContent result in messages.Last().Contents.OfType<FunctionResultContent>())
        {
            Console.WriteLine($"The model reads: {result.Result}");
        }

        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, [_answers.Dequeue()])));
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (ChatResponseUpdate update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
        {
            yield return update;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }
}
