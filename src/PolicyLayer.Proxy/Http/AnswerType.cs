namespace PolicyLayer.Proxy.Http;

/// <summary>How a server's answer is read. Its readers may not choose: it goes on under the type that it was read as.</summary>
internal enum AnswerType
{
    /// <summary>It isn't read, and isn't passed on.</summary>
    Other,

    /// <summary>It is one message.</summary>
    Message,

    /// <summary>It is a stream of events.</summary>
    Events,
}
