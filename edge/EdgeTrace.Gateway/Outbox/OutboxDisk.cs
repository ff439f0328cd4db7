using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EdgeTrace.Gateway.Outbox;

/// <summary>Another process has the outbox open; the message names it.</summary>
public sealed class OutboxLockedException(string message) : IOException(message);

/// <summary>The outbox's folder: one owner, segment files, and files to write again. Every write and sync passes through here.</summary>
class OutboxDisk(string folder) : IDisposable
{
    const string Suffix = ".segment";
    const string SpareSuffix = ".spare";
    const string QuarantineSuffix = ".quarantine";

    /// <summary>Files kept to be written again: a written-once file costs the disk least (no block is allocated by a commit).</summary>
    const int SparesMax = 4;

    /// <summary>Files nobody could read in full, kept for a person to look at; the oldest go first.</summary>
    const int QuarantinedMax = 8;

    readonly Dictionary<ulong, (SafeFileHandle Handle, long Length)> _segments = [];
    readonly List<(string Path, long Length)> _spares = [];
    FileStream? _lock;

    public string Folder => folder;
    public long SegmentBytes => _segments.Values.Sum(segment => segment.Length);
    public IEnumerable<ulong> Numbers => _segments.Keys;
    public long LengthOf(ulong number) => _segments.TryGetValue(number, out var segment) ? segment.Length : 0;
    public long FreeBytes => new DriveInfo(folder).AvailableFreeSpace;

    /// <summary>Takes the folder for this process and opens what is in it.</summary>
    /// <exception cref="OutboxLockedException">Another process owns it.</exception>
    public IReadOnlyList<ulong> Open()
    {
        Directory.CreateDirectory(folder);
        Lock();
        foreach (var path in Directory.EnumerateFiles(folder, "*" + SpareSuffix)) _spares.Add((path, new FileInfo(path).Length));
        var numbers = ListSegments(folder);
        foreach (var number in numbers)
        {
            var handle = File.OpenHandle(PathOf(folder, number), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            _segments[number] = (handle, RandomAccess.GetLength(handle));
        }
        return numbers;
    }

    void Lock()
    {
        var owner = Path.Combine(folder, "owner");
        try
        {
            _lock = new(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(owner))
        {
            throw new OutboxLockedException($"The outbox in {folder} is in use by process {File.ReadAllText(owner).Trim()}. Stop that gateway first.");
        }
        File.WriteAllText(owner, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
    }

    public static IReadOnlyList<ulong> ListSegments(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*" + Suffix)
            .Select(path => ulong.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var number) ? number : 0)
            .Where(number => number > 0).Order()];

    static string PathOf(string folder, ulong number) => Path.Combine(folder, number.ToString("x16", CultureInfo.InvariantCulture) + Suffix);

    /// <summary>A whole segment; empty when the file system will not give it.</summary>
    public static ReadOnlyMemory<byte> ReadWhole(string folder, ulong number)
    {
        try
        {
            using var file = File.OpenHandle(PathOf(folder, number), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[RandomAccess.GetLength(file)];
            return bytes.AsMemory(0, ReadFully(file, bytes, 0));
        }
        catch (IOException) when (File.Exists(PathOf(folder, number)))
        {
            return default;
        }
    }

    public static SegmentHeader? ReadHeader(string folder, ulong number)
    {
        try
        {
            using var file = File.OpenHandle(PathOf(folder, number), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[SegmentHeader.Length];
            return ReadFully(file, bytes, 0) == bytes.Length && SegmentHeader.TryRead(bytes, out var header) && header.Number == number ? header : null;
        }
        catch (IOException) when (File.Exists(PathOf(folder, number)))
        {
            return null;
        }
    }

    public bool TryRead(ulong number, int at, Span<byte> to)
    {
        if (!_segments.TryGetValue(number, out var segment)) return false;
        try
        {
            return ReadFully(segment.Handle, to, at) == to.Length;
        }
        catch (IOException)
        {
            return false;   // the medium refuses this sector: the caller treats it as rotten
        }
        catch (ObjectDisposedException)
        {
            return false;   // recycled under a reader whose batch has just been forgotten
        }
    }

    static int ReadFully(SafeFileHandle file, Span<byte> to, long at)
    {
        var read = 0;
        while (read < to.Length)
        {
            var got = RandomAccess.Read(file, to[read..], at + read);
            if (got == 0) break;
            read += got;
        }
        return read;
    }

    /// <summary>Begins a segment with <paramref name="content"/>: it bears its name only once that is durable.</summary>
    public long Begin(ulong number, long length, ReadOnlySpan<byte> content)
    {
        var index = _spares.FindIndex(spare => spare.Length >= length);
        var path = index >= 0 ? _spares[index].Path : Path.Combine(folder, $"{number:x16}{SpareSuffix}");
        if (index >= 0) _spares.RemoveAt(index);
        var handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            if (index < 0) Zero(handle, length);
            Write(handle, content, 0);
            Sync(handle, whole: true);
            Rename(path, PathOf(folder, number));
            SyncFolder();
        }
        catch (IOException)
        {
            handle.Dispose();
            Discard(path);
            Discard(PathOf(folder, number));
            throw;
        }
        length = RandomAccess.GetLength(handle);
        _segments[number] = (handle, length);
        return length;
    }

    // Written blocks, not merely reserved ones: a commit into them then changes no metadata of the file system.
    void Zero(SafeFileHandle handle, long length)
    {
        var zeros = new byte[Math.Min(length, 256 << 10)];
        for (long at = 0; at < length; at += zeros.Length)
            Write(handle, zeros.AsSpan(0, (int)Math.Min(zeros.Length, length - at)), at);
    }

    public void Append(ulong number, int at, ReadOnlySpan<byte> bytes)
    {
        var handle = _segments[number].Handle;
        Write(handle, bytes, at);
        Sync(handle, whole: false);
    }

    /// <summary>Nothing in it is needed any more: kept to be written again, or removed.</summary>
    public void Recycle(ulong number, bool keep)
    {
        var length = Close(number);
        if (!keep || _spares.Count >= SparesMax)
        {
            Discard(PathOf(folder, number));
            return;
        }
        var spare = Path.Combine(folder, $"{number:x16}{SpareSuffix}");
        try
        {
            Rename(PathOf(folder, number), spare);
            _spares.Add((spare, length));
        }
        catch (IOException)
        {
            Discard(PathOf(folder, number));
        }
    }

    /// <summary>What read has been written elsewhere: the rest is kept aside for a person.</summary>
    public void Quarantine(ulong number)
    {
        Close(number);
        Rename(PathOf(folder, number), Path.Combine(folder, $"{number:x16}{QuarantineSuffix}"));
        foreach (var old in Directory.EnumerateFiles(folder, "*" + QuarantineSuffix).OrderDescending(StringComparer.Ordinal).Skip(QuarantinedMax)) Discard(old);
    }

    public void DropSpares()
    {
        foreach (var (path, _) in _spares) Discard(path);
        _spares.Clear();
    }

    long Close(ulong number)
    {
        _segments.Remove(number, out var segment);
        segment.Handle.Dispose();
        return segment.Length;
    }

    protected virtual void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long at) => RandomAccess.Write(file, bytes, at);

    protected virtual void Sync(SafeFileHandle file, bool whole)
    {
        // Written in place and without growing, only the data need reach the disk; fsync would journal the inode's time as well.
        if (whole || !OperatingSystem.IsLinux()) RandomAccess.FlushToDisk(file);
        else if (Native.DataSync((int)file.DangerousGetHandle()) != 0) throw new IOException($"fdatasync: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    protected virtual void Rename(string from, string to) => File.Move(from, to, overwrite: true);

    protected virtual void Discard(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (IOException)
        {
            // Left behind it costs space, never correctness: the next start lists it again.
        }
    }

    protected virtual void SyncFolder()
    {
        if (!OperatingSystem.IsLinux()) return;
        var directory = Native.Open(folder, 0);
        if (directory < 0) throw new IOException($"open {folder}: {Marshal.GetLastPInvokeErrorMessage()}");
        var failed = Native.FullSync(directory) != 0;
        var why = Marshal.GetLastPInvokeErrorMessage();
        _ = Native.Close(directory);
        if (failed) throw new IOException($"fsync {folder}: {why}");
    }

    public void Dispose()
    {
        foreach (var (handle, _) in _segments.Values) handle.Dispose();
        _segments.Clear();
        _lock?.Dispose();
    }

    // .NET has no fdatasync and opens no directories.
    static class Native
    {
        [DllImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int DataSync(int file);

        [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int FullSync(int file);

        [DllImport("libc", EntryPoint = "close", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Close(int file);

        [DllImport("libc", EntryPoint = "open", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        static extern int OpenBytes(byte[] path, int flags);

        public static int Open(string path, int flags) => OpenBytes(System.Text.Encoding.UTF8.GetBytes(path + "\0"), flags);
    }
}
