using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Stdio;

/// <summary>Takes what a server that is a process says, one after the other.</summary>
internal interface IChildListener
{
    /// <summary>It wrote a line.</summary>
    /// <param name="line">What it reads as.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask TakeAsync(ReadResult line, CancellationToken cancellationToken);

    /// <summary>It ended, and answers nothing any more of what it was handed.</summary>
    /// <returns>Whether somebody waited for that.</returns>
    ValueTask<bool> EndAsync();
}
