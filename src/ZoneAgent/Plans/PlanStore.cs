using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PrivateLinkCloud.Contracts;

namespace PrivateLinkCloud.ZoneAgent.Plans;

/// <summary>
/// The plan on disk: an append log of the updates the agent has taken, one line each, flushed to the medium before they are reported.
/// A line is <c>checksum space JSON</c>. A tail torn by a crash is cut off; what lies before it stands.
/// Not for several threads at a time.
/// </summary>
public sealed class PlanStore : IDisposable
{
    private const int ChecksumChars = 16; // 64 bits of SHA-256: against torn writes and bad media, not against an attacker
    private readonly string _path;
    private readonly string _zoneId;
    private readonly int _compactAtMultiple;
    private readonly long _compactAtLeastBytes;
    private FileStream? _log;
    private long _wholeBytes;

    /// <param name="directory">Made when absent. One agent's own.</param>
    /// <param name="zoneId">The zone whose plan is kept; a log of another zone is not taken.</param>
    /// <param name="compactAtMultiple">The log is rewritten once it is this many times as large as the whole plan was.</param>
    /// <param name="compactAtLeastBytes">… but not while it is smaller than this.</param>
    public PlanStore(string directory, string zoneId, int compactAtMultiple = 4, long compactAtLeastBytes = 1 << 20)
    {
        Directory.CreateDirectory(directory);
        (_path, _zoneId, _compactAtMultiple, _compactAtLeastBytes) = (Path.Combine(directory, "plan.log"), zoneId, compactAtMultiple, compactAtLeastBytes);
    }

    /// <summary>Bytes in the log now.</summary>
    public long Length => _log?.Length ?? 0;

    /// <summary>True when the log has grown enough to be worth rewriting.</summary>
    public bool NeedsCompaction => Length > _compactAtLeastBytes && Length > _compactAtMultiple * _wholeBytes;

    /// <summary>Reads the log back and opens it for appending. Call once, first.</summary>
    /// <returns>The plan, and what was wrong with the log, or null when nothing was.</returns>
    public (HeldPlan Plan, string? Damage) Load()
    {
        var held = HeldPlan.None(_zoneId);
        string? damage = null;
        _log = Open(_path, FileMode.OpenOrCreate);
        var good = 0L;
        foreach (var (line, end) in Lines(_log))
        {
            damage = Replay(line, ref held);
            if (damage is not null) break;
            if (_wholeBytes == 0) _wholeBytes = end;
            good = end;
        }
        if (good < _log.Length)
        {
            damage = $"{damage ?? "the last line was not finished"}; {_log.Length - good} bytes cut off after revision {held.Revision}";
            _log.SetLength(good);
            _log.Flush(flushToDisk: true);
        }
        _log.Position = good;
        return (held, damage);
    }

    /// <summary>
    /// Appends one taken update and returns when the medium has it. A whole plan starts the log anew. Throws <see cref="IOException"/> or
    /// <see cref="UnauthorizedAccessException"/>; the log may have a hole then, and <see cref="Compact"/> must come before the next update.
    /// </summary>
    public void Append(ZonePlan update)
    {
        if (update.Whole)
        {
            Rewrite(update);
            return;
        }
        _log!.Write(ToLine(update));
        _log.Flush(flushToDisk: true);
    }

    /// <summary>Rewrites the log as one whole plan. Costs the size of the zone: call it when nobody waits. Throws as <see cref="Append"/> does.</summary>
    public void Compact(HeldPlan plan) => Rewrite(plan.ToWhole());

    public void Dispose() => _log?.Dispose();

    private void Rewrite(ZonePlan whole)
    {
        var line = ToLine(whole);
        var fresh = Open(_path + ".new", FileMode.Create);
        try
        {
            fresh.Write(line);
            fresh.Flush(flushToDisk: true);
            File.Move(fresh.Name, _path, overwrite: true); // atomic: a crash leaves the old log or the new one, never half of either
        }
        catch
        {
            fresh.Dispose(); // the old log goes on
            throw;
        }
        _log?.Dispose();
        (_log, _wholeBytes) = (fresh, line.Length);
        Fabric.Native.SyncDirectory(Path.GetDirectoryName(_path)!); // the rename too, or a power cut may bring the old log back
    }

    /// <summary>Without a buffer: lines are written whole, and what could not be written must not be tried again at the closing.</summary>
    private static FileStream Open(string path, FileMode mode) => new(path, mode, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);

    private static string? Replay(byte[] line, ref HeldPlan held)
    {
        if (line.Length <= ChecksumChars + 1) return "a line is too short";
        var json = line.AsSpan(ChecksumChars + 1);
        if (Encoding.ASCII.GetString(line, 0, ChecksumChars) != Checksum(json)) return "a line does not match its checksum";
        try
        {
            var update = JsonSerializer.Deserialize<ZonePlan>(json, WireJson.Tolerant) ?? throw new JsonException("it is 'null'");
            var result = PlanMerge.Take(held, update);
            if (result is MergeResult.Taken taken) held = taken.Plan;
            return (result as MergeResult.Refused)?.Reason;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            return $"a line is no plan that this version can read: {e.Message}"; // a newer agent wrote it
        }
    }

    private static byte[] ToLine(ZonePlan update)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(update, WireJson.Tolerant);
        return [.. Encoding.ASCII.GetBytes(Checksum(json) + " "), .. json, (byte)'\n'];
    }

    private static string Checksum(ReadOnlySpan<byte> json) => Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, ChecksumChars / 2));

    /// <summary>The finished lines, each with the offset just after its newline. JSON as we write it has no raw newline inside.</summary>
    private static IEnumerable<(byte[] Line, long End)> Lines(FileStream log)
    {
        var line = new MemoryStream();
        var block = new byte[64 << 10];
        var end = 0L;
        for (int read; (read = log.Read(block)) > 0;)
            for (var from = 0; from < read;)
            {
                var newline = Array.IndexOf(block, (byte)'\n', from, read - from);
                var until = newline < 0 ? read : newline;
                line.Write(block, from, until - from);
                end += until - from;
                from = until;
                if (newline < 0) continue;
                from++;
                yield return (line.ToArray(), ++end);
                line.SetLength(0);
            }
    }
}
