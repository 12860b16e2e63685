using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using PolicyLayer.Approvals;
using PolicyLayer.Sqlite;
using PolicyLayer.Testing;

namespace PolicyLayer.Tests.Sqlite;

/// <summary>A file of approvals, and what tests ask of it. Approvals have numbers; a binding is a number, too.</summary>
internal sealed class ApprovalCase : IDisposable
{
    private readonly SqliteApprovalHarness _harness = new() { Protector = ApprovalProtector.Plain };

    public static DateTimeOffset Start { get; } = DateTimeOffset.FromUnixTimeMilliseconds(CaseStores.Start);

    /// <summary>For how long a request is pending, and an approval in force.</summary>
    public static TimeSpan Period { get; } = TimeSpan.FromMinutes(10);

    public string Folder => _harness.Folder;

    public string Database => _harness.PathOf("case");

    /// <summary>Contents plain, the file not synchronised, a minute's deadline: each test sets what it is about.</summary>
    public SqliteApprovalStoreOptions Options => _harness.OptionsOf("case");

    public static string IdOf(int number) => number.ToString("x32", CultureInfo.InvariantCulture);

    public static string BindingOf(int number) => number.ToString("x64", CultureInfo.InvariantCulture);

    public static ApprovalRequest Request(
        int number,
        int binding = 1,
        int? exact = null,
        string grantId = "g",
        DateTimeOffset? time = null,
        byte[]? content = null,
        int uses = 1,
        int maxPending = 100) => new()
        {
            Time = time ?? Start,
            NewId = IdOf(number),
            Binding = BindingOf(binding),
            ExactBinding = BindingOf(exact ?? binding),
            GrantId = grantId,
            MayRequest = true,
            MaxPending = maxPending,
            PendingFor = Period,
            Terms = new ApprovalTerms(uses, Period),
            Content = content ?? Encoding.UTF8.GetBytes($$"""{"tool":"t{{number}}"}"""),
        };

    public static ApprovalResolve Answer(int number, bool isApproved = true, bool isExact = false) => new()
    {
        Time = Start,
        Id = IdOf(number),
        IsApproved = isApproved,
        By = "ann",
        Reason = "why not",
        IsExact = isExact,
    };

    public static ApprovalUse UseOf(int number, int binding = 1, int? exact = null) =>
        new(Start, IdOf(number), BindingOf(binding), BindingOf(exact ?? binding));

    public static async Task ApproveAsync(IApprovalStore store, int number, bool isExact = false) =>
        Assert.Equal(ApprovalResolution.Done, await store.ResolveAsync(Answer(number, isExact: isExact)));

    public static async Task RefuseAsync(IApprovalStore store, int number) =>
        Assert.Equal(ApprovalResolution.Done, await store.ResolveAsync(Answer(number, isApproved: false)));

    public static async Task<StoredApproval?> FindAsync(IApprovalStore store, int number, DateTimeOffset? time = null) =>
        await store.FindAsync(new ApprovalQuery(time ?? Start, IdOf(number)));

    public static async Task<string[]> StatusesAsync(IApprovalStore store, int count, DateTimeOffset? time = null)
    {
        var statuses = new string[count];
        for (int i = 0; i < count; i++)
        {
            statuses[i] = ((await FindAsync(store, i + 1, time))?.Status ?? ApprovalStatus.Unknown).ToString();
        }

        return statuses;
    }

    public SqliteApprovalStore Open(Action<SqliteApprovalStoreOptions>? configure = null)
    {
        SqliteApprovalStoreOptions options = Options;
        configure?.Invoke(options);
        return new SqliteApprovalStore(options);
    }

    /// <summary>What SQLite itself says of the file.</summary>
    public object? Run(string text)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
#pragma warning disable CA2100 // Constants, all of them.
        using var command = new SqliteCommand(text, connection);
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }

    /// <summary>Whether a text is anywhere in the files of the database.</summary>
    public bool IsInFiles(string text, string pattern = "*")
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return Directory.GetFiles(Folder, pattern).Any(file => ReadShared(file).AsSpan().IndexOf(bytes) >= 0);
    }

    public void Dispose() => _harness.Dispose();

    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        file.CopyTo(copy);
        return copy.ToArray();
    }
}
